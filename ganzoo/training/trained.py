"""The generator of a run, ready to make images."""

import keras

from ganzoo import architectures
from ganzoo.errors import InputError
from ganzoo.growth import Schedule
from ganzoo.model import averaged_variables
from ganzoo.spec import parse
from ganzoo.training import checkpoint
from ganzoo.training.run import Run


def load_generator(run: Run, name: str | None = None) -> keras.Model:
    """The averaged generator of a run's checkpoint, on any backend.

    Args:
        run: The run.
        name: Name of the checkpoint, such as `"000040"`; `None` for the newest.

    Returns:
        A Keras model from latents float32 [N, L] to images [N, H, W, C] in [-1, 1].

    Raises:
        InputError: If there is no such checkpoint or it does not fit.
    """
    arrays, manifest = checkpoint.load(_folder(run, name))
    schedule = Schedule.parse(run.config["schedule"])
    if not run.config["grow"]:
        schedule = schedule.without_growth()
    if not 0 <= manifest["stage"] < len(schedule):
        raise InputError(
            f"{run.path}: its checkpoint and its config.json do not belong together."
        )
    stage = schedule[manifest["stage"]]
    if "fade" not in arrays:  # Made after the old paths were left out.
        stage = stage.without_fade
    generator, _, fade = architectures.get(run.config["architecture"])(stage)
    kept = {
        key: value for key, value in arrays.items() if key.startswith("ema/") or key == "fade"
    }
    checkpoint.restore(averaged_variables(generator, fade), kept)
    return generator


def class_count(run: Run) -> int:
    """Classes of the images that a run was trained on; 0 for none, or if it does not say."""
    classes = parse(run.config["architecture"])[1].get("classes", 0)
    return classes if isinstance(classes, int) else 0


def about(run: Run, checkpoint: str | None, *phrases: str) -> list[str]:
    """Phrases for a caption: the run, its checkpoint, and what else there is to say."""
    return [run.path.resolve().name, f"checkpoint {_folder(run, checkpoint).name}", *phrases]


def _folder(run: Run, name: str | None):
    if not run.checkpoints:
        raise InputError(
            f"{run.path} has no checkpoint yet. Wait for its first one, or go on with it: "
            f"ganzoo train --resume {run.path}"
        )
    if name is None:
        return run.checkpoints[-1]
    known = {path.name: path for path in run.checkpoints}
    if name not in known:
        raise InputError(f"{run.path} has no checkpoint {name!r}. It has: {', '.join(known)}.")
    return known[name]

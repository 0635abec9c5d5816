"""Which checkpoint of a run is used, and whether it fits the run's config."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.errors import InputError
from ganzoo.schedule import Schedule, Stage
from ganzoo.training import checkpoint
from ganzoo.training import config as run_config
from ganzoo.training.run import CONFIG, Run


def check_config(run: Run) -> None:
    """Raises `InputError` if the run's config has changed since its newest whole checkpoint.

    Only manifests are read, so that a command can say so before it loads Keras.
    """
    config = run.config
    for folder in reversed(run.checkpoints):
        try:
            settings = checkpoint.read_manifest(folder)[checkpoint.SETTINGS]
        except (OSError, ValueError):
            continue  # Damaged, which is said when it is loaded.
        run_config.check_unchanged(settings, config, run.path / CONFIG)
        return


def checked(
    run: Run, name: str | None = None
) -> tuple[dict[str, np.ndarray], dict[str, Any], dict[str, Any]]:
    """Arrays and manifest of a run's checkpoint, and the run's config, which fits it.

    Raises:
        InputError: If there is no such checkpoint, it is damaged, or the config has changed
            since it was made.
    """
    config = run.config
    arrays, manifest = _load(run, name)
    run_config.check_unchanged(manifest[checkpoint.SETTINGS], config, run.path / CONFIG)
    return arrays, manifest, config


def _load(run: Run, name: str | None) -> checkpoint.Saved:
    """The checkpoint; where it is damaged, `Damaged` names the newest whole one before it."""
    folder = folder_of(run, name)
    try:
        return checkpoint.load(folder)
    except checkpoint.Damaged as error:
        earlier = [each for each in run.checkpoints if each.name < folder.name]
        whole = next(
            (each.name for each in reversed(earlier) if checkpoint.is_good(each)), None
        )
        advice = f"The newest whole one before it is {whole}." if whole else checkpoint.REMEDY
        raise checkpoint.Damaged(f"{error} {advice}", whole) from error


def folder_of(run: Run, name: str | None) -> Path:
    """The folder of a checkpoint; `None` for the newest.

    Raises:
        InputError: If the run has no such checkpoint, or none at all.
    """
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


def stage_of(run: Run, manifest: Mapping[str, Any], config: Mapping[str, Any]) -> Stage:
    """The stage, with its fade, in which a run's checkpoint was made.

    Raises:
        InputError: If the config's schedule has no such stage.
    """
    schedule = Schedule.parse(config["schedule"])
    stages = schedule if config["grow"] else schedule.without_growth()
    if manifest["stage"] >= len(stages):
        raise InputError(
            f"{run.path}: its checkpoint and its config.json do not belong together."
        )
    return stages[manifest["stage"]]

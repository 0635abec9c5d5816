"""`ganzoo train --resume`: which settings of a run may change, and how they do."""

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ganzoo.errors import InputError
from ganzoo.training.run import RESULT, Run
from ganzoo.training.settings import SETTINGS


def refuse_settings(given: dict[str, Any]) -> None:
    """Raises `InputError` where settings were given that a run keeps."""
    if given:
        if "reading" in given:
            given = given | dict.fromkeys(given["reading"].choices)
            del given["reading"]
        names = ", ".join(key if key.isupper() else f"--{_option(key)}" for key in given)
        raise InputError(
            f"--resume goes on with the settings in the run's config.json; leave out {names}, "
            "or start a new run without --resume."
        )


def _option(key: str) -> str:
    """The option, without dashes, of a keyword of the command."""
    return SETTINGS[key].option if key in SETTINGS else key.replace("_", "-")


def changed_settings(
    run: Run, config: dict[str, Any], given: dict[str, Any], kimg: float | None
) -> dict[str, Any]:
    """Settings of the run that differ from now on.

    Args:
        run: The run.
        config: Its config.
        given: What was given of `data` and `keep`.
        kimg: The run's new length, if it was given.

    Raises:
        InputError: If the run cannot have that length, or its data are gone.
    """
    from ganzoo.data.load import is_gone, is_name
    from ganzoo.training.lengthen import lengthen

    changes = dict(given)
    data = config["data"]
    if "data" in changes:
        if not is_name(changes["data"]):
            changes["data"] = str(Path(changes["data"]).expanduser().absolute())
    elif is_gone(data):
        raise InputError(
            f"The images of {run.path} were at {data!r}, and are not there any more. Say where "
            f"they are now: ganzoo train --resume {shlex.quote(str(run.path))} --data PATH"
        )
    if kimg is not None:
        changes |= lengthen(config, _steps(run), kimg)
    return {key: value for key, value in changes.items() if config.get(key) != value}


def _steps(run: Run) -> int:
    """Steps of the checkpoint that the run goes on from."""
    from ganzoo.training import checkpoint

    found = checkpoint.last_good(run.checkpoints, lambda line: None)
    return found[1]["step"] if found else 0


def make_trainer(run: Run, config: dict[str, Any], stream: bool | None) -> Any:
    """The trainer of a run with this config."""
    from ganzoo.training.progress import progress
    from ganzoo.training.trainer import Trainer

    shown = progress()
    with shown.waiting("Reading images and building networks"):
        return Trainer(**config, stream=stream, progress=shown).prepare()


def change(
    run: Run, before: dict[str, Any], changes: dict[str, Any], report: Callable[[str], None]
) -> None:
    """Write changed settings into the run, which this process has locked.

    A result goes first: a run that is killed between the two goes on to its old end.

    Raises:
        InputError: If the run has gone on since `before` was read.
    """
    from ganzoo.schedule import Schedule

    steps = [entry["step"] for entry in changes.get("lengthened", [])[-1:]]
    if run.config != before or steps not in ([], [_steps(run)]):
        raise InputError(f"Another process went on with {run.path}. Try once more.")
    if "schedule" in changes:
        (run.path / RESULT).unlink(missing_ok=True)
    run.change(**changes, command=shlex.join(["ganzoo", *sys.argv[1:]]))
    lines = []
    if "data" in changes:
        lines.append(f"the images are at {changes['data']} now: the same, by their checksum")
    if "keep" in changes:
        lines.append(f"the newest {changes['keep']} checkpoints stay from here on")
    if "schedule" in changes:
        old, new = (Schedule.parse(each["schedule"]).kimg for each in (before, changes))
        lines.append(
            f"lengthened at step {steps[0]}: the run goes to {new:g} kimg, not to {old:g}, at "
            "the learning rates of a run of that length"
        )
    for line in lines:
        report(line)
        run.log(line)

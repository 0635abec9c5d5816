"""What a comparison reads of a run's folder: a damaged file counts as one that is missing."""

import os
from pathlib import Path
from typing import Any

from ganzoo.comparison.runs.columns import LARGEST
from ganzoo.comparison.runs.worker import FAILURE, LOG, MACHINE
from ganzoo.errors import InputError
from ganzoo.files.names import brief, clean
from ganzoo.files.read import CAREFULLY, NO_LINK, check_inside
from ganzoo.metrics.measures import FIGURES, MEASURES
from ganzoo.training.clock import PROCESSOR_SECONDS, SECONDS_A_SAMPLE
from ganzoo.training.run import CONFIG, METRICS, Run

TAIL = 4096  # bytes at the end of a log, in which its last line is looked for
LONGEST_REASON = 300  # characters


def result(run: Run) -> dict[str, Any] | None:
    """What the run ended with, by column of `results.csv` but for `step`; `None` while it has
    not, or if the file is damaged.
    """
    found = run.result
    if found is None:
        return None
    status, scored = found["status"], found.get("measures", {})
    diverged = status == "diverged"
    counts = scored.get("histogram")
    counts = [_whole(each) for each in counts] if isinstance(counts, list) else []
    return {
        "status": status,
        "step": found["step"],
        **_at(found, scored),
        "seconds_a_sample": _number(scored.get(SECONDS_A_SAMPLE), least=0),
        "histogram": () if None in counts else tuple(counts),
        "count": _whole(scored.get("count")),
        "verdict": status if diverged else _text(scored.get("verdict")),
        "reason": _text((found if diverged else scored).get("reason")),
    }


def snapshots(run: Run) -> list[dict[str, Any]]:
    """What was scored during the run, a dict a snapshot, by rising kimg.

    Beside what `curves.csv` has of it stands what scored it: `count` of images, `features`,
    `feature_kind`, and `floor`, what real images score.
    """
    by_kimg = {float(line["kimg"]): line for line in run.lines(METRICS)}
    return [
        {
            **_at(line, line),
            "count": _whole(line.get("count")),
            "features": _text(line.get("features")),
            "feature_kind": _text(line.get("feature_kind")),
            "floor": _floor(line.get("floor")),
        }
        for _, line in sorted(by_kimg.items())
    ]


def _at(moment: dict[str, Any], scored: dict[str, Any]) -> dict[str, Any]:
    """When something was scored, and its figures; earlier versions lack some of either."""
    return {
        "kimg": float(moment["kimg"]),
        "seconds": float(moment["seconds"]),
        "processor_seconds": _number(moment.get(PROCESSOR_SECONDS), least=0),
        "measures": {name: _number(scored.get(name)) for name in FIGURES},
    }


def machine(run: Run) -> dict[str, str] | None:
    """The device and the hardware that trained the run; `None` where it has not begun."""
    found = _object(run, MACHINE)
    known = {key: _text(found.get(key)) for key in ("device", "hardware")}
    return known if all(known.values()) else None


def failure(run: Run) -> str:
    """Why the run's process broke off; empty if it did not."""
    if not (run.path / FAILURE).exists():
        return ""
    return _text(_object(run, FAILURE).get("reason")) or "its process broke off"


def last_words(path: Path, code: int) -> str:
    """Why the process of the run at `path` ended with `code`, with the last line of its log."""
    why = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
    try:
        descriptor = os.open(path / LOG, os.O_RDONLY | CAREFULLY | NO_LINK)
        with os.fdopen(descriptor, "rb") as log:
            log.seek(max(0, os.fstat(descriptor).st_size - TAIL))
            lines = log.read(TAIL).decode(errors="replace").strip().splitlines()
    except OSError:  # A Ray task may die before it begins one.
        lines = []
    last = _text(lines[-1]) if lines else ""
    return f"{why}: {last}" if last else why


def check_links(out: Path, path: Path) -> None:
    """Raises `InputError` if `path`, in `out`, or something in it is a link that leads out."""
    check_inside(out, path)
    for inner in path.iterdir() if path.is_dir() else []:
        if inner.is_symlink():
            check_inside(out, inner)


def check_config(run: Run, planned: dict[str, Any]) -> None:
    """Raises `InputError` if the run's config.json is not what was `planned`."""
    recorded = run.config
    changed = [key for key, value in planned.items() if recorded.get(key) != value]
    if changed:
        was, now = brief(planned[changed[0]]), brief(recorded.get(changed[0]))
        raise InputError(
            f"{run.path / CONFIG} has changed since the run began: {', '.join(changed)} "
            f"({changed[0]} was {was}, is {now}). Write back what was there, or remove the "
            "run's folder, and the run is made anew."
        )


def _object(run: Run, name: str) -> dict[str, Any]:
    """A file's content; empty where there is none that can be read."""
    try:
        return run.read_json(name) if (run.path / name).is_file() else {}
    except InputError:
        return {}


def _number(value: Any, least: float = -LARGEST) -> float | None:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if plain and least <= value <= LARGEST else None


def _whole(value: Any) -> int | None:
    number = _number(value, least=0)
    return None if number is None else int(number)


def _floor(given: Any) -> dict[str, float | None]:
    known = given if isinstance(given, dict) else {}
    return {name: _number(value) for name, value in known.items() if name in MEASURES}


def _text(value: Any) -> str:
    text = clean(value) if isinstance(value, str) else ""
    return text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 3]}..."

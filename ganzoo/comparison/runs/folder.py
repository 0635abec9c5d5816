"""The folder of a comparison: it is none of something else, and its tables are of its runs."""

import itertools
import re
from pathlib import Path

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.settings import NAME
from ganzoo.errors import InputError
from ganzoo.files.atomic import sweep
from ganzoo.files.names import brief
from ganzoo.files.read import check_inside
from ganzoo.training.progress import PlainProgress

# What `collect` and `ganzoo report` write.
TABLES = (NAME, "results.csv", "curves.csv", "samples", "report.md", "report.html", "table.tex")


def check_folder(out: Path) -> None:
    """Raises `InputError` if `out` is a folder of something else."""
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {str(out)!r} is a file. Give a folder.")
    own = re.compile("|".join(["runs", r"earlier-\d+", r"\..*", *map(re.escape, TABLES)]))
    paths = list(out.iterdir()) if out.is_dir() else []
    if other := [path.name for path in paths if not own.fullmatch(path.name)]:
        raise InputError(
            f"The folder {str(out)!r} holds other things, such as {brief(other[0])}. "
            "Give a new one with --out."
        )
    for path in paths:
        check_inside(out, path)


def put_in_order(out: Path, planned: set[str]) -> None:
    """Remove what a killed process left half-written, and move tables of other runs than the
    `planned` fingerprints into `earlier-1`, ...; cells and seeds may join the tables. Whoever
    calls this holds the lock of the tables.
    """
    for folder in (out, out / "samples"):
        sweep(folder)
    if not (out / NAME).exists() or _fits(out, planned):
        return
    numbered = (out / f"earlier-{n}" for n in itertools.count(1))
    aside = next(path for path in numbered if not path.exists())
    aside.mkdir()
    for name in TABLES:
        if (out / name).exists():
            (out / name).rename(aside / name)
    PlainProgress().message(
        f"the tables that were in {out} have runs that this command does not make (other "
        "cells, seeds, settings, versions or device), or cannot be read: they are in "
        f"{aside} now"
    )


def _fits(out: Path, planned: set[str]) -> bool:
    """Whether the tables in `out` can be read, and all runs that they have are planned."""
    try:
        runs = Results.read(out).runs
    except InputError:
        return False
    return all(run.status == "missing" or run.fingerprint in planned for run in runs)

"""A comparison: plan the runs, make what is missing, write what there is."""

import itertools
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ganzoo import data
from ganzoo.comparison.runs import run_files
from ganzoo.comparison.runs.collect import collect
from ganzoo.comparison.runs.grid import Cell
from ganzoo.comparison.runs.plan import Plan, make_plans
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.run_files import check_config, check_links, last_words
from ganzoo.comparison.runs.run_status import RunStatus
from ganzoo.comparison.runs.settings import NAME
from ganzoo.comparison.runs.worker import FAILURE
from ganzoo.data.image_set import ImageSet
from ganzoo.data.reading import Reading
from ganzoo.errors import InputError
from ganzoo.files.atomic import sweep
from ganzoo.files.lock import locked
from ganzoo.files.names import brief
from ganzoo.files.read import check_inside
from ganzoo.metrics.fit_features import features_for
from ganzoo.schedule import Schedule
from ganzoo.training.interrupt import EXIT_CODES
from ganzoo.training.progress import PlainProgress
from ganzoo.training.run import Run

# What `collect` and `ganzoo report` write.
TABLES = (NAME, "results.csv", "curves.csv", "samples", "report.md", "report.html", "table.tex")
# Held by who trains a shard, so that two of the same command do not, and by who writes tables.
LOCK, TABLES_LOCK = ".lock-{}-of-{}", ".lock"


def compare(
    cells: Sequence[Cell],
    seeds: Sequence[int],
    common: dict[str, Any],
    out: Path,
    make_pool: Callable[..., Any],
    shard: tuple[int, int] = (0, 1),
    about: dict[str, Any] | None = None,
) -> Results:
    """Make the runs of a comparison that are not done yet, and write its folder.

    Args:
        cells: The variants.
        seeds: Each cell is trained with each of them.
        common: Keywords of `Trainer` that all cells share.
        out: The comparison's folder. Started again with the same arguments it goes on.
        make_pool: From two functions, called as `started(path)` and
            `ended(path, exit_code)`, something with a method `train(paths)`.
        shard: (i, n) makes only the runs i, i + n, i + 2 n, ... of all, done or not, so
            that shards that start at different times have different runs.
        about: Further settings for the report: `title`, `preset`, `command`.

    Raises:
        InputError: If a setting cannot be used, or a cell has images of its own; if a file of
            the folder leads out of it, or a run there has other settings.
        Interrupted: On SIGTERM or Ctrl-C, after the runs under way were saved.
    """
    _check_images(cells, common)
    check_folder(out)
    say = PlainProgress().message
    source, resolution, per_class = _images(common).values()
    images = data.load(source, resolution, per_class, say, reading=common.get("reading"))
    plans = make_plans(cells, seeds, common, out, images, say)
    out.mkdir(parents=True, exist_ok=True)
    with locked(out / LOCK.format(*shard), partial(say, f"another process compares in {out}")):
        _check_runs(out, plans)
        _train(missing(plans, shard), plans, images, make_pool)
        with locked(out / TABLES_LOCK):
            _sweep(out)
            _set_aside(out, plans)
            classes = list(images.classes) if images.labelled else []
            return collect(plans, out, _describe(plans, {"classes": classes} | (about or {})))


def unfinished(results: Results, shard: tuple[int, int] = (0, 1)) -> str:
    """Which of the shard's runs failed or wait still, in a line; empty if none does."""
    by_folder = {run.run: run for run in results.runs}
    mine = list(by_folder.values())[shard[0] :: shard[1]]
    failed = [run for run in mine if run.status == "failed"]
    waiting = sum(run.status == "missing" for run in mine)
    if not failed and not waiting:
        return ""
    parts = [f"{len(failed)} of {len(mine)} runs failed"] * bool(failed)
    parts += [f"{waiting} of {len(mine)} runs wait{'s' * (waiting == 1)} still"] * bool(waiting)
    why = f" ({failed[0].cell}, seed {failed[0].seed}: {failed[0].reason})" if failed else ""
    return f"{' and '.join(parts)}{why}. Start the same command again to go on."


def _check_runs(out: Path, plans: Sequence[Plan]) -> None:
    """Refuse runs that lead out of `out`, or whose config is not the planned one."""
    check_inside(out, out / "runs")
    for plan in plans:
        check_links(out, plan.path)
        if (plan.path / "config.json").exists():
            check_config(plan.run, plan.config)


def _train(
    mine: Sequence[Plan], plans: Sequence[Plan], images: ImageSet, make_pool: Callable[..., Any]
) -> None:
    """Make the runs `mine` of all `plans`."""
    if any(plan.config["score"] for plan in mine):
        features_for(images, PlainProgress().message)  # Once: every run finds it in the cache.
    with RunStatus(plans) as status:

        def ended(path: Path, code: int) -> None:
            state = _outcome(path, code)
            if state == "failed":
                Run(path).write_json(FAILURE, {"reason": last_words(path, code)})
            status.ended(path, state)

        for plan in mine:
            plan.prepare()
            # What is there is damaged, else the run would be over.
            (plan.path / "result.json").unlink(missing_ok=True)
        make_pool(status.started, ended).train([plan.path for plan in mine])


def _images(settings: dict[str, Any]) -> dict[str, Any]:
    """What decides the images: arguments of `ganzoo.data.load`, in its order."""
    return {
        "data": settings["data"],
        "the schedule's last resolution": Schedule.parse(settings["schedule"])[-1].resolution,
        "per_class": settings.get("per_class"),
    }


def _scored(settings: dict[str, Any]) -> dict[str, Any]:
    """What decides the scale of the measures: the images, and how many are scored."""
    return _images(settings) | {
        "score": settings.get("score", 0),
        "reading": Reading.of(settings.get("reading")),
    }


def _check_images(cells: Sequence[Cell], common: dict[str, Any]) -> None:
    """Refuse cells with images of their own: their measures would be of another scale."""
    for cell in cells:
        own = _scored(cell.keywords(common, seed=0))
        if changed := [name for name, value in _scored(common).items() if own[name] != value]:
            raise InputError(
                f"The cell {cell.name!r} changes {' and '.join(changed)}, but all cells are "
                "scored alike, against the same images. Set that for all of them, above "
                "[[cells]], and compare on other images in a comparison of their own."
            )


def check_folder(out: Path) -> None:
    """Raises `InputError` if `out` is a folder of something else."""
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {str(out)!r} is a file. Give a folder.")
    names = [path.name for path in out.iterdir()] if out.is_dir() else []
    own = re.compile("|".join(["runs", r"earlier-\d+", r"\..*", *map(re.escape, TABLES)]))
    if other := [name for name in names if not own.fullmatch(name)]:
        raise InputError(
            f"The folder {str(out)!r} holds other things, such as {brief(other[0])}. "
            "Give a new one with --out."
        )
    for name in names:
        check_inside(out, out / name)


def _sweep(out: Path) -> None:
    """Remove what a killed process left half-written; whoever writes here holds the lock."""
    for folder in (out, out / "samples"):
        sweep(folder)


def _set_aside(out: Path, plans: Sequence[Plan]) -> None:
    """Move tables of other settings into `earlier-1`, ...; cells and seeds may join them."""
    if not (out / NAME).exists() or _fits(out, {plan.fingerprint for plan in plans}):
        return
    aside = next(
        path for n in itertools.count(1) if not (path := out / f"earlier-{n}").exists()
    )
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


def missing(plans: Sequence[Plan], shard: tuple[int, int]) -> list[Plan]:
    """The shard's plans that are not done, each folder once."""
    by_path = {plan.path: plan for plan in plans}
    mine = list(by_path.values())[shard[0] :: shard[1]]
    return [plan for plan in mine if run_files.result(plan.run) is None]


def _outcome(path: Path, code: int) -> str:
    if result := run_files.result(Run(path)):
        return str(result["status"])
    stopped = code in EXIT_CODES.values()
    return "waiting" if stopped else "failed"


def _describe(plans: Sequence[Plan], about: dict[str, Any]) -> dict[str, Any]:
    """What the report says of data and measures; the measures say it themselves."""
    measured = [found for plan in plans for found in run_files.snapshots(plan.run)]
    first = measured[0] if measured else {"count": None, "feature_kind": "", "floor": {}}
    networks = dict.fromkeys(found["features"] for found in measured if found["features"])
    return {
        "data": plans[0].config["data"],
        "images": first["count"],
        "feature_kind": first["feature_kind"] or None,
        "features": ", ".join(networks) or None,  # One, if all is well.
        "floor": first["floor"],
    } | about

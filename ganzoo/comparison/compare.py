"""A comparison: plan the runs, make what is missing, write what there is."""

import itertools
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ganzoo import data
from ganzoo.comparison.collect import collect
from ganzoo.comparison.grid import Cell
from ganzoo.comparison.plan import Plan, make_plans
from ganzoo.comparison.results import Results
from ganzoo.comparison.run_status import RunStatus
from ganzoo.comparison.settings import NAME
from ganzoo.comparison.worker import FAILURE
from ganzoo.errors import InputError
from ganzoo.growth import Schedule
from ganzoo.metrics.fit_features import features_for
from ganzoo.metrics.measures import MEASURES
from ganzoo.training.interrupt import EXIT_CODES
from ganzoo.training.progress import PlainProgress
from ganzoo.training.run import Run

# What `collect` and `ganzoo report` write.
TABLES = (NAME, "results.csv", "curves.csv", "samples", "report.md", "report.html", "table.tex")


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
        InputError: If a setting cannot be used, or a cell has images of its own.
        Interrupted: On SIGTERM or Ctrl-C, after the runs under way were saved.
    """
    _check_images(cells, common)
    check_folder(out)
    images = data.load(*_images(common).values())
    plans = make_plans(cells, seeds, common, out, images)
    out.mkdir(parents=True, exist_ok=True)
    mine = missing(plans, shard)
    if any(plan.config["metrics"] for plan in mine):
        features_for(images, PlainProgress().message)  # Once: every run finds it in the cache.
    with RunStatus(plans) as status:

        def ended(path: Path, code: int) -> None:
            state = _outcome(path, code)
            if state == "failed":
                Run(path).write_json(FAILURE, {"reason": _last_words(path, code)})
            status.ended(path, state)

        for plan in mine:
            plan.prepare()
        make_pool(status.started, ended).train([plan.path for plan in mine])
    _set_aside(out, plans)
    classes = list(images.classes) if images.labelled else []
    return collect(plans, out, _describe(plans, {"classes": classes} | (about or {})))


def _images(settings: dict[str, Any]) -> dict[str, Any]:
    """What decides the images: arguments of `ganzoo.data.load`, in its order."""
    return {
        "data": settings["data"],
        "the schedule's last resolution": Schedule.parse(settings["schedule"])[-1].resolution,
        "per_class": settings.get("per_class"),
    }


def _scored(settings: dict[str, Any]) -> dict[str, Any]:
    """What decides the scale of the measures: the images, and how many are scored."""
    return _images(settings) | {"metrics": settings.get("metrics", 0)}


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
            f"The folder {str(out)!r} holds other things, such as {other[0]!r}. "
            "Give a new one with --out."
        )


def _set_aside(out: Path, plans: Sequence[Plan]) -> None:
    """Move tables of other terms into `earlier-1`, ...; more cells and seeds may join them."""
    if not (out / NAME).exists() or _fits(out, {plan.address for plan in plans}):
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
        f"cells, seeds, terms, versions or device), or cannot be read: they are in {aside} now"
    )


def _fits(out: Path, addresses: set[str]) -> bool:
    """Whether the tables in `out` can be read, and all runs that they have are planned."""
    try:
        runs = Results.read(out).runs
    except InputError:
        return False
    return all(run.status == "missing" or run.digest in addresses for run in runs)


def missing(plans: Sequence[Plan], shard: tuple[int, int]) -> list[Plan]:
    """The shard's plans that are not done, each folder once."""
    by_path = {plan.path: plan for plan in plans}
    mine = list(by_path.values())[shard[0] :: shard[1]]
    return [plan for plan in mine if not (plan.path.is_dir() and plan.run.is_over)]


def _outcome(path: Path, code: int) -> str:
    result = Run(path).result
    if result is not None:
        return str(result["status"])
    return "waiting" if code in EXIT_CODES.values() else "failed"


def _last_words(path: Path, code: int) -> str:
    log = path / "worker.log"  # A Ray task may die before it begins one.
    lines = log.read_text(errors="replace").strip().splitlines() if log.is_file() else []
    why = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
    return f"{why}: {lines[-1]}" if lines else why


def _describe(plans: Sequence[Plan], about: dict[str, Any]) -> dict[str, Any]:
    """What the report says of data and measures; the measures say it themselves."""
    measured = [line for plan in plans for line in plan.run.lines("measures.jsonl")]
    first = measured[0] if measured else {}
    networks = dict.fromkeys(line["features"] for line in measured)  # One, if all is well.
    return {
        "data": plans[0].config["data"],
        "images": first.get("count"),
        "feature_kind": first.get("feature_kind"),
        "features": ", ".join(networks) or None,
        "floor": {k: v for k, v in first.get("floor", {}).items() if k in MEASURES},
    } | about

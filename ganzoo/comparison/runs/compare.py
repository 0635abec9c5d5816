"""A comparison: plan the runs, make what is missing, write what there is."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ganzoo import data
from ganzoo.comparison.runs import run_files
from ganzoo.comparison.runs.collect import collect
from ganzoo.comparison.runs.folder import check_folder, put_in_order
from ganzoo.comparison.runs.grid import Cell
from ganzoo.comparison.runs.plan import Plan, make_plans
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.run_status import RunStatus
from ganzoo.comparison.runs.worker import FAILURE
from ganzoo.data.image_set import ImageSet
from ganzoo.data.reading import Reading
from ganzoo.errors import InputError
from ganzoo.files.lock import locked
from ganzoo.files.read import check_inside
from ganzoo.metrics.fit_features import features_for
from ganzoo.metrics.translation_evaluator import TranslationEvaluator
from ganzoo.models.choice import Choice
from ganzoo.schedule import Schedule
from ganzoo.training.interrupt import EXIT_CODES
from ganzoo.training.progress import PlainProgress
from ganzoo.training.run import CONFIG, RESULT, Run

# Held by who trains a shard, so that two of the same command do not, and by who writes tables.
LOCK, TABLES_LOCK = ".lock-{}-of-{}", ".lock"
RESOLUTION = "the schedule's last resolution"


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
    scored = _scored(common)
    asked = (scored["data"], scored[RESOLUTION], scored["per_class"])
    images = data.load(*asked, say, reading=common.get("reading"))
    plans = make_plans(cells, seeds, common, out, images, say)
    out.mkdir(parents=True, exist_ok=True)
    with locked(out / LOCK.format(*shard), partial(say, f"another process compares in {out}")):
        check_inside(out, out / "runs")
        for plan in plans:
            run_files.check_links(out, plan.path)
            if (plan.path / CONFIG).exists():
                run_files.check_config(plan.run, plan.config)
        _train(missing(plans, shard), plans, images, make_pool)
        with locked(out / TABLES_LOCK):
            put_in_order(out, {plan.fingerprint for plan in plans})
            classes = list(images.classes) if images.labelled else []
            return collect(plans, out, {"classes": classes} | (about or {}))


# Exit codes of a run that was stopped: in its training, or by the signal before it began.
STOPPED_CODES = {*EXIT_CODES.values(), *(-number for number in EXIT_CODES)}


def unfinished(results: Results, shard: tuple[int, int] = (0, 1)) -> str:
    """Which of the shard's runs failed or wait still, in a line; empty if none does."""
    mine = _share({run.run: run for run in results.runs}, shard)
    failed = [run for run in mine if run.status == "failed"]
    waiting = sum(run.status == "missing" for run in mine)
    parts = [f"{len(failed)} of {len(mine)} runs failed"] * bool(failed)
    parts += [f"{waiting} of {len(mine)} runs wait{'s' * (waiting == 1)} still"] * bool(waiting)
    why = f" ({failed[0].cell}, seed {failed[0].seed}: {failed[0].reason})" if failed else ""
    again = "Start the same command again to go on."
    return f"{' and '.join(parts)}{why}. {again}" if parts else ""


def missing(plans: Sequence[Plan], shard: tuple[int, int]) -> list[Plan]:
    """The shard's plans that are not done, each folder once."""
    mine = _share({plan.path: plan for plan in plans}, shard)
    return [plan for plan in mine if run_files.result(plan.run) is None]


def _share(by_folder: dict[Any, Any], shard: tuple[int, int]) -> list[Any]:
    return list(by_folder.values())[shard[0] :: shard[1]]


def _train(
    mine: Sequence[Plan], plans: Sequence[Plan], images: ImageSet, make_pool: Callable[..., Any]
) -> None:
    """Make the runs `mine` of all `plans`."""
    for each in _judged(mine, images):
        features_for(each, PlainProgress().message)  # Once: every run finds it in the cache.
    with RunStatus(plans) as status:

        def ended(path: Path, code: int) -> None:
            if result := run_files.result(Run(path)):
                status.ended(path, result["status"])
            elif code in STOPPED_CODES:
                status.ended(path, "waiting")
            else:
                reason = {"reason": run_files.last_words(path, code)}
                Run(path).write_json(FAILURE, reason)
                status.ended(path, "failed")

        for plan in mine:
            plan.prepare()
            # What is there is damaged, else the run would be over.
            (plan.path / RESULT).unlink(missing_ok=True)
        make_pool(status.started, ended).train([plan.path for plan in mine])


def _judged(plans: Sequence[Plan], images: ImageSet) -> list[ImageSet]:
    """The sets whose feature networks score the plans: of translations those of each domain."""
    scored = [plan.config for plan in plans if plan.config["score"]]
    translate = [Choice.of(config["model"]).kind.translates for config in scored]
    found = [] if all(translate) else [images]
    if any(translate):
        asked = (scored[0]["data"], images.resolution, scored[0]["per_class"])
        found += TranslationEvaluator(*asked, report=PlainProgress().message).sets
    return found


def _scored(settings: dict[str, Any]) -> dict[str, Any]:
    """What decides the scale of the measures: the images, and how many are scored."""
    return {
        "data": settings["data"],
        RESOLUTION: Schedule.parse(settings["schedule"])[-1].resolution,
        "per_class": settings.get("per_class"),
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

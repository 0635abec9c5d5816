"""How soon each of two cells is as good as both become, on images of the last resolution.

An image of an earlier stage is enlarged to be scored, so that a snapshot before the last stage
says nothing of the images that a training is for.
"""

import math
import re
from dataclasses import dataclass, field

import numpy as np

from ganzoo.comparison.runs.results import Results, RunRow
from ganzoo.comparison.statistics.equal_seconds import points
from ganzoo.errors import InputError
from ganzoo.metrics.measures import Measure
from ganzoo.schedule import Schedule

SCHEDULE = re.compile(r"--schedule[ =](\S+)")
BATCH = re.compile(r"--batch[ =](\d{1,9})\b")
EVERY_SNAPSHOT = -1.0  # thousands of images before the first one that counts


@dataclass(frozen=True)
class Times:
    """Seconds until two cells reached a figure that both do.

    Attributes:
        cells: Of either cell log2 of the seconds by seed; infinite where a run never did.
        bounds: Seeds at which one of the two had it at its first snapshot, and so perhaps
            before: its seconds are an upper bound.
    """

    cells: tuple[dict[int, float], dict[int, float]] = field(default_factory=lambda: ({}, {}))
    bounds: int = 0


def times_to_goal(
    results: Results, cells: tuple[str, str], measure: Measure, faded: bool = False
) -> Times:
    """Seconds, by `Results.clock`, to the worse of both runs' last figures, seed by seed.

    Both times are first crossings, so that of two equally good cells neither is favoured.
    Seeds at which both runs had it at their first snapshot would compare when snapshots were
    taken, and are left out.

    Args:
        results: The runs.
        cells: The two.
        measure: One with a direction.
        faded: Whether snapshots count from the end of the last fade only.
    """
    begins = [last_stage(results, cell, faded) for cell in cells]
    runs = [{run.seed: run for run in results.of(cell)} for cell in cells]
    found, bounds = Times(), 0
    for seed in runs[0].keys() & runs[1].keys():
        both = [made[seed] for made in runs]
        goal = _worse([run.measure(measure.name) for run in both], measure)
        reached = [
            _reached(results, run, measure, goal, begin)
            for run, begin in zip(both, begins, strict=True)
        ]
        at_first = sum(first for _, first in reached)
        if at_first == 2 or any(math.isnan(seconds) for seconds, _ in reached):
            continue
        bounds += at_first
        for cell, (seconds, _) in zip(found.cells, reached, strict=True):
            cell[seed] = math.log2(seconds) if seconds > 0 else -math.inf
    return Times(found.cells, bounds)


def last_stage(results: Results, cell: str, faded: bool = False) -> float:
    """After how many thousand images `cell` trains at its last resolution, or has faded it in.

    NaN, which no snapshot comes after, where its schedule is not known.
    """
    run = results.first(cell)
    if run.growth == "direct":
        return EVERY_SNAPSHOT
    text = results.settings["schedule"] or next(iter(SCHEDULE.findall(run.command)), "")
    try:
        *before, last = Schedule.parse(text)
    except InputError:
        return math.nan
    begin = sum(stage.kimg for stage in before) + last.fade * faded
    if not begin:
        return EVERY_SNAPSHOT
    return begin + _images_a_step(results, cell) / 1000  # A stage ends with a whole step.


def _images_a_step(results: Results, cell: str) -> float:
    """Real images that a step of `cell` shows: a batch for each of its critic's updates."""
    command = BATCH.search(results.first(cell).command)
    batch = results.settings["batch"] or (int(command[1]) if command else 0)
    updates = [(run.d_updates, run.g_updates) for run in results.of(cell)]
    return batch * max((d / g for d, g in updates if d and g), default=1)


def _worse(values: list[float], measure: Measure) -> float:
    """NaN where either is."""
    return float(np.max(values) if measure.direction < 0 else np.min(values))


def _reached(
    results: Results, run: RunRow, measure: Measure, goal: float, begin: float
) -> tuple[float, bool]:
    """Seconds until the curve of `run` was first as good as `goal`, on straight lines.

    With them whether its first snapshot after `begin` was. NaN where nothing is known.
    """
    if run.failed:
        return math.inf, False
    curve = [s for s in results.curve(run.cell, run.seed) if s.kimg > begin]
    x, y = points(curve, measure.name, results.clock)
    if not len(x) or math.isnan(goal):
        return math.nan, False
    good = np.flatnonzero(-measure.direction * (y - goal) <= 0)
    if not len(good):
        return math.inf, False
    i = int(good[0])
    if i == 0 or math.isinf(goal):
        return float(x[i]), not math.isinf(goal)
    share = (y[i - 1] - goal) / (y[i - 1] - y[i])
    return float(x[i - 1] + share * (x[i] - x[i - 1])), False

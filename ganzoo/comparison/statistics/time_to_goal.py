"""How soon each of two cells is as good as both become, on images of the last resolution.

An image of an earlier stage is enlarged to be scored, so that a snapshot before the last stage
says nothing of the images that a training is for.
"""

import math
import re
from typing import NamedTuple

import numpy as np

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.rows import RunRow
from ganzoo.comparison.statistics.cells import points
from ganzoo.errors import InputError
from ganzoo.metrics.measures import Measure
from ganzoo.schedule import Schedule

SCHEDULE = re.compile(r"--schedule[ =](\S+)")
BATCH = re.compile(r"--batch[ =](\d{1,9})\b")
EVERY_SNAPSHOT = -1.0  # thousands of images before the first one that counts


class Times(NamedTuple):
    """How long two cells took to reach a figure that both do."""

    # Of either cell log2 of the seconds by seed; infinite where a run never did.
    cells: tuple[dict[int, float], dict[int, float]]
    # Seeds at which one of the two had it at its first snapshot, and so perhaps before: its
    # seconds are an upper bound.
    bounds: int


def times_to_goal(
    results: Results, cells: tuple[str, str], measure: Measure, faded: bool = False
) -> Times:
    """Seconds, by `Results.clock`, to the worse of both runs' last figures, seed by seed.

    Both times are first crossings, so that of two equally good cells neither is favoured.
    Seeds at which both runs had it at their first snapshot would compare when snapshots were
    taken, and are left out. With `faded`, snapshots count from the end of the last fade only.
    """
    one, other = ({run.seed: run for run in results.of(cell)} for cell in cells)
    begins = [last_stage(results, cell, faded) for cell in cells]
    worst = np.max if measure.direction < 0 else np.min
    found, bounds = Times(({}, {}), 0), 0
    for seed in one.keys() & other.keys():
        runs = (one[seed], other[seed])
        goal = float(worst([run.measure(measure.name) for run in runs]))  # NaN if either is.
        (first, bound), (second, other_bound) = (
            _reached(results, run, measure, goal, begin)
            for run, begin in zip(runs, begins, strict=True)
        )
        if not (bound and other_bound) and not math.isnan(first + second):
            bounds += bound or other_bound
            found.cells[0][seed], found.cells[1][seed] = halvings(first), halvings(second)
    return found._replace(bounds=bounds)


def halvings(seconds: float) -> float:
    """log2 of seconds, 0 and infinity included."""
    return math.log2(seconds) if seconds > 0 else -math.inf


def last_stage(results: Results, cell: str, faded: bool = False) -> float:
    """After how many thousand images `cell` trains at its last resolution, or has faded it in.

    NaN, which no snapshot comes after, where its schedule is not known.
    """
    run = results.first(cell)
    if run.growth == "direct":
        return EVERY_SNAPSHOT
    text = results.settings.get("schedule") or next(iter(SCHEDULE.findall(run.command)), "")
    try:
        *before, last = Schedule.parse(text)
    except InputError:
        return math.nan
    begin = sum(stage.kimg for stage in before) + last.fade * faded
    if not begin:
        return EVERY_SNAPSHOT
    # A stage ends with a whole step: it shows a batch for each update of the discriminator.
    command = BATCH.search(run.command)
    batch = results.settings.get("batch") or (int(command[1]) if command else 0)
    updates = [(run.d_updates, run.g_updates) for run in results.of(cell)]
    return begin + batch * max((d / g for d, g in updates if d and g), default=1) / 1000


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

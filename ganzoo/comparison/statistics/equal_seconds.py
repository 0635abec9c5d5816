"""Runs after equal seconds, where the tables otherwise show them after equal images.

Five updates of the critic for each of the generator, or a penalty that doubles the work of a
step, cost time that a comparison at equal images does not show. Seconds are of `Results.clock`.
"""

import math

import numpy as np

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.rows import Snapshot
from ganzoo.metrics.measures import MEASURES


def shared_seconds(results: Results) -> float | None:
    """The longest time that every run reached: the shortest total among them.

    Failed runs do not shorten it, as they rank worst at any time, nor do those under way.
    `None` where no snapshot was scored.
    """
    done = [results.curve(run.cell, run.seed) for run in results.runs if run.status == "done"]
    scored = (
        [s for s in curve if any(v is not None for v in s.measures.values())] for curve in done
    )
    return min((getattr(curve[-1], results.clock) for curve in scored if curve), default=None)


def values_at(results: Results, cell: str, measure: str, seconds: float) -> dict[int, float]:
    """One figure a seed of `cell` after `seconds`, between snapshots on a straight line.

    Seeds that have no snapshot before or none after are left out: nothing is guessed
    beyond a curve's ends. Failed runs rank worst, as they do at the end.
    """
    found = {}
    for run in results.of(cell):
        x, y = points(results.curve(cell, run.seed), measure, results.clock)
        if run.failed:
            found[run.seed] = MEASURES[measure].worst
        elif run.status == "done" and len(x) and x[0] <= seconds <= x[-1]:
            found[run.seed] = float(np.interp(seconds, x, y))
    return {seed: value for seed, value in found.items() if not math.isnan(value)}


def points(curve: list[Snapshot], measure: str, against: str) -> tuple[np.ndarray, np.ndarray]:
    """A curve's scored snapshots: kimg or seconds, rising, by the field `against`, and the
    measure.
    """
    scored = [s for s in curve if s.measures.get(measure) is not None]
    x = np.array([getattr(s, against) for s in scored], float)
    return x, np.array([s.measures[measure] for s in scored], float)

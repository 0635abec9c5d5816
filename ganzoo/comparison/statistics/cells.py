"""One cell over its seeds: every value, the median, an interval, and what it cost.

Values are the last ones, after equal images, or those after equal seconds (of `Results.clock`).
Five updates of the critic for each of the generator, or a penalty that doubles the work of a
step, cost time that a comparison at equal images does not show.
"""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.rows import COSTS, RunRow, Snapshot
from ganzoo.comparison.statistics.exact import Interval, median, median_interval
from ganzoo.metrics.measures import FIGURES, MEASURES, PRIMARY, TRANSLATED, Measure


@dataclass(frozen=True)
class Spread:
    """One figure of one cell."""

    values: dict[int, float]  # By seed, for those that have it; infinite for failed runs.
    median: float
    interval: Interval  # For the median.


@dataclass(frozen=True)
class CellSummary:
    """What is known of one cell."""

    name: str
    growth: str  # `"progressive"` or `"direct"`.
    planned: int  # Seeds it was to have.
    made: int  # Runs that ended, failed ones too.
    failed: int  # Runs among them that diverged or broke off.
    verdicts: dict[str, int]  # How many runs the evaluator called healthy, collapsed, ...
    measures: dict[str, Spread]  # By name, those of `FIGURES` that any run has.
    costs: dict[str, float]  # Medians over the runs that did not fail, by name in `COSTS`.
    # Mean share of each class among recognised images, 0 to 1, over the runs that did not
    # fail and have some.
    histogram: tuple[float, ...]


def primary(results: Results) -> Measure:
    """The measure whose differences are tested: of translations the first of their own."""
    known = {name for run in results.runs for name, v in run.measures.items() if v is not None}
    among = (PRIMARY.name, *TRANSLATED)
    return MEASURES[next((name for name in among if name in known), PRIMARY.name)]


def spread(values: dict[int, float]) -> Spread | None:
    """Median and interval of figures by seed; `None` of none."""
    if not values:
        return None
    numbers = list(values.values())
    return Spread(values, median(numbers), median_interval(numbers))


def final_values(results: Results, cell: str, measure: str) -> dict[int, float]:
    """The last figure of each seed of `cell`; the worst possible for failed runs."""
    found = {run.seed: run.measure(measure) for run in results.of(cell)}
    return {seed: value for seed, value in found.items() if not math.isnan(value)}


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


def summarise(results: Results, cell: str) -> CellSummary:
    """Everything about one cell."""
    runs = results.of(cell)
    completed = [run for run in runs if not run.failed]
    spreads = {name: spread(final_values(results, cell, name)) for name in FIGURES}
    costs = {
        key: [value for run in completed if (value := getattr(run, key)) is not None]
        for key in COSTS
    }
    return CellSummary(
        name=cell,
        growth=results.first(cell).growth,
        planned=len(results.seeds),
        made=len(runs),
        failed=len(runs) - len(completed),
        verdicts=dict(Counter(run.outcome for run in runs).most_common()),
        measures={name: found for name, found in spreads.items() if found},
        costs={key: median(values) for key, values in costs.items() if values},
        histogram=_histogram(completed),
    )


def _histogram(completed: list[RunRow]) -> tuple[float, ...]:
    counts = [run.histogram for run in completed if any(run.histogram)]
    if not counts or len(set(map(len, counts))) > 1:
        return ()
    shares = [np.divide(each, sum(each)) for each in counts]
    return tuple(np.mean(shares, axis=0).tolist())

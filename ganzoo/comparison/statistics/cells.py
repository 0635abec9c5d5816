"""One cell over its seeds: every value, the median, an interval, and what it cost."""

import math
from collections import Counter
from dataclasses import dataclass

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.exact import Interval, median, median_interval
from ganzoo.metrics.measures import FIGURES

COST_KEYS = (
    "kimg",
    "d_updates",
    "g_updates",
    "flops",
    "seconds",
    "processor_seconds",
    "parameters",
)


@dataclass(frozen=True)
class Spread:
    """One figure of one cell.

    Attributes:
        values: By seed: infinite for failed runs; seeds without a figure are left out.
        median: Of the values.
        interval: For the median.
    """

    values: dict[int, float]
    median: float
    interval: Interval


@dataclass(frozen=True)
class CellSummary:
    """What is known of one cell.

    Attributes:
        name: The cell.
        growth: `"progressive"` or `"direct"`.
        planned: Seeds it was to have.
        made: Runs that ended, failed ones too.
        failed: Runs among them that diverged or broke off.
        verdicts: How many runs the evaluator called healthy, collapsed, ...
        measures: By name, those of `FIGURES` that any run has.
        costs: Medians over the runs that did not fail, by column of the CSV.
        histogram: Mean share of each class among recognised images, 0 to 1, over the runs
            that did not fail and have some.
    """

    name: str
    growth: str
    planned: int
    made: int
    failed: int
    verdicts: dict[str, int]
    measures: dict[str, Spread]
    costs: dict[str, float]
    histogram: tuple[float, ...]

    @property
    def completed(self) -> int:
        """Runs that came to their end."""
        return self.made - self.failed


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


def summarise(results: Results, cell: str) -> CellSummary:
    """Everything about one cell."""
    runs = results.of(cell)
    spreads = {name: spread(final_values(results, cell, name)) for name in FIGURES}
    return CellSummary(
        name=cell,
        growth=results.first(cell).growth,
        planned=len(results.seeds),
        made=len(runs),
        failed=sum(run.failed for run in runs),
        verdicts=dict(Counter(run.outcome for run in runs).most_common()),
        measures={name: s for name, s in spreads.items() if s is not None},
        costs=_costs(results, cell),
        histogram=_histogram(results, cell),
    )


def _costs(results: Results, cell: str) -> dict[str, float]:
    completed = [run for run in results.of(cell) if not run.failed]
    found = {}
    for key in COST_KEYS:
        known = [value for run in completed if (value := getattr(run, key)) is not None]
        if known:
            found[key] = median(known)
    return found


def _histogram(results: Results, cell: str) -> tuple[float, ...]:
    runs = [run for run in results.of(cell) if not run.failed and any(run.histogram)]
    if not runs or len({len(run.histogram) for run in runs}) > 1:
        return ()
    shares = [[count / sum(run.histogram) for count in run.histogram] for run in runs]
    return tuple(sum(column) / len(runs) for column in zip(*shares, strict=True))

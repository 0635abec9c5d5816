"""Each cell against the reference, on the primary measure, seed by seed.

Only what is tested here may be called different. Holm's method adjusts for all cells of a
view, equal images or equal seconds: each view is a question of its own. Cells of the same
settings are the same runs under two names, and nothing is there to be tested.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.cells import final_values, primary, values_at
from ganzoo.comparison.statistics.exact import Paired, finding, holm, paired
from ganzoo.metrics.measures import Measure

IMAGES, SECONDS = "equal images", "equal seconds"


@dataclass(frozen=True)
class Pair:
    """One comparison."""

    cell: str
    reference: str  # The cell that it is compared with.
    measure: Measure
    view: str  # `IMAGES` or `SECONDS`.
    seeds: tuple[int, ...]  # Those that both have.
    paired: Paired  # Differences, the cell's less the reference's.
    same: bool = False  # Whether both are the same runs.
    adjusted: float | None = None  # p after Holm; `None` below 6 seeds, and for the same runs.
    finding: str = ""  # One of the three of `ganzoo.comparison.statistics.exact`.

    @property
    def better(self) -> bool:
        """Whether the cell is on the better side, be it separable or not."""
        return self.measure.better(sum(self.paired.interval.ends))

    @property
    def shown(self) -> list[str]:
        """The estimate of the difference and its interval's ends, with signs."""
        values = (self.paired.estimate, *self.paired.interval.ends)
        return [self.measure.show(value, sign=True) for value in values]

    @property
    def said_p(self) -> str:
        """The adjusted p in a sentence, after a comma; empty where there is none."""
        return "" if self.adjusted is None else f", adjusted p = {self.adjusted:.3f}"


def reference_of(results: Results, cell: str) -> str:
    """What `cell` is compared with: the reference, of the cell's own growth.

    Growth is a question of its own (`growth_claims`). Where no cell is the reference with that
    growth, the first one with it stands in.
    """
    growth, reference = results.first(cell).growth, results.settings["reference"]
    alike = [c for c in results.cells if results.first(c).growth == growth]
    if reference in alike:
        return str(reference)
    wanted = variant(results, reference)
    return next((c for c in alike if variant(results, c) == wanted), alike[0])


def compare_all(results: Results, seconds: float | None) -> list[Pair]:
    """Every comparison, in the order of the cells; no time leaves equal seconds out."""
    times = [None] if seconds is None else [None, seconds]
    found = [pair for time in times for pair in judge(list(_family(results, time)))]
    order = {cell: place for place, cell in enumerate(results.cells)}
    return sorted(found, key=lambda pair: order[pair.cell])


def _family(results: Results, seconds: float | None) -> Iterator[Pair]:
    """Each cell against its reference, at the end of the runs or after `seconds`."""
    measure, view = primary(results), IMAGES if seconds is None else SECONDS
    for cell in results.cells:
        couple = (cell, reference_of(results, cell))
        values = [
            final_values(results, each, measure.name)
            if seconds is None
            else values_at(results, each, measure.name, seconds)
            for each in couple
        ]
        pair = pair_of(results, couple, measure, values, view)
        if pair is not None and cell != pair.reference:
            one, two = ({run.fingerprint for run in results.of(c)} for c in couple)
            yield replace(pair, same=one == two and "" not in one)  # Where one is known.


def pair_of(
    results: Results,
    cells: tuple[str, str],
    measure: Measure,
    values: Sequence[Mapping[int, float]],
    view: str = "",
) -> Pair | None:
    """A cell and its reference by their values, at the seeds that both have; `None` without."""
    seeds = [seed for seed in results.seeds if all(seed in v for v in values)]
    if not seeds:
        return None
    differences = paired(*([v[seed] for seed in seeds] for v in values))
    return Pair(*cells, measure, view, tuple(seeds), differences)


def judge(pairs: list[Pair]) -> list[Pair]:
    """Adjust the p-values of a family and give each pair its finding."""
    known = [None if pair.same else pair.paired.p for pair in pairs]
    adjusted = iter(holm([p for p in known if p is not None]))
    found = [None if p is None else next(adjusted) for p in known]
    return [
        replace(pair, adjusted=p, finding=finding(pair.paired, p))
        for pair, p in zip(pairs, found, strict=True)
    ]


def variant(results: Results, cell: str) -> tuple[Any, ...]:
    """What cells that differ in growth alone share: every setting, by the command.

    Commands are those of one seed; where a table came without them, the columns must do.
    """
    run = results.first(cell)
    return (run.command.replace(" --no-growth", ""), *run.settings.values())

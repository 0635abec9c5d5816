"""Each cell against the reference, on the primary measure, seed by seed.

Only what is tested here may be called different. Holm's method adjusts for all cells of a
view, equal images or equal seconds: each view is a question of its own. Cells of the same
settings are the same runs under two names, and nothing is there to be tested.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ganzoo.comparison.runs.results import SAME_IN_A_CELL, Results
from ganzoo.comparison.statistics.cells import final_values
from ganzoo.comparison.statistics.equal_seconds import values_at
from ganzoo.comparison.statistics.exact import FEWEST, Paired, finding, holm, paired
from ganzoo.metrics.measures import PRIMARY, Measure

IMAGES, SECONDS = "equal images", "equal seconds"


@dataclass(frozen=True)
class Pair:
    """One comparison.

    Attributes:
        cell: The cell that is compared.
        reference: The cell that it is compared with.
        measure: What is compared of them.
        view: `IMAGES` or `SECONDS`.
        seeds: Those that both have.
        paired: Differences, the cell's less the reference's.
        same: Whether both are the same runs.
        adjusted: p after Holm; `None` below 6 seeds, and for the same runs.
        finding: One of the three of `ganzoo.comparison.statistics.exact`.
    """

    cell: str
    reference: str
    measure: Measure
    view: str
    seeds: tuple[int, ...]
    paired: Paired
    same: bool = False
    adjusted: float | None = None
    finding: str = ""

    @property
    def better(self) -> bool:
        """Whether the cell is on the better side, be it separable or not."""
        return self.measure.better(self.paired.interval.low + self.paired.interval.high)


def reference_of(results: Results, cell: str) -> str:
    """What `cell` is compared with: the reference, of the cell's own growth.

    Growth is a question of its own (`growth_claims`). Where no cell is the reference with that
    growth, the first one with it stands in.
    """
    growth = results.first(cell).growth
    wanted = variant(results, results.settings["reference"])
    alike = [c for c in results.cells if results.first(c).growth == growth]
    if results.settings["reference"] in alike:
        return results.settings["reference"]
    return next((c for c in alike if variant(results, c) == wanted), alike[0])


def compare_all(results: Results, seconds: float | None) -> list[Pair]:
    """Every comparison, in the order of the cells.

    Args:
        results: The runs.
        seconds: Time of the view at equal seconds; `None` leaves that view out.
    """
    views = (IMAGES, SECONDS) if seconds is not None else (IMAGES,)
    judged = [judge(_family(results, view, seconds)) for view in views]
    order = {cell: place for place, cell in enumerate(results.cells)}
    return sorted((pair for family in judged for pair in family), key=lambda p: order[p.cell])


def _family(results: Results, view: str, seconds: float | None) -> list[Pair]:
    """Each cell against its reference, in one view."""
    pairs = []
    for cell in results.cells:
        other = reference_of(results, cell)
        if cell == other:
            continue
        values = [_values(results, c, view, seconds) for c in (cell, other)]
        pair = pair_of(results, (cell, other), PRIMARY, values, view)
        if pair is not None:
            runs = _runs(results, cell)
            same = runs == _runs(results, other) and "" not in runs  # Where one is known.
            pairs.append(replace(pair, same=same))
    return pairs


def pair_of(
    results: Results,
    cells: tuple[str, str],
    measure: Measure,
    values: Sequence[Mapping[int, float]],
    view: str = "",
) -> Pair | None:
    """The comparison of two cells at the seeds that both have; `None` without any.

    Args:
        results: The runs.
        cells: The cell, and the reference.
        measure: What is compared of them.
        values: Its values by seed, of either cell.
        view: See `Pair`.
    """
    seeds = [seed for seed in results.seeds if all(seed in v for v in values)]
    if not seeds:
        return None
    differences = paired(*([v[seed] for seed in seeds] for v in values))
    return Pair(*cells, measure, view, tuple(seeds), differences)


def judge(pairs: list[Pair]) -> list[Pair]:
    """Adjust the p-values of a family and give each pair its finding."""
    tested = [pair for pair in pairs if pair.paired.n >= FEWEST and not pair.same]
    adjusted = dict(
        zip(map(id, tested), holm([pair.paired.p or 0.0 for pair in tested]), strict=True)
    )
    return [
        replace(
            pair,
            adjusted=adjusted.get(id(pair)),
            finding=finding(pair.paired, adjusted.get(id(pair))),
        )
        for pair in pairs
    ]


def _runs(results: Results, cell: str) -> set[str]:
    return {run.fingerprint for run in results.of(cell)}


def variant(results: Results, cell: str) -> tuple[str, ...]:
    """What cells that differ in growth alone share: every setting, by the command.

    Commands are those of one seed; where a table came without them, the columns must do.
    """
    run = min((r for r in results.runs if r.cell == cell), key=lambda r: r.seed)
    settings = run.command.replace(" --no-growth", "")
    return (settings, *(getattr(run, key) for key in SAME_IN_A_CELL if key != "growth"))


def _values(results: Results, cell: str, view: str, seconds: float | None) -> dict[int, float]:
    if view == SECONDS and seconds is not None:
        return values_at(results, cell, PRIMARY.name, seconds)
    return final_values(results, cell, PRIMARY.name)

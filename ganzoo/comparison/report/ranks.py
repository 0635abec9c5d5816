"""Cells that have the highest or the lowest figure at every seed."""

import math

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.words import listed
from ganzoo.metrics.measures import MEASURES

ENDS = {"highest": 1, "lowest": -1}
OF_TWO = {"highest": "higher", "lowest": "lower"}


def ranks(results: Results) -> list[str]:
    """A sentence for each cell that leads or trails by some measure at every seed.

    This describes the runs that were made; whether other seeds would show it is for the tests
    to say. Failed runs count as the worst.
    """
    if len(results.cells) < 2 or len(results.seeds) < 2:
        return []
    found: dict[tuple[str, str], list[str]] = {}
    for measure in (measure for measure in MEASURES.values() if measure.direction):
        for end, sign in ENDS.items():
            if cell := _at_one_end(results, measure.name, sign):
                found.setdefault((cell, end), []).append(measure.label)
    if len(results.cells) == 2:  # What one has the highest of, the other has the lowest of.
        found = {key: labels for key, labels in found.items() if key[0] == results.cells[0]}
        found = {(cell, OF_TWO[end]): labels for (cell, end), labels in found.items()}
    return [
        f"At each of {len(results.seeds)} seeds {cell} had the {end} {listed(labels)}."
        for (cell, end), labels in found.items()
    ]


def _at_one_end(results: Results, measure: str, sign: int) -> str:
    """The cell that alone has the highest `sign` times `measure` at every seed; or none."""
    runs = {cell: {run.seed: run for run in results.of(cell)} for cell in results.cells}
    leaders = set()
    for seed in results.seeds:
        values = [
            sign * made[seed].measure(measure) if seed in made else math.nan
            for made in runs.values()
        ]
        if any(map(math.isnan, values)) or values.count(max(values)) > 1:
            return ""
        leaders.add(results.cells[values.index(max(values))])
    return leaders.pop() if len(leaders) == 1 else ""

"""Cells that have the highest or the lowest figure at every seed."""

import numpy as np

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
    cells, seeds = results.cells, results.seeds
    if len(cells) < 2 or len(seeds) < 2:
        return []
    found: dict[tuple[str, str], list[str]] = {}
    for measure in (measure for measure in MEASURES.values() if measure.direction):
        figures = {(run.cell, run.seed): run.measure(measure.name) for run in results.runs}
        values = np.array([[figures[cell, seed] for cell in cells] for seed in seeds])
        for end, sign in ENDS.items():
            leads = values == sign * (sign * values).max(axis=1, keepdims=True)
            if leads.all(axis=0).any() and leads.sum() == len(seeds):
                cell = cells[int(leads.all(axis=0).argmax())]
                found.setdefault((cell, end), []).append(measure.label)
    if len(cells) == 2:  # What one has the highest of, the other has the lowest of.
        found = {(c, OF_TWO[end]): said for (c, end), said in found.items() if c == cells[0]}
    return [
        f"At each of {len(seeds)} seeds {cell} had the {end} {listed(labels)}."
        for (cell, end), labels in found.items()
    ]

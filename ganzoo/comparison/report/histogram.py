"""The share of each class among a cell's recognised images."""

from collections.abc import Iterator
from typing import NamedTuple

from ganzoo.comparison.statistics.summary import Summary
from ganzoo.metrics.modes import FAIR_SHARE

MOST_LABELS = 40
SIGNS = {"exclamation": "!", "question": "?"}


class Histogram(NamedTuple):
    """The histogram of one cell, all to one scale."""

    cell: str
    sentence: str  # For those who do not see it.
    bars: list[tuple[str, str, float, float]]  # Name, short name, share and height in percent.
    equal: float  # Height of an equal share.


def histograms(summary: Summary) -> Iterator[Histogram]:
    """A histogram of each cell that has one."""
    known = [cell for cell in summary.cells if cell.histogram]
    top = max((max(cell.histogram) for cell in known), default=0) / 100 or 1
    for cell in known:
        shares = cell.histogram
        names = summary.results.settings["classes"]
        names = names if len(names) == len(shares) else list(map(str, range(len(shares))))
        equal, labelled = 1 / len(shares), len(shares) <= MOST_LABELS
        bars = [
            (name, SIGNS.get(name, name[:2]) * labelled, 100 * share, share / top)
            for name, share in zip(names, shares, strict=True)
        ]
        few = ", ".join(name for name, _, share, _ in bars if share < 100 * FAIR_SHARE * equal)
        sentence = (
            f"Shares of {len(names)} classes among recognised images of {cell.name}. "
            f"Less than a tenth of an equal share: {few or 'none'}."
        )
        yield Histogram(cell.name, sentence, bars, equal / top)

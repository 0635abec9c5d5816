"""The share of each class among a cell's recognised images, as SVG."""

from collections.abc import Sequence
from html import escape

from ganzoo.comparison.statistics.cells import CellSummary
from ganzoo.metrics.modes import FAIR_SHARE

WIDTH, HEIGHT, FOOT = 360, 96, 16
MOST_LABELS = 40
SIGNS = {"exclamation": "!", "question": "?"}


def histogram_svg(
    cell: CellSummary, classes: Sequence[str], number: int, highest: float
) -> str:
    """Bars, with a line at the equal share; empty where there is no histogram.

    Args:
        cell: What is drawn.
        classes: Names of the classes.
        number: Of the cell's colour.
        highest: Share at the top, one for all cells, 0 to 1.
    """
    shares = cell.histogram
    if not shares:
        return ""
    step, room = WIDTH / len(shares), HEIGHT - FOOT
    names = (
        list(classes) if len(classes) == len(shares) else [str(i) for i in range(len(shares))]
    )
    equal = 1 / len(shares)
    parts = []
    for i, (name, share) in enumerate(zip(names, shares, strict=True)):
        height = room * share / (highest or 1)
        x = i * step + 0.12 * step
        parts.append(
            f'<rect class="f{number}" x="{x:.1f}" y="{room - height:.1f}" '
            f'width="{0.76 * step:.1f}" height="{height:.1f}" rx="1">'
            f"<title>{escape(name)}: {100 * share:.1f} %</title></rect>"
        )
        if len(shares) <= MOST_LABELS:
            parts.append(
                f'<text x="{(i + 0.5) * step:.1f}" y="{HEIGHT - 3}" text-anchor="middle">'
                f"{escape(SIGNS.get(name, name[:2]))}</text>"
            )
    y = room - room * equal / (highest or 1)
    parts.append(f'<path class="axis" d="M0 {room}H{WIDTH}"/>')
    parts.append(f'<path class="mark" d="M0 {y:.1f}H{WIDTH}"/>')
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(_sentence(cell, names, equal))}">{"".join(parts)}</svg>'
    )


def _sentence(cell: CellSummary, names: Sequence[str], equal: float) -> str:
    few = [
        name
        for name, share in zip(names, cell.histogram, strict=True)
        if share < FAIR_SHARE * equal
    ]
    text = f"Shares of {len(names)} classes among recognised images of {cell.name}. "
    if not few:
        return text + "Each has a tenth of an equal share or more."
    return text + f"Less than a tenth of an equal share: {', '.join(few)}."

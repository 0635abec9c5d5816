"""Curves of a measure over a training, as SVG: medians in bands, failures as they broke off."""

import json
from dataclasses import dataclass
from html import escape

import numpy as np

from ganzoo.comparison.report.axes import AXES, HEIGHT, STEEP, WIDTH, Frame, frame_of
from ganzoo.comparison.runs.results import SAME_IN_A_CELL, Results
from ganzoo.comparison.statistics.equal_seconds import points
from ganzoo.metrics.measures import MEASURES, Measure

COLOURS = 8  # of the page's style; from the ninth cell on they come again, dashed
MOST_POINTS = 60


@dataclass(frozen=True)
class Band:
    """One cell's curve: over its runs that did not fail, no further than all of them go.

    Attributes:
        x: kimg or seconds, rising.
        low: Lowest of the runs.
        middle: Their median.
        high: Highest.
    """

    x: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray


def band(results: Results, cell: str, measure: str, against: str) -> Band | None:
    """The band of a cell; `None` where its runs share no stretch of the axis."""
    runs = [run for run in results.of(cell) if not run.failed]
    curves = [points(results.curve(cell, run.seed), measure, against) for run in runs]
    curves = [(x, y) for x, y in curves if len(x)]
    if not curves:
        return None
    start, end = max(x[0] for x, _ in curves), min(x[-1] for x, _ in curves)
    grid = np.unique(np.concatenate([x for x, _ in curves]))
    grid = grid[(grid >= start) & (grid <= end)]
    if len(grid) > MOST_POINTS:
        grid = np.linspace(start, end, MOST_POINTS)
    if not len(grid):
        return None
    values = np.array([np.interp(grid, x, y) for x, y in curves])
    return Band(grid, values.min(0), np.median(values, 0), values.max(0))


def styles(results: Results) -> dict[str, int]:
    """A number for the style of each cell: the same for one that only grows differently."""
    numbers: dict[tuple[str, ...], int] = {}
    found, taken = {}, set()
    for cell in results.cells:
        run = results.first(cell)
        key = tuple(getattr(run, k) for k in SAME_IN_A_CELL if k != "growth")
        number = numbers.setdefault(key, len(numbers))
        # Cells may differ in settings alone.
        if (number, run.growth) in taken:
            number = numbers[(cell,)] = len(numbers)
        taken.add((number, run.growth))
        found[cell] = number
    return found


def stroke(number: int) -> str:
    """Classes of a line's style."""
    return f"s{number % COLOURS}" + " dash" * (number // COLOURS % 2)


def curve_svg(
    results: Results, cells: list[str], measure: Measure, against: str, name: str
) -> str:
    """One plot as an `<svg>`; empty where there is nothing to draw.

    Args:
        results: The runs.
        cells: Those to draw.
        measure: What rises or falls.
        against: A key of `AXES`.
        name: Names the plot in a sentence for those who do not see it.
    """
    bands = {cell: b for cell in cells if (b := band(results, cell, measure.name, against))}
    lost = list(_lost(results, cells, measure.name, against))
    arrays = [b.low for b in bands.values()] + [b.high for b in bands.values()]
    drawn = np.concatenate([*arrays, *[y for _, _, y in lost], []])
    if not len(drawn):
        return ""
    every = [b.x for b in bands.values()] + [x for _, x, _ in lost]
    floor = results.settings["floor"]
    if measure.name in STEEP and floor.get(measure.name) is not None:
        drawn = np.append(drawn, floor[measure.name])
    frame = frame_of(drawn, max(x[-1] for x in every), measure)
    number = styles(results)
    parts = [frame.axes(AXES[against]), frame.floor(floor, measure)]
    parts += [_band_svg(b, frame, number[cell]) for cell, b in bands.items()]
    parts += [_lost_svg(x, y, frame, number[cell]) for cell, x, y in lost]
    ends = ", ".join(f"{cell} {measure.show(b.middle[-1])}" for cell, b in bands.items())
    label = escape(f"{name}. Medians at the end: {ends or 'none'}.")
    read = escape(
        json.dumps([_readings(*item, frame, measure, against) for item in bands.items()])
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}" '
        f'data-curves="{read}">{"".join(parts)}</svg>'
    )


def _readings(cell: str, b: Band, frame: Frame, measure: Measure, against: str) -> list:
    """A cell, and of each point its place on the plot and what is read there."""
    unit = "{:g} kimg" if against == "kimg" else "{:,.0f} s"
    points = []
    for x, low, middle, high in zip(b.x, b.low, b.middle, b.high, strict=True):
        shown = [measure.show(value) for value in (middle, low, high)]
        text = shown[0] if shown[1] == shown[2] else f"{shown[0]} ({shown[1]} to {shown[2]})"
        points.append([round(frame.x(x), 1), round(frame.y(middle), 1), unit.format(x), text])
    return [cell, points]


def _lost(results: Results, cells: list[str], measure: str, against: str):
    """Curves of failed runs: cell, x, y."""
    for cell in cells:
        for run in results.of(cell):
            x, y = points(results.curve(cell, run.seed), measure, against)
            if run.failed and len(x):
                yield cell, x, y


def _band_svg(b: Band, frame: Frame, number: int) -> str:
    outline = frame.path([*b.x, *b.x[::-1]], [*b.high, *b.low[::-1]])
    end = f'cx="{frame.x(b.x[-1]):.1f}" cy="{frame.y(b.middle[-1]):.1f}"'
    return (
        f'<path class="band f{number % COLOURS}" d="M{outline}Z"/>'
        f'<path class="line {stroke(number)}" d="M{frame.path(b.x, b.middle)}"/>'
        f'<circle class="f{number % COLOURS}" {end} r="2.4"/>'
    )


def _lost_svg(x: np.ndarray, y: np.ndarray, frame: Frame, number: int) -> str:
    a, b = frame.x(x[-1]), frame.y(y[-1])
    cross = f"M{a - 4:.1f} {b - 4:.1f}l8 8m0 -8l-8 8"
    return (
        f'<path class="lost s{number % COLOURS}" d="M{frame.path(x, y)}"/>'
        f'<path class="line s{number % COLOURS}" d="{cross}"/>'
    )


def measured(results: Results) -> list[Measure]:
    """Measures that any snapshot has."""
    return [
        measure
        for name, measure in MEASURES.items()
        if any(s.measures.get(name) is not None for s in results.curves)
    ]

"""Curves of a measure over a training: medians in bands, failures as they broke off.

All places are in units of the plot's `viewBox`; `templates/plots.html` draws them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ganzoo.comparison.report.scale import Scale, around, linear, steep
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.cells import points
from ganzoo.metrics.measures import HEADLINE, MEASURES, Measure

LEFT, RIGHT, TOP, BOTTOM = 44, 352, 10, 186  # Of the area within the axes.
COLOURS = 8  # of the page's style; from the ninth cell on they come again, dashed
MOST_POINTS = 60
# Measures that fall by orders of magnitude, and may pass below zero by chance.
STEEP = ("kid", "frechet", "sliced_wasserstein", "kl")
AXES = {
    "kimg": "thousand real images (kimg)",
    "seconds": "seconds",
    "processor_seconds": "seconds of the processor",
}


class Band(NamedTuple):
    """One cell's curve: over its runs that did not fail, no further than all of them go."""

    x: np.ndarray  # kimg or seconds, rising.
    low: np.ndarray  # Lowest of the runs.
    middle: np.ndarray  # Their median.
    high: np.ndarray


class Line(NamedTuple):
    """Points of a line, as SVG has them after an M, and the last one."""

    points: str
    x: float
    y: float


class Frame(NamedTuple):
    """From figures to places on the plot."""

    across: Scale
    up: Scale

    def x(self, value: float) -> float:
        """Where a figure of the horizontal axis lies, from the left."""
        return round(LEFT + (RIGHT - LEFT) * float(self.across(value)), 1)

    def y(self, value: float) -> float:
        """Where a figure of the vertical axis lies, from the top."""
        return round(BOTTOM - (BOTTOM - TOP) * float(self.up(value)), 1)

    def line(self, x: Iterable[float], y: Iterable[float]) -> Line:
        """A line through points."""
        places = [(self.x(a), self.y(b)) for a, b in zip(x, y, strict=True)]
        return Line("L".join(f"{a:g} {b:g}" for a, b in places), *places[-1])


@dataclass(frozen=True)
class Plot:
    """What is drawn of one measure."""

    label: str  # What it shows, for those who do not see it.
    axis: str  # Label of the horizontal axis.
    across: list[tuple[float, str]]  # Its ticks: place and text.
    up: list[tuple[float, str]]  # Those of the vertical axis.
    floor: float | None  # Height of what real images score.
    bands: list[tuple[str, Line, Line]]  # Style, outline and median of each cell.
    lost: list[tuple[str, Line]]  # Failed runs.
    readings: list[Any]  # Each cell, and of each point its place and what is read there.


class Figure(NamedTuple):
    """The plots of one measure: against images, and against seconds."""

    measure: Measure
    growth: str  # Of the cells, after a comma; empty where all cells grow alike.
    main: bool  # Whether the measure is one of the main table.
    plots: list[Plot]


def figures(results: Results) -> list[Figure]:
    """All plots, measure by measure and growth by growth."""
    groups, found = _drawn_together(results), []
    for measure in MEASURES.values():
        for growth, cells in groups.items():
            mode = f", {growth}" if len(groups) > 1 else ""
            drawn = [plot(results, cells, measure, a, mode) for a in ("kimg", results.clock)]
            if kept := [each for each in drawn if each]:
                found.append(Figure(measure, mode, measure.name in HEADLINE, kept))
    return found


def _drawn_together(results: Results) -> dict[str, list[str]]:
    """Cells that share a plot, by how they grow; all cells if each grows in another way."""
    growths: dict[str, list[str]] = {}
    for cell in results.cells:
        growths.setdefault(results.first(cell).growth, []).append(cell)
    if all(len(cells) == 1 for cells in growths.values()):
        return {"": results.cells}
    return growths


def plot(
    results: Results, cells: list[str], measure: Measure, against: str, mode: str = ""
) -> Plot | None:
    """One measure of `cells` against a key of `AXES`; `None` where there is nothing to draw."""
    name, style = measure.name, styles(results)
    bands = {cell: b for cell in cells if (b := _band(results, cell, name, against))}
    failed = [run for cell in cells for run in results.of(cell) if run.failed]
    lost = [(r.cell, *points(results.curve(r.cell, r.seed), name, against)) for r in failed]
    lost = [(cell, x, y) for cell, x, y in lost if len(x)]
    if not bands and not lost:
        return None
    floor = results.settings["floor"].get(name)
    heights = [part for b in bands.values() for part in (b.low, b.high)]
    heights += [y for _, _, y in lost]
    heights += [np.array([floor])] * (name in STEEP and floor is not None)
    ends_at = max(x[-1] for x in [*(b.x for b in bands.values()), *(x for _, x, _ in lost)])
    drawn, scale = np.concatenate(heights), steep if name in STEEP else around
    frame = Frame(linear(0, ends_at), scale(float(drawn.min()), float(drawn.max())))
    ends = ", ".join(f"{cell} {measure.show(b.middle[-1])}" for cell, b in bands.items())
    return Plot(
        f"{measure.title} against {AXES[against]}{mode}. Medians at the end: {ends or 'none'}.",
        AXES[against],
        [(frame.x(tick), f"{tick:g}") for tick in frame.across.ticks],
        [(frame.y(tick), f"{tick * measure.scale:g}") for tick in frame.up.ticks],
        frame.y(floor) if frame.up.shows(floor) else None,
        [
            (
                style[cell],
                frame.line([*b.x, *b.x[::-1]], [*b.high, *b.low[::-1]]),
                frame.line(b.x, b.middle),
            )
            for cell, b in bands.items()
        ],
        [(style[cell], frame.line(x, y)) for cell, x, y in lost],
        [_readings(cell, b, frame, measure, against) for cell, b in bands.items()],
    )


def styles(results: Results) -> dict[str, str]:
    """Classes of the style of each cell: the same for one that is like it on another plot."""
    if len(_drawn_together(results)) == 1:
        return {cell: _style(i) for i, cell in enumerate(results.cells)}
    numbers: dict[tuple[str, ...], int] = {}
    found, taken = {}, set()
    for cell in results.cells:
        run = results.first(cell)
        number = numbers.setdefault(tuple(run.settings.values()), len(numbers))
        if (number, run.growth) in taken:  # Cells may differ in settings alone.
            number = numbers[(cell,)] = len(numbers)
        taken.add((number, run.growth))
        found[cell] = _style(number)
    return found


def _style(number: int) -> str:
    return f"c{number % COLOURS}" + " dash" * (number // COLOURS % 2)


def _band(results: Results, cell: str, measure: str, against: str) -> Band | None:
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


def _readings(cell: str, b: Band, frame: Frame, measure: Measure, against: str) -> list[Any]:
    """A cell, and of each point its place on the plot and what is read there."""
    unit = "{:g} kimg" if against == "kimg" else "{:,.0f} s"
    points = []
    for x, *values in zip(b.x, b.middle, b.low, b.high, strict=True):
        shown, low, high = map(measure.show, values)
        text = shown if low == high else f"{shown} ({low} to {high})"
        points.append([frame.x(x), frame.y(values[0]), unit.format(x), text])
    return [cell, points]

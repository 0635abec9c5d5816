"""Curves of a measure over a training, as SVG: medians in bands, failures as they broke off."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

import numpy as np
from matplotlib.ticker import MaxNLocator

from ganzoo.comparison.equal_seconds import points
from ganzoo.comparison.measures import MEASURES, Measure
from ganzoo.comparison.results import SAME_IN_A_CELL, Results

WIDTH, HEIGHT = 360, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 34
COLOURS = 8  # of the page's style; from the ninth cell on they come again, dashed
MOST_POINTS = 60
# Measures that fall by orders of magnitude, and may pass below zero where chance has it.
STEEP = ("kid", "frechet", "kl")
MARGIN = 1.1  # of a logarithmic axis, so that a flat curve has one too
AXES = {"kimg": "thousand real images (kimg)", "seconds": "seconds"}


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
        against: `"kimg"` or `"seconds"`.
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
    frame = _frame(drawn, max(x[-1] for x in every), measure)
    number = styles(results)
    parts = [frame.axes(AXES[against]), frame.floor(floor, measure)]
    parts += [_band_svg(b, frame, number[cell]) for cell, b in bands.items()]
    parts += [_lost_svg(x, y, frame, number[cell]) for cell, x, y in lost]
    ends = ", ".join(f"{cell} {measure.show(b.middle[-1])}" for cell, b in bands.items())
    label = escape(f"{name}. Medians at the end: {ends or 'none'}.")
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


@dataclass(frozen=True)
class Frame:
    """From figures to places on the plot."""

    end: float
    low: float
    high: float
    scale: Callable[[float], float]
    ticks: list[float]
    show: Callable[[float], str]

    def x(self, value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * value / (self.end or 1)

    def y(self, value: float) -> float:
        share = (self.scale(value) - self.low) / ((self.high - self.low) or 1)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    def axes(self, label: str) -> str:
        parts = []
        for tick in self.ticks:
            y = self.y(tick)
            parts.append(f'<path class="axis" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
            text = escape(self.show(tick))
            parts.append(
                f'<text x="{LEFT - 7}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
            )
        for tick in _linear_ticks(0, self.end):
            x, y = self.x(tick), HEIGHT - BOTTOM + 15
            parts.append(f'<text x="{x:.1f}" y="{y}" text-anchor="middle">{tick:g}</text>')
        middle = (LEFT + WIDTH - RIGHT) / 2
        parts.append(
            f'<text x="{middle:g}" y="{HEIGHT - 3}" text-anchor="middle">{label}</text>'
        )
        return "".join(parts)

    def floor(self, floor: dict[str, float | None], measure: Measure) -> str:
        """A line at what real images score, where it is in sight."""
        value = floor.get(measure.name)
        if value is None or not self.low <= self.scale(value) <= self.high:
            return ""
        y = self.y(value)
        return (
            f'<path class="mark" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
            f'<text x="{WIDTH - RIGHT}" y="{y - 4:.1f}" text-anchor="end">real</text>'
        )

    def path(self, x: Iterable[float], y: Iterable[float]) -> str:
        pairs = zip(x, y, strict=True)
        return "L".join(f"{self.x(a):.1f} {self.y(b):.1f}" for a, b in pairs)


def _frame(values: np.ndarray, end: float, measure: Measure) -> Frame:
    low, high = float(values.min()), float(values.max())
    scale: Callable[[float], float]
    if measure.name in STEEP and low > 0:
        low, high = low / MARGIN, high * MARGIN
        scale, ticks = math.log10, _decades(low, high)
    elif measure.name in STEEP and high > 0:
        scale, ticks = _both_sides(low, high)
        low = min(0.0, low)
    else:
        low, high = (low - 0.5, high + 0.5) if low == high else (low, high)
        scale, ticks = float, _linear_ticks(low, high)

    def show(value: float) -> str:
        return f"{value * measure.scale:g}"

    inside = [tick for tick in ticks if low <= tick <= high]
    return Frame(end, scale(low), scale(high), scale, inside, show)


def _decades(low: float, high: float) -> list[float]:
    """Ticks of a logarithmic axis, and none between those of decades if these will do."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1,), (1, 3), (1, 2, 5)):
        ticks = [step * 10.0**k for k in powers for step in steps]
        if sum(low <= tick <= high for tick in ticks) >= 3:
            break
    return ticks


def _both_sides(low: float, high: float) -> tuple[Callable[[float], float], list[float]]:
    """A scale and ticks that are logarithmic away from zero, and straight near it.

    Near is within a hundredth of the highest value, or as far as chance took one below zero.
    """
    width = 10.0 ** math.floor(math.log10(max(high / 100, -low)))

    def scale(value: float) -> float:
        return math.asinh(value / width)

    return scale, [-width, 0.0, *(width * 10.0**k for k in range(4))]


def _linear_ticks(low: float, high: float) -> list[float]:
    ticks = MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [float(round(tick, 12)) for tick in ticks if low <= tick <= high]


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

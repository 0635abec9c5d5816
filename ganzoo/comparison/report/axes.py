"""The frame of a diagram: scales, ticks, and where a value lies on the page."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

import numpy as np
from matplotlib.ticker import MaxNLocator

from ganzoo.metrics.measures import Measure

WIDTH, HEIGHT = 360, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 34
# Measures that fall by orders of magnitude, and may pass below zero where chance has it.
STEEP = ("kid", "frechet", "sliced_wasserstein", "kl")
AXES = {
    "kimg": "thousand real images (kimg)",
    "seconds": "seconds",
    "processor_seconds": "seconds of the processor",
}
MARGIN = 1.1  # of a logarithmic axis, so that a flat curve has one too


@dataclass(frozen=True)
class Frame:
    """From figures to places on the plot.

    Attributes:
        end: Where the horizontal axis ends; it begins at 0.
        low: Where the vertical axis begins, on its scale.
        high: Where it ends.
        scale: From a figure to the vertical axis: straight, logarithmic, or both.
        ticks: Figures to write beside the vertical axis.
        show: How they are written.
    """

    end: float
    low: float
    high: float
    scale: Callable[[float], float]
    ticks: list[float]
    show: Callable[[float], str]

    def x(self, value: float) -> float:
        """Where a figure of the horizontal axis lies, in units of the plot from its left."""
        return LEFT + (WIDTH - LEFT - RIGHT) * value / (self.end or 1)

    def y(self, value: float) -> float:
        """Where a figure of the vertical axis lies, in units of the plot from its top."""
        share = (self.scale(value) - self.low) / ((self.high - self.low) or 1)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    def axes(self, label: str) -> str:
        """Lines, ticks and the horizontal axis's label, as SVG."""
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
        """Points of a line, as SVG has them after an M."""
        pairs = zip(x, y, strict=True)
        return "L".join(f"{self.x(a):.1f} {self.y(b):.1f}" for a, b in pairs)


def frame_of(values: np.ndarray, end: float, measure: Measure) -> Frame:
    """The frame that shows `values` of `measure`, on a horizontal axis from 0 to `end`."""
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

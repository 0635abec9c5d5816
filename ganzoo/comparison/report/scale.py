"""Scales of plots and their ticks: linear, logarithmic, or so on both sides of zero.

Matplotlib's own SVG was tried: it took five times the bytes and 25 times as long, and its style
sheet and identifiers are meant for a page with one picture.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator

MARGIN = 1.1  # of a logarithmic axis, so that a flat curve has one too


@dataclass(frozen=True)
class Scale:
    """From figures to shares of an axis: 0 at its lower end, 1 at its upper end."""

    transform: Callable[[Any], Any]
    low: float  # As transformed.
    high: float
    ticks: list[float]

    def __call__(self, values: Any) -> Any:
        return (self.transform(values) - self.low) / ((self.high - self.low) or 1)

    def shows(self, value: float | None) -> bool:
        """Whether there is a value, and it lies on the axis."""
        return value is not None and self.low <= self.transform(value) <= self.high


def linear(low: float, high: float) -> Scale:
    """A scale with about four round ticks."""
    ticks = MaxNLocator(nbins=4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return _scale(np.asarray, low, high, [float(round(tick, 12)) for tick in ticks])


def steep(low: float, high: float) -> Scale:
    """A scale for figures that fall by orders of magnitude, some of them below zero by chance.

    It is logarithmic; where some are below zero it is linear within a hundredth of the highest
    figure, or within the lowest one.
    """
    if low > 0:
        low, high = low / MARGIN, high * MARGIN
        return _scale(np.log10, low, high, _decades(low, high))
    if high <= 0:
        return around(low, high)
    width = 10.0 ** math.floor(math.log10(max(high / 100, -low)))
    ticks = [-width, 0.0, *(width * 10.0**k for k in range(4))]
    return _scale(lambda value: np.arcsinh(value / width), min(0.0, low), high, ticks)


def around(low: float, high: float) -> Scale:
    """A linear scale that has some height for equal figures too."""
    return linear(low - 0.5, high + 0.5) if low == high else linear(low, high)


def _scale(
    transform: Callable[[Any], Any], low: float, high: float, ticks: list[float]
) -> Scale:
    inside = [tick for tick in ticks if low <= tick <= high]
    return Scale(transform, float(transform(low)), float(transform(high)), inside)


def _decades(low: float, high: float) -> list[float]:
    """Ticks of a logarithmic axis, and none between those of decades if these will do."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1,), (1, 3), (1, 2, 5)):
        ticks = [step * 10.0**k for k in powers for step in steps]
        if sum(low <= tick <= high for tick in ticks) >= 3:
            break
    return ticks

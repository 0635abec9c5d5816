"""What real images score against real images of the same number, and how much by chance.

Samples are drawn at random from training images, as a perfect generator would draw them, and
measured against the reference that fakes are measured against. The mean over draws is the
floor, the deviation over draws its chance spread.
Draws of a large part of all images are too much alike. So the spread is measured on at most a
quarter of them, and on `SMALL` images at most, which costs less, and carried over to N by

    deviation(N) = deviation(n) * sqrt(n / N) / sqrt(1 - n / T),

T the number of training images: means vary as 1 / sqrt(N), and a draw of n of T images without
replacement varies less than n independent ones by the second root. (KID, Frechet and sliced
Wasserstein distance of reals vary as 1 / N, so their limits err on the side of caution where N
is larger than `SMALL`.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo import seeds
from ganzoo.metrics.prdc import K
from ganzoo.metrics.sample import Sample

DRAWS = 40  # The deviation of so many draws is known to a ninth.
CENTRES = 4  # Draws of N images where the spread was measured on fewer.
SMALL = 400  # Images of a draw for the spread, at most.
PART = 4  # Draws for the spread hold a quarter of all images at most.
LEAST = K + 1  # Images that have a K-th neighbour.


@dataclass(frozen=True)
class Floor:
    """Figures of real images.

    Attributes:
        mean: By the measure's name; `None` where the set has no such measure.
        deviation: Standard deviation of one draw, for the same names.
    """

    mean: dict[str, Any]
    deviation: dict[str, Any]

    def without(self, name: str) -> "Floor":
        """The same, as if the set had no measure of this name."""
        return Floor(self.mean | {name: None}, self.deviation | {name: None})


def chance(measure: Callable[[Sample], dict[str, Any]], training: Sample, count: int) -> Floor:
    """Mean and deviation of measures of `count` real images.

    Args:
        measure: The measures of a sample against as many real images.
        training: All images to draw from.
        count: N.
    """
    n = max(min(count, SMALL, len(training) // PART), LEAST)
    draws = [measure(sample) for sample in _draws(training, n, DRAWS)]
    centres = draws
    if n < count:
        centres = [measure(sample) for sample in _draws(training, count, CENTRES)]
    scale = np.sqrt(n / count) / np.sqrt(max(1 - n / len(training), 1 / PART))
    names = [name for name, value in draws[0].items() if not isinstance(value, list)]
    mean = {name: _of(centres, name, np.mean) for name in names}
    spread = {name: _of(draws, name, _deviation) for name in names}
    deviation = {n: None if s is None else s * float(scale) for n, s in spread.items()}
    return Floor(mean, deviation)


def _draws(training: Sample, count: int, times: int) -> list[Sample]:
    orders = (seeds.rng(0, "floor", i).permutation(len(training)) for i in range(times))
    return [training.take(order[:count]) for order in orders]


def _of(draws: list[dict[str, Any]], name: str, statistic: Any) -> float | None:
    values = [draw[name] for draw in draws]
    return None if values[0] is None else float(statistic(values))


def _deviation(values: list[float]) -> float:
    return float(np.std(values, ddof=1))

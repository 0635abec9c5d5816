"""Images as the measures see them: one row an image, so that parts and mixtures are cheap."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ganzoo.metrics.memorisation import Neighbours


@dataclass(frozen=True)
class Sample:
    """What is known of N images.

    Attributes:
        features: Float64 [N, F].
        probabilities: Of the classes, float64 [N, classes]; `None` without a classifier.
        energies: `ganzoo.metrics.sharpness.energies`, float64 [N, 2].
        neighbours: The nearest real images; `None` for real images that stand in for fakes.
        exact: Whether each image is a training image, pixel for pixel, or its mirror image,
            bool [N]; `None` where that was not looked at.
        asked: The class of each image that was asked for, int [N]; of real images their class.
            `None` where nothing was asked.
    """

    features: np.ndarray
    probabilities: np.ndarray | None
    energies: np.ndarray
    neighbours: Neighbours | None = None
    exact: np.ndarray | None = None
    asked: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.features)

    def take(self, rows: Any) -> "Sample":
        """The images that an index, a slice or a mask of rows names."""
        parts: list[Any] = [None if p is None else _rows(p, rows) for p in _parts(self)]
        return Sample(*parts)

    def first(self, count: int) -> "Sample":
        """The first `count` images."""
        return self.take(slice(count))


def mixture(samples: Sequence[Sample]) -> Sample:
    """All images of samples of one set, one after the other."""
    return Sample(*map(_joined, zip(*map(_parts, samples), strict=True)))


def _parts(sample: Sample) -> tuple[Any, ...]:
    return tuple(getattr(sample, field.name) for field in fields(Sample))


def _rows(part: Any, rows: Any) -> Any:
    return part.take(rows) if isinstance(part, Neighbours) else part[rows]


def _joined(parts: tuple[Any, ...]) -> Any:
    if any(part is None for part in parts):
        return None
    if not isinstance(parts[0], Neighbours):
        return np.concatenate(parts)
    return Neighbours(
        np.concatenate([found.to_training for found in parts]),
        np.concatenate([found.to_held_out for found in parts]),
        np.concatenate([found.row for found in parts]),
        np.concatenate([found.of_training for found in parts]),
        parts[0].null,
    )

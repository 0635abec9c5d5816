"""The real images that samples are measured against."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np

from ganzoo import seeds
from ganzoo.data.image_file import ImageFile
from ganzoo.data.image_set import ImageSet
from ganzoo.data.sheet import by_turns
from ganzoo.metrics.exact_copies import is_among, middles
from ganzoo.metrics.feature_network import FeatureNetwork
from ganzoo.metrics.groups import Groups, groups
from ganzoo.metrics.memorisation import Neighbours, held_out_neighbours
from ganzoo.metrics.modes import CONFIDENT
from ganzoo.metrics.nearness import Limits, limits
from ganzoo.metrics.sample import Sample, mixture
from ganzoo.metrics.sharpness import energies, ratio
from ganzoo.metrics.verdict import BLIND_RECOGNISED

RATED = 1000  # Real images that are looked for among the others, pixel for pixel.
# Images in memory at a time; whole batches of the feature networks, so that it changes no bit.
AT_ONCE = 800


class RealImages:
    """Training images of a set and held-out ones, looked at when they are first needed.

    Where the set has no held-out images, every second training image stands for them.

    Args:
        data: The set.
        count: Images of a sample at most.
        network: Gives the feature network; called when it is first needed.

    Attributes:
        count: `count`, or as many images as there are of each part.
        held_out_part: What the held-out images are, for results.
        all_seen: Whether a generator may have been trained on the held-out images, too.
    """

    def __init__(self, data: ImageSet, count: int, network: Callable[[], FeatureNetwork]):
        self.data = data
        self._network = network
        self.all_seen = data.held_out is None
        if data.held_out is not None:
            self.held_out_part = "held-out images"
            self._held_out_data = data.held_out
            training, held_out = by_turns(data.labels), by_turns(data.held_out.labels)
        else:
            self.held_out_part = "every second training image"
            self._held_out_data = data
            training, held_out = (
                rows[by_turns(data.labels[rows])] for rows in _halves(data.labels)
            )
        self.count = min(count, len(training), len(held_out))
        # As a perfect generator gives them: classes at random, not in equal numbers.
        order = seeds.rng(0, "floor").permutation(len(training))
        # Rows: there may be more images than memory.
        self._training_rows, self._held_out_rows = training[order], held_out
        self._middles: dict[int, tuple[np.ndarray, float]] = {}

    @property
    def network(self) -> FeatureNetwork:
        """The feature network."""
        return self._network()

    @cached_property
    def training(self) -> Sample:
        """Training images, as many as the feature network looks at."""
        return self._look_at(self.data, self._training_rows)

    @cached_property
    def held_out(self) -> Sample:
        """Held-out images, as many as the feature network looks at."""
        return self._look_at(self._held_out_data, self._held_out_rows)

    def _look_at(self, data: ImageSet, rows: np.ndarray) -> Sample:
        network = self._network()
        rows = rows[: max(network.max_images, self.count)]
        some = _some(data.images, rows)
        found = mixture([Sample(*network.of(x), energies(x, data.resolution)) for x in some])
        return replace(found, asked=data.labels[rows] if data.labelled else None)

    @cached_property
    def seen(self) -> np.ndarray:
        """Features [N, F] of the images that a generator may have been trained on."""
        if not self.all_seen:
            return self.training.features
        return np.concatenate([self.training.features, self.held_out.features])

    def seen_images(self, places: np.ndarray) -> np.ndarray:
        """The images of these rows of `seen`, uint8 [N, R, R, C]."""
        first = len(self.training)
        return np.stack(
            [
                self.data.images[self._training_rows[place]]
                if place < first
                else self._held_out_data.images[self._held_out_rows[place - first]]
                for place in places
            ]
        )

    @property
    def part(self) -> float:
        """Share of the training images that was looked at, 0 to 1."""
        return len(self.training) / len(self.data.images)

    @cached_property
    def shares(self) -> np.ndarray:
        """Share of each class in the set, float64 [classes], above 0."""
        labels = np.bincount(self.data.labels, minlength=len(self.data.classes))
        return np.maximum(labels, 1) / np.maximum(labels, 1).sum()

    @cached_property
    def groups(self) -> Groups | None:
        """Groups of real images, where no classifier tells its classes."""
        p = self.held_out.probabilities
        if p is not None and (p.max(axis=1) >= CONFIDENT).mean() >= BLIND_RECOGNISED:
            return None
        return groups(self.training.features)

    @cached_property
    def limits(self) -> Limits:
        """Where copies end and outliers begin."""
        real = self.training.features, self.held_out.features
        return limits(*real, self._held_out_neighbours, both=self.all_seen)

    @cached_property
    def held_out_as_fakes(self) -> Sample:
        """Held-out images, each beside all other real ones: no generator copied any."""
        found = self._held_out_neighbours
        order = seeds.rng(0, "floor of copies").permutation(len(found.row))
        return replace(self.held_out, neighbours=found).take(order)

    @cached_property
    def _held_out_neighbours(self) -> Neighbours:
        return held_out_neighbours(self.training.features, self.held_out.features)

    def common(self, resolution: int) -> int:
        """The smaller of a resolution and the set's."""
        return min(resolution, self.data.resolution)

    def steepness(self, count: int, resolution: int) -> float:
        """Steepness of `count` held-out images at `common(resolution)`; see `sharpness`."""
        if resolution >= self.data.resolution:
            return ratio(self.held_out.energies[:count])
        some = _some(self._held_out_data.images, self._held_out_rows[:count])
        return ratio(np.concatenate([energies(images, resolution) for images in some]))

    def exact_rate(self, resolution: int) -> float:
        """Share of held-out images that are training images, pixel for pixel."""
        return self.middles(self.common(resolution))[1]

    def middles(self, resolution: int) -> tuple[np.ndarray, float]:
        """Middles int64 [N] of images that a generator may have been trained on.

        The second figure is the share of held-out images that are training images, too.
        """
        if resolution not in self._middles:
            size = resolution, self.data.channels
            known = self._middles_of(self._training_rows[: len(self.training)], size)
            others = self._held_out_rows[: len(self.held_out)]
            rated = self._held_out_data.images[others[:RATED]]
            rate = float(is_among(rated, known, *size).mean())
            if self.all_seen:
                known = np.concatenate([known, self._middles_of(others, size)])
            self._middles[resolution] = known, rate
        return self._middles[resolution]

    def _middles_of(self, rows: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        some = _some(self.data.images, rows)
        return np.concatenate([middles(images, *size) for images in some])


def _some(images: np.ndarray | ImageFile, rows: np.ndarray) -> Iterator[np.ndarray]:
    """These rows of the images, `AT_ONCE` at a time."""
    for start in range(0, len(rows), AT_ONCE):
        yield images[rows[start : start + AT_ONCE]]


def _halves(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of two halves, which have each class in common."""
    by_class = np.argsort(labels, kind="stable")
    return np.sort(by_class[0::2]), np.sort(by_class[1::2])

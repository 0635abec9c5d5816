"""Features of points: where they are, and whose mode they belong to. Nothing is fitted."""

import hashlib

import numpy as np

from ganzoo import seeds
from ganzoo.data.image_set import ImageSet
from ganzoo.data.points import are_points
from ganzoo.errors import InputError

NEAR = 3.0  # Standard deviations of a mode, arXiv:1705.07761, section 4.1.


class PointFeatures:
    """The feature network of a set of points: a `FeatureNetwork` without weights.

    A point is of the mode whose centre is nearest, and of none if it is farther from it than
    three standard deviations: those within are the high-quality samples of Srivastava et al.,
    arXiv:1705.07761, and `recognised` is their share.

    Args:
        data: The set, uint8 points [N, 1, 1, 2], a class a mode. Centres and the deviation,
            which all modes share, are those of its training points.
    """

    kind = "places"
    resolution = 1
    max_images = 20_000

    def __init__(self, data: ImageSet):
        places = _places(data.images[:])
        self.classes = data.classes if data.labelled else ()
        rows = [data.labels == i for i in range(len(self.classes))]
        self.centres = np.stack([places[row].mean(axis=0) for row in rows] or [(0.0, 0.0)])
        own = self.centres[data.labels] if self.classes else places.mean(axis=0)
        self.deviation = float(np.sqrt(np.square(places - own).mean()))
        self.mean, self.spread = places.mean(axis=0), places.std(axis=0)

    @property
    def sha256(self) -> str:
        """Checksum of all that the features depend on."""
        numbers = (self.centres.tolist(), self.deviation, self.mean.tolist(), NEAR)
        return hashlib.sha256(repr((numbers, self.classes)).encode()).hexdigest()

    def of(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Places and modes of points.

        Args:
            images: uint8 [N, 1, 1, 2].

        Returns:
            Places float64 [N, 2], of mean 0 and standard deviation 1 on real points, each at
            random within the rounding of its bytes, so that few are equal; and probabilities
            float64 [N, classes], 1 for the mode of a point and 0 elsewhere.

        Raises:
            InputError: If `images` are no points.
        """
        if not are_points(images):
            raise InputError(f"Points are uint8 [N, 1, 1, 2]. Received: {list(images.shape)}.")
        places = _places(images)
        # By the points themselves, so that those of two sets are not moved alike.
        content = hashlib.sha256(np.ascontiguousarray(images).data).hexdigest()
        spread = seeds.rng(0, "rounding", content).uniform(-0.5, 0.5, places.shape)
        features = (places + spread - self.mean) / self.spread
        return features, self._modes(places) if self.classes else None

    def _modes(self, places: np.ndarray) -> np.ndarray:
        apart = np.linalg.norm(places[:, None] - self.centres, axis=2)
        nearest = apart.argmin(axis=1)
        found = np.zeros(apart.shape)
        found[np.arange(len(places)), nearest] = apart.min(axis=1) <= NEAR * self.deviation
        return found


def _places(images: np.ndarray) -> np.ndarray:
    return images.reshape(-1, 2).astype(float)

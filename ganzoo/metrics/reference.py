"""The figures of a sample against as many real images."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo.metrics.distances import kth_neighbour
from ganzoo.metrics.frechet import frechet, moments
from ganzoo.metrics.groups import Groups
from ganzoo.metrics.kid import kid, mean_within
from ganzoo.metrics.memorisation import near_copies, near_copy_distance
from ganzoo.metrics.modes import as_asked, modes
from ganzoo.metrics.prdc import K, prdc
from ganzoo.metrics.sample import Sample
from ganzoo.metrics.sharpness import ratio
from ganzoo.metrics.slices import sliced_wasserstein, slices
from ganzoo.metrics.vendi import vendi

NAMES_OF_MODES = ("modes", "reached", "recognised", "as_asked", "kl", "histogram")


@dataclass(frozen=True)
class Reference:
    """N real images, and what measures need of them again and again.

    Attributes:
        features: Of the real images, float64 [N, F].
        radii: Distance of each to its `K`-th neighbour, [N].
        moments: Of a Gaussian fitted to the features, see `ganzoo.metrics.frechet`.
        slices: Of the features, see `ganzoo.metrics.slices`.
        within: Mean kernel of two real images, see `ganzoo.metrics.kid`.
        near: Distance within which two images are near-copies.
        shares: Share of each class in the set, [classes].
        groups: Of all real images; `None` where classes are told instead.
    """

    features: np.ndarray
    radii: np.ndarray
    moments: tuple[np.ndarray, np.ndarray]
    slices: np.ndarray
    within: float
    near: float
    shares: np.ndarray
    groups: Groups | None

    def measure(self, sample: Sample, steepness: float) -> dict[str, Any]:
        """The measures of a sample that need no training images.

        Args:
            sample: As many images as the reference has.
            steepness: Of the real images, at the resolution of the sample's energies.
        """
        x, y = sample.features, self.features
        four = prdc(y, x, radii=self.radii)
        return {
            **self._modes(sample),
            "groups": None if self.groups is None else self.groups.shown(x),
            "kid": kid(x, y, self.within),
            "frechet": frechet(x, y, self.moments),
            "sliced_wasserstein": sliced_wasserstein(x, y, self.slices),
            "precision": four.precision,
            "recall": four.recall,
            "density": four.density,
            "coverage": four.coverage,
            "vendi": vendi(x),
            "near_copies": near_copies(x, self.near),
            # Without any contrast among real images there is nothing to be as sharp as.
            "sharpness": ratio(sample.energies) / steepness if steepness else None,
        }

    def _modes(self, sample: Sample) -> dict[str, Any]:
        if sample.probabilities is None:
            return dict.fromkeys(NAMES_OF_MODES)
        found, asked = modes(sample.probabilities, self.shares), sample.asked
        return {
            "modes": found.covered,
            "reached": found.reached,
            "recognised": found.recognised,
            "as_asked": None if asked is None else as_asked(sample.probabilities, asked),
            "kl": found.kl,
            "histogram": found.histogram.tolist(),
        }


def reference(
    features: np.ndarray, shares: np.ndarray, groups: Groups | None = None
) -> Reference:
    """The reference of real images, by their features [N, F] and what is known of the set."""
    return Reference(
        features=features,
        radii=kth_neighbour(features, K),
        moments=moments(features),
        slices=slices(features),
        within=mean_within(features),
        near=near_copy_distance(features),
        shares=shares,
        groups=groups,
    )

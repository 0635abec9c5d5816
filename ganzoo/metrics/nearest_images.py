"""The training image that is nearest to each of some images."""

import numpy as np

from ganzoo.metrics.distances import nearest_row
from ganzoo.metrics.real_images import RealImages


def nearest_images(real: RealImages, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nearest training images, by the features that measures look at.

    Args:
        real: The set.
        images: uint8 [N, S, S, C] of any size S.

    Returns:
        The training images, uint8 [N, R, R, C] at the set's resolution R, and their distances,
        float64 [N], in units of the median distance from a held-out image to its nearest
        training image: 0 for a copy, about 1 for an image as new as a held-out one.
    """
    features, _ = real.network.of(images)
    distances, places = nearest_row(features, real.seen)
    usual, _ = nearest_row(real.held_out.features, real.training.features)
    return real.seen_images(places), distances / (np.median(usual) or 1.0)

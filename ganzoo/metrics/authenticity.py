"""Authenticity: the share of images that are not made by moving a training image a little.

Alaa et al., arXiv:2102.08921, section 4.3: an image counts as a copy if it is nearer to its
nearest training image than any other training image is. Of N images,

    authenticity = share with  distance of the nearest training image to its nearest other one
                             < distance to the nearest training image.

Copies alone have 0, images unlike every training image 1. Fresh real images have about a half:
the nearer of two neighbours is as often the fresh one. So it is not the share of images that
are no copies, and means something only beside what real images give.
"""

import numpy as np

from ganzoo.metrics.distances import nearest_other, nearest_row
from ganzoo.metrics.memorisation import rounding

CLOSE = 1 - 1e-6  # A distance is smaller by more than rounding.


def authentic(distance: np.ndarray, row: np.ndarray, training: np.ndarray) -> np.ndarray:
    """Which of N images are authentic, bool [N].

    Args:
        distance: To the nearest training image, float64 [N].
        row: Which training image that is, int64 [N].
        training: Features of the training images, [T, F]; T >= 2. Where the images are
            themselves among them, each is held against the others, and the answer is the same
            as if it were not.
    """
    rows, place = np.unique(row, return_inverse=True)
    apart = nearest_other(training, rows)[0][place]
    return (apart < CLOSE * distance) & (distance > rounding(training))


def authenticity(fake: np.ndarray, training: np.ndarray) -> float:
    """The share of fakes [N, F] that are authentic beside training images [T, F], 0 to 1."""
    return float(authentic(*nearest_row(fake, training), training).mean())


def deviation(share: float, row: np.ndarray) -> float:
    """Standard deviation by chance of the share of images that are authentic.

    Images with the same nearest training image are taken to have the same answer.

    Args:
        share: What is expected of each image, 0 to 1.
        row: Which training image is nearest to each image, int64 [N].
    """
    shared = np.bincount(np.unique(row, return_inverse=True)[1])
    return float(np.sqrt(share * (1 - share) * np.square(shared).sum()) / len(row))

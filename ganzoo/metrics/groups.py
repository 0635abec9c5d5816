"""Groups of like images, in the place of modes where a set has no classes.

The features of real images are parted into groups by k-means (Lloyd 1982). A sample shows a
group if it has a tenth of the group's share among real images there, as with modes. After
Richardson and Weiss, arXiv:1805.12462, section 3, who test the share of each group.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.cluster.vq import kmeans2

from ganzoo.metrics.distances import blocks
from ganzoo.metrics.modes import covered

GROUPS = 20
MOST = 4000  # Images that groups are made from.
FEWEST = 10  # Images a group, where a set is small.


@dataclass(frozen=True)
class Groups:
    """Centres float64 [K, F], and the share of real images in each group [K]."""

    centres: np.ndarray
    shares: np.ndarray

    def of(self, features: np.ndarray) -> np.ndarray:
        """The group of each image, int64 [N], by its features [N, F]."""
        parts = [block.argmin(axis=1) for _, block in blocks(features, self.centres)]
        return np.concatenate(parts)

    def shown(self, features: np.ndarray) -> int:
        """How many groups a sample shows."""
        histogram = np.bincount(self.of(features), minlength=len(self.centres))
        return int(covered(histogram, self.shares, len(features)).sum())


def groups(real: np.ndarray) -> Groups:
    """Groups of real images by their features [N, F]: 20, of small sets fewer."""
    real = real[:MOST]
    count = max(1, min(GROUPS, len(real) // FEWEST))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # That a group is empty: it is left out below.
        centres, labels = kmeans2(real, count, minit="++", seed=0, iter=20)
    sizes = np.bincount(labels, minlength=count)
    return Groups(centres[sizes > 0], sizes[sizes > 0] / len(real))

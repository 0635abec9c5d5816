"""Which images each step shows: a function of (seed, step)."""

import functools

import numpy as np

from ganzoo import seeds
from ganzoo.data.domains import of_domain
from ganzoo.data.image_set import ImageSet


class DataOrder:
    """All images in a new order each epoch, read in pieces.

    Args:
        images: Number of images in the set.
        seed: The run's seed.
        purpose: Orders for one purpose are not those for another.
    """

    def __init__(self, images: int, seed: int, purpose: str = "data_order"):
        self.images = images
        self.seed = seed
        self.purpose = purpose
        self._epoch = functools.lru_cache(maxsize=2)(self._permutation)

    def _permutation(self, epoch: int) -> np.ndarray:
        return seeds.rng(self.seed, self.purpose, epoch).permutation(self.images)

    def rows(self, start: int, steps: int, size: int) -> np.ndarray:
        """Indices for `steps` steps of `size` images, after `start` images.

        Returns:
            int32 array [steps, size].
        """
        places = np.arange(start, start + steps * size)
        epochs, within = np.divmod(places, self.images)
        order = np.empty(len(places), np.int32)
        for epoch in np.unique(epochs):
            order[epochs == epoch] = self._epoch(int(epoch))[within[epochs == epoch]]
        return order.reshape(steps, size)


class DomainOrder:
    """Rows of two domains in one set, each in an order of its own; or of pairs in one order.

    Args:
        data: A set of two classes, the domains.
        seed: The run's seed.
        paired: Whether the first image of one domain belongs to the first of the other, and so
            on.
    """

    def __init__(self, data: ImageSet, seed: int, paired: bool):
        self.domains = [of_domain(data, index) for index in (0, 1)]
        purposes = ["pairs", "pairs"] if paired else ["data_order_a", "data_order_b"]
        self.orders = [
            DataOrder(len(rows), seed, purpose)
            for rows, purpose in zip(self.domains, purposes, strict=True)
        ]

    def rows(self, start: int, steps: int, size: int) -> np.ndarray:
        """Indices for `steps` steps of `size` images, half of each domain.

        Returns:
            int32 array [steps, size / 2, 2].
        """
        found = (
            domain[order.rows(start // 2, steps, size // 2)]
            for domain, order in zip(self.domains, self.orders, strict=True)
        )
        return np.stack(list(found), axis=-1).astype(np.int32)

"""Which images each step shows: a function of (seed, step)."""

import functools

import numpy as np

from ganzoo import seeds


class DataOrder:
    """All images in a new order each epoch, read in pieces.

    Args:
        images: Number of images in the set.
        seed: The run's seed.
    """

    def __init__(self, images: int, seed: int):
        self.images = images
        self.seed = seed
        self._epoch = functools.lru_cache(maxsize=2)(self._permutation)

    def _permutation(self, epoch: int) -> np.ndarray:
        return seeds.rng(self.seed, "data_order", epoch).permutation(self.images)

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

"""Random numbers of augmentations: one for each image, the same however a batch is shared."""

from typing import Any

import keras
from keras import ops

from ganzoo import backend


class Draws:
    """Draws a number for each image of a batch, shaped [N, 1, 1, 1].

    Args:
        images: The batch, [N, H, W, C].
        seed: Source of random numbers; each draw takes others from it.
    """

    def __init__(self, images: Any, seed: keras.random.SeedGenerator):
        self.shape = (backend.global_batch_size(ops.shape(images)[0]), 1, 1, 1)
        self.seed = seed

    def uniform(self, low: float = 0.0, high: float = 1.0) -> Any:
        """From `low` to `high`, float32."""
        drawn = keras.random.uniform(self.shape, dtype="float32", seed=self.seed)
        return low + (high - low) * backend.local_rows(drawn)

    def normal(self, deviation: float) -> Any:
        """Of mean 0, float32."""
        drawn = keras.random.normal(self.shape, dtype="float32", seed=self.seed)
        return deviation * backend.local_rows(drawn)

    def whole(self, low: int, high: int) -> Any:
        """Whole numbers from `low` to `high`, both included, as float32."""
        return ops.floor(self.uniform(low, high + 1))

    def happens(self, probability: Any) -> Any:
        """1 with that probability and 0 otherwise, float32."""
        return ops.cast(self.uniform() < probability, "float32")

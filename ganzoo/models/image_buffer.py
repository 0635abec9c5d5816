"""Translations of earlier steps, some of which a discriminator is shown again."""

from typing import Any

import keras
from keras import ops


class ImageBuffer:
    """A pool of earlier fakes: Shrivastava et al., arXiv:1612.07828, section 2.3.

    As in CycleGAN (arXiv:1703.10593, section 7.1), with a batch at a time: until the pool is
    full, fakes go into it and are shown as they are. Then each fake of a batch is exchanged
    with probability 1/2: it takes the place of one in the pool, which is shown instead. The
    places of a batch are different ones, so no fake meets another of its batch. Of a batch of
    more fakes than the pool has places, those beyond are shown as they are.

    Args:
        model: The model, which holds the variables.
        size: Places of the pool; with 0 fakes are shown as they are.
        shape: Height, width and channels of an image.
        name: Of the variables.
    """

    def __init__(self, model: keras.Model, size: int, shape: tuple[int, ...], name: str):
        self.size, self.name = size, name
        options: Any = {"initializer": "zeros", "trainable": False}
        if size:
            self.images = model.add_weight(
                shape=(size, *shape), dtype="float32", name=f"{name}_images", **options
            )
            self.filled = model.add_weight(
                shape=(), dtype="int32", name=f"{name}_filled", **options
            )

    def named_variables(self) -> dict[str, Any]:
        """The pool and how many places are filled, under stable names."""
        if not self.size:
            return {}
        return {f"{self.name}/images": self.images, f"{self.name}/filled": self.filled}

    def exchanged(self, fakes: Any, seed: keras.random.SeedGenerator) -> Any:
        """What the discriminator is shown, float32 [N, H, W, C]; the pool changes.

        Args:
            fakes: The newest fakes, float32 [N, H, W, C].
            seed: Decides which are exchanged, and with which.
        """
        if not self.size:
            return fakes
        now, later = fakes[: self.size], fakes[self.size :]
        n = ops.shape(now)[0]
        pool, filled = ops.convert_to_tensor(self.images), ops.convert_to_tensor(self.filled)
        full = ops.equal(filled, self.size)
        slots = ops.arange(self.size, dtype="int32")
        # The row of the batch that each place of the pool is for; n or more: of none.
        drawn = ops.argsort(keras.random.uniform((self.size,), seed=seed))
        row = ops.where(full, ops.cast(drawn, "int32"), (slots - filled) % self.size)
        coins = keras.random.uniform((self.size,), seed=seed) < 0.5
        taken = ops.where(full, ops.take(coins, row, axis=0), slots >= filled)
        taken = ops.logical_and(taken, row < n)
        place = ops.argsort(row)[:n]  # The inverse: the place that each row is for.
        old = ops.logical_and(full, ops.take(taken, place, axis=0))
        shown = ops.where(_as_images(old), ops.take(pool, place, axis=0), now)
        newest = ops.take(now, ops.minimum(row, n - 1), axis=0)
        # After all that reads them: on PyTorch a variable changes in place.
        self.images.assign(ops.where(_as_images(taken), newest, pool))
        self.filled.assign(ops.minimum(filled + n, self.size))
        return ops.concatenate([shown, later], axis=0)


def _as_images(choice: Any) -> Any:
    """[N] to [N, 1, 1, 1]."""
    return ops.reshape(choice, (-1, 1, 1, 1))

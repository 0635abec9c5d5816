"""The change of images that consistency penalties make: each moves a little."""

from typing import Any

import keras
from keras import ops

from ganzoo import backend


def shifted(images: Any, share: float, seed: keras.random.SeedGenerator) -> Any:
    """Each image moved by a whole number of pixels on each axis, uniform.

    What comes in at an edge repeats the pixels of that edge, so that the ground stays what it
    was. Nothing is flipped or turned: a letter would become another.

    Args:
        images: [N, H, W, C].
        share: The largest move, as a share of the side.
        seed: Source of random numbers.
    """
    n = ops.shape(images)[0]
    height, width = images.shape[1:3]
    rows = _places(n, height, share, seed)
    columns = _places(n, width, share, seed)
    first = ops.arange(n)[:, None, None] * (height * width)
    flat = first + rows[:, :, None] * width + columns[:, None, :]
    pixels = ops.reshape(images, (-1, images.shape[-1]))
    return ops.reshape(ops.take(pixels, flat, axis=0), ops.shape(images))


def _places(n, side, share, seed):
    """Where each row or column of an image is taken from: int32 [N, side]."""
    most = round(share * side)
    u = keras.random.uniform((backend.global_batch_size(n), 1), dtype="float32", seed=seed)
    moves = ops.cast(ops.floor(backend.local_rows(u) * (2 * most + 1)), "int32") - most
    return ops.clip(ops.arange(side)[None] + moves, 0, side - 1)

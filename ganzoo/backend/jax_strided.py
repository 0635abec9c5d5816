"""Strided convolutions as matrix products, for the CPU."""

import jax
import jax.numpy as jnp

from ganzoo.backend import strided


def halve(images, kernel):
    """The 4 x 4 convolution with stride 2 and padding 1: [N, H, W, C] to [N, H/2, W/2, F].

    On the CPU it is a matrix product with the 16 pixels that each output sees: XLA has a fast
    kernel for the convolution, but none for the gradients of its gradient.

    Args:
        images: [N, H, W, C], H and W even.
        kernel: [4, 4, C, F].
    """
    if jax.default_backend() != "cpu":
        return strided.halve(images, kernel)
    n, h, w, c = images.shape
    padded = jnp.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    pairs = padded.reshape(n, h // 2 + 1, 2, w // 2 + 1, 2, c)
    fours = jnp.concatenate([pairs[:, :-1], pairs[:, 1:]], axis=2)
    fours = jnp.concatenate([fours[:, :, :, :-1], fours[:, :, :, 1:]], axis=4)
    seen = fours.transpose(0, 1, 3, 2, 4, 5).reshape(n, h // 2, w // 2, 16 * c)
    return seen @ kernel.reshape(16 * c, -1)


def double(images, kernel):
    """The transpose of `halve`: [N, H, W, C] to [N, 2H, 2W, F].

    Args:
        images: [N, H, W, C].
        kernel: [4, 4, F, C].
    """
    if jax.default_backend() != "cpu":
        return strided.double(images, kernel)
    n, h, w, c = images.shape
    shown = (images @ kernel.reshape(-1, c).T).reshape(n, h, w, 4, 4, -1)
    fours = shown.transpose(0, 1, 3, 2, 4, 5)
    pairs = _overlap(fours[:, :, :2], fours[:, :, 2:], axis=1)
    pairs = _overlap(pairs[:, :, :, :, :2], pairs[:, :, :, :, 2:], axis=3)
    return pairs.reshape(n, 2 * h + 2, 2 * w + 2, -1)[:, 1:-1, 1:-1]


def _overlap(first, second, axis):
    """Their sum, with `second` one place further along `axis`."""
    after, before = ([(0, 0)] * first.ndim for _ in range(2))
    after[axis], before[axis] = (0, 1), (1, 0)
    return jnp.pad(first, after) + jnp.pad(second, before)

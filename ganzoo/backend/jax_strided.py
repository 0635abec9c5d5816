"""Strided convolutions, each derivative of them in the form that is fast on the CPU.

`halve` is linear in its images and in its kernel, and so are `double`, its transpose in the
images, and `_kernel_gradient`, its transpose in the kernel. The derivatives of each are the
other two, so that a gradient's own gradient needs none but these three. XLA's rules for
convolutions end in ones of dilated images and kernels there, which are slow on a CPU.
"""

import jax
import jax.numpy as jnp

from ganzoo.backend import strided

# Below so many channels a product with what each output sees is faster than XLA's convolution.
FEW_CHANNELS = 8


def halve(images, kernel):
    """The 4 x 4 convolution with stride 2: [N, H, W, C] to [N, H/2, W/2, F], rounded up.

    Args:
        images: [N, H, W, C].
        kernel: [4, 4, C, F].
    """
    if jax.default_backend() != "cpu" or not strided.even(images):
        return strided.halve(images, kernel)
    return _halve(images, kernel)


def double(images, kernel):
    """The transpose of `halve`: [N, H, W, C] to [N, 2H, 2W, F].

    Args:
        images: [N, H, W, C].
        kernel: [4, 4, F, C].
    """
    if jax.default_backend() != "cpu":
        return strided.double(images, kernel)
    return _double(images, kernel)


@jax.custom_vjp
def _halve(images, kernel):
    if images.shape[-1] >= FEW_CHANNELS:
        return _convolution(images, kernel, strides=(2, 2))
    return _seen(images) @ kernel.reshape(-1, kernel.shape[-1])


@jax.custom_vjp
def _double(images, kernel):
    n, h, w, _ = images.shape
    channels = kernel.shape[2]
    if channels >= FEW_CHANNELS:
        # A pixel of four outputs at a time: two rows and two columns of a block.
        quarters = kernel.reshape(2, 2, 2, 2, channels, -1).transpose(0, 2, 5, 1, 3, 4)
        quarters = quarters.reshape(2, 2, -1, 4 * channels)
        first, second = (_overlap(images @ a, images @ b, axis=2) for a, b in quarters)
        blocks = _overlap(first, second, axis=1).reshape(n, h + 1, w + 1, 2, 2, channels)
        pairs = blocks.transpose(0, 1, 3, 2, 4, 5)
    else:
        shown = (images @ kernel.reshape(-1, kernel.shape[3]).T).reshape(n, h, w, 4, 4, -1)
        fours = shown.transpose(0, 1, 3, 2, 4, 5)
        pairs = _overlap(fours[:, :, :2], fours[:, :, 2:], axis=1)
        pairs = _overlap(pairs[:, :, :, :, :2], pairs[:, :, :, :, 2:], axis=3)
    return pairs.reshape(n, 2 * h + 2, 2 * w + 2, -1)[:, 1:-1, 1:-1]


@jax.custom_vjp
def _kernel_gradient(images, halved):
    """The gradient of sum(halve(images, kernel) * halved) in the kernel: [4, 4, C, F].

    Axes are put in XLA's order here: inside a `cond` it does not do so itself, and is slow.
    """
    images, halved = images.transpose(3, 1, 2, 0), halved.transpose(1, 2, 0, 3)
    return _convolution(images, halved, rhs_dilation=(2, 2)).transpose(1, 2, 0, 3)


_halve.defvjp(
    lambda images, kernel: (_halve(images, kernel), (images, kernel)),
    lambda kept, halved: (_double(halved, kept[1]), _kernel_gradient(kept[0], halved)),
)
_double.defvjp(
    lambda images, kernel: (_double(images, kernel), (images, kernel)),
    lambda kept, doubled: (_halve(doubled, kept[1]), _kernel_gradient(doubled, kept[0])),
)
_kernel_gradient.defvjp(
    lambda images, halved: (_kernel_gradient(images, halved), (images, halved)),
    lambda kept, kernel: (_double(kept[1], kernel), _halve(kept[0], kernel)),
)


def _convolution(images, kernel, strides=(1, 1), **dilation):
    layout = ("NHWC", "HWIO", "NHWC")
    return jax.lax.conv_general_dilated(
        images, kernel, strides, ((1, 1), (1, 1)), dimension_numbers=layout, **dilation
    )


def _seen(images):
    """The 16 pixels that each output sees: [N, H/2, W/2, 16 C]."""
    n, h, w, c = images.shape
    padded = jnp.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    pairs = padded.reshape(n, h // 2 + 1, 2, w // 2 + 1, 2, c)
    fours = jnp.concatenate([pairs[:, :-1], pairs[:, 1:]], axis=2)
    fours = jnp.concatenate([fours[:, :, :, :-1], fours[:, :, :, 1:]], axis=4)
    return fours.transpose(0, 1, 3, 2, 4, 5).reshape(n, h // 2, w // 2, 16 * c)


def _overlap(first, second, axis):
    """Their sum, with `second` one place further along `axis`."""
    after, before = ([(0, 0)] * first.ndim for _ in range(2))
    after[axis], before[axis] = (0, 1), (1, 0)
    return jnp.pad(first, after) + jnp.pad(second, before)

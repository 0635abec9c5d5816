"""Strided convolutions, as Keras has them."""

import keras


def halve(images, kernel):
    """The 4 x 4 convolution with stride 2: [N, H, W, C] to [N, H/2, W/2, F], rounded up."""
    return keras.ops.conv(images, kernel, 2, "same", data_format="channels_last")


def double(images, kernel):
    """The transpose of `halve`: [N, H, W, C] to [N, 2H, 2W, F]; `kernel` [4, 4, F, C]."""
    return keras.ops.conv_transpose(images, kernel, 2, "same", data_format="channels_last")


def even(images):
    """Whether H and W are known and even, without which only the form here halves them."""
    return all(side is not None and side % 2 == 0 for side in images.shape[1:3])

"""Strided convolutions, as Keras has them."""

import keras


def halve(images, kernel):
    """The 4 x 4 convolution with stride 2 and padding 1: [N, H, W, C] to [N, H/2, W/2, F]."""
    return keras.ops.conv(images, kernel, 2, "same", data_format="channels_last")


def double(images, kernel):
    """The transpose of `halve`: [N, H, W, C] to [N, 2H, 2W, F]; `kernel` [4, 4, F, C]."""
    return keras.ops.conv_transpose(images, kernel, 2, "same", data_format="channels_last")

"""Sizes doubled and halved without aliasing."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("ganzoo")
class Blur(keras.layers.Layer):
    """Each feature map filtered by [1, 2, 1] / 4 along both axes; edges are continued.

    Zhang, arXiv:1904.11486. Written as sums of shifted maps, which every backend
    differentiates twice. Shapes stay as they are.
    """

    joint_batch = True

    def call(self, x):
        for axis in (1, 2):
            size = x.shape[axis]
            before = ops.concatenate([_at(x, axis, 0, 1), _at(x, axis, 0, size - 1)], axis)
            after = ops.concatenate([_at(x, axis, 1, size), _at(x, axis, size - 1, size)], axis)
            x = (before + 2 * x + after) / 4
        return x

    def compute_output_shape(self, shape):
        return shape


def doubled(x, name):
    """Bilinear: pixels doubled, then blurred, [N, H, W, C] to [N, 2 H, 2 W, C]."""
    x = layers.UpSampling2D(2, data_format="channels_last", name=f"{name}_doubled")(x)
    return Blur(name=f"{name}_blur")(x)


def halved(x, name):
    """Blurred, then the means of 2 x 2 pixels: [1, 3, 3, 1] / 8 along both axes."""
    x = Blur(name=f"{name}_blur")(x)
    return layers.AveragePooling2D(2, data_format="channels_last", name=f"{name}_halved")(x)


def _at(x, axis, start, stop):
    places = [slice(None)] * 4
    places[axis] = slice(start, stop)
    return x[tuple(places)]

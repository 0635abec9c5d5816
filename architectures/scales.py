"""Layers that mark images at smaller sizes inside a generator and a discriminator."""

import keras
from keras import layers


@keras.saving.register_keras_serializable("ganzoo")
class SmallerImage(keras.layers.Layer):
    """Marks an image of a generator at a smaller size, before tanh; leaves it as it is."""

    joint_batch = True

    def call(self, image):
        return image

    def compute_output_shape(self, shape):
        return shape


@keras.saving.register_keras_serializable("ganzoo")
class HalvedImage(layers.AveragePooling2D):
    """The means of 2 x 2 pixels; in whose place a discriminator may be given another image.

    [N, H, W, C] to [N, H / 2, W / 2, C].
    """

    joint_batch = True

    def __init__(self, **kwargs):
        super().__init__(**{"pool_size": 2, "data_format": "channels_last", **kwargs})

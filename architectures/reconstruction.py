"""Layers at the end of a discriminator that is an autoencoder."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("ganzoo")
class Code(keras.layers.Layer):
    """Marks an autoencoder's code, [N, F], and leaves it as it is.

    `ganzoo.networks.Features` takes the code as the features of such a discriminator.
    """

    joint_batch = True

    def call(self, code):
        return code

    def compute_output_shape(self, shape):
        return shape


@keras.saving.register_keras_serializable("ganzoo")
class ReconstructionScore(keras.layers.Layer):
    """Minus the error of a reconstruction: two batches [N, H, W, C] to [N, 1].

    The error is the mean of |made - image|^power over pixels and channels, so that it does not
    grow with the resolution.

    Args:
        power: 1 for the absolute difference, 2 for its square.
    """

    joint_batch = True

    def __init__(self, power=1, **kwargs):
        super().__init__(**kwargs)
        self.power = power

    def call(self, inputs):
        made, image = inputs
        apart = ops.abs(made - image)
        errors = apart if self.power == 1 else ops.power(apart, self.power)
        return -ops.mean(ops.reshape(errors, (ops.shape(errors)[0], -1)), 1, keepdims=True)

    def compute_output_shape(self, shapes):
        return (shapes[0][0], 1)

    def get_config(self):
        return super().get_config() | {"power": self.power}

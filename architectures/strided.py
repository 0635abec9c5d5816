"""The convolutions of DCGAN that halve and double a size."""

import keras
from keras import ops

from ganzoo import backend

FIXED = {"kernel_size": 4, "strides": 2, "padding": "same", "data_format": "channels_last"}


@keras.saving.register_keras_serializable("ganzoo")
class HalvingConv2D(keras.layers.Conv2D):
    """A 4 x 4 convolution with stride 2: [N, H, W, C] to [N, H / 2, W / 2, filters].

    Keras's layer, in the form that is fast on the backend, also where it is differentiated
    twice.

    Args:
        filters: Features of the output.
    """

    side_by_side = True

    def __init__(self, filters, **kwargs):
        super().__init__(filters, **FIXED, **kwargs)

    def convolution_op(self, inputs, kernel):
        return backend.halve(inputs, ops.convert_to_tensor(kernel))

    def get_config(self):
        return _without_fixed(super().get_config())


@keras.saving.register_keras_serializable("ganzoo")
class DoublingConv2D(keras.layers.Conv2DTranspose):
    """Its transpose: [N, H, W, C] to [N, 2 H, 2 W, filters].

    Args:
        filters: Features of the output.
    """

    side_by_side = True

    def __init__(self, filters, **kwargs):
        super().__init__(filters, **FIXED, **kwargs)

    def call(self, inputs):
        outputs = backend.double(inputs, ops.convert_to_tensor(self.kernel))
        return outputs if self.bias is None else outputs + self.bias

    def get_config(self):
        return _without_fixed(super().get_config())


def _without_fixed(config):
    return {key: value for key, value in config.items() if key not in FIXED}

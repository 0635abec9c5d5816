"""The convolutions of DCGAN that halve and double a size."""

import math

import keras
from keras import ops

from ganzoo import backend

FIXED = {"kernel_size": 4, "strides": 2, "padding": "same", "data_format": "channels_last"}
# Of 3 places along an axis, those that meet a doubled pixel in each of 4.
SUMS = ((0, 0, 1), (0, 1, 1), (1, 1, 0), (1, 0, 0))


@keras.saving.register_keras_serializable("ganzoo")
class HalvingConv2D(keras.layers.Conv2D):
    """A 4 x 4 convolution with stride 2: [N, H, W, C] to [N, H / 2, W / 2, filters].

    Keras's layer, whose half of an odd size is rounded up; for even ones in the form that is
    fast on the backend, also where it is differentiated twice.

    Args:
        filters: Features of the output.
    """

    joint_batch = True

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

    joint_batch = True

    def __init__(self, filters, **kwargs):
        super().__init__(filters, **FIXED, **kwargs)

    def call(self, inputs):
        outputs = backend.double(inputs, ops.convert_to_tensor(self.kernel))
        return outputs if self.bias is None else outputs + self.bias

    def get_config(self):
        return _without_fixed(super().get_config())


@keras.saving.register_keras_serializable("ganzoo")
class ResizingConv2D(keras.layers.Conv2D):
    """Each pixel doubled, then a 3 x 3 convolution: [N, H, W, C] to [N, 2 H, 2 W, filters].

    `UpSampling2D(2)` and `Conv2D(filters, 3, padding="same")` as one transposed convolution,
    equal and at its cost: of a 4 x 4 kernel, the 3 x 3 one (turned) summed over 2 x 2 places.
    All four output pixels of an even surface are the same, so that none shows a checkerboard
    (Odena et al., Deconvolution and Checkerboard Artifacts, doi:10.23915/distill.00003).

    Args:
        filters: Features of the output.
    """

    joint_batch = True

    def __init__(self, filters, **kwargs):
        super().__init__(filters, **FIXED | {"kernel_size": 3, "strides": 1}, **kwargs)

    def convolution_op(self, inputs, kernel):
        kernel = ops.convert_to_tensor(kernel)
        sums = ops.cast(SUMS, kernel.dtype)
        wide = ops.einsum("ia,jb,abcf->ijfc", sums, sums, kernel)
        return backend.double(inputs, wide)

    def flops(self, taken, given):
        """Operations for one image of these shapes, a multiply-add as two."""
        return 2 * 4 * 4 * math.prod(self.kernel.shape[2:]) * math.prod(taken[0][1:3])

    def compute_output_shape(self, shape):
        n, *sides, _ = shape
        return (n, *(side and 2 * side for side in sides), self.filters)

    def get_config(self):
        return _without_fixed(super().get_config())


def _without_fixed(config):
    return {key: value for key, value in config.items() if key not in FIXED}

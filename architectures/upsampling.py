"""Ways to double a size by a convolution, by name."""

import keras
from keras import ops

from ganzoo.architectures.initial import he
from ganzoo.architectures.linear import convolution
from ganzoo.architectures.strided import DoublingConv2D, ResizingConv2D


@keras.saving.register_keras_serializable("ganzoo")
class DepthToSpace(keras.layers.Layer):
    """Rearranges four channels into 2 x 2 pixels: [N, H, W, 4C] to [N, 2H, 2W, C].

    Shi et al., arXiv:1609.05158, section 3.2.
    """

    joint_batch = True

    def call(self, x):
        return ops.depth_to_space(x, 2, data_format="channels_last")

    def compute_output_shape(self, shape):
        n, h, w, c = shape
        return (n, 2 * h, 2 * w, c // 4)


def transposed(architecture, x, features, name, **options):
    """A 4 x 4 transposed convolution: [N, H, W, C] to [N, 2 H, 2 W, features]."""
    # A variance of 1 over the inputs: a pixel sees a quarter of a kernel, and Keras takes
    # a transposed kernel's inputs for its outputs.
    make = keras.initializers.VarianceScaling
    initializer = architecture.initializer(name, make, scale=4.0, mode="fan_out")
    options["kernel_initializer"] = initializer
    return architecture.keep(DoublingConv2D, features, name=name, **options)(x)


def resize(architecture, x, features, name, **options):
    """Pixels doubled, then a 3 x 3 convolution: [N, H, W, C] to [N, 2 H, 2 W, features]."""
    options["kernel_initializer"] = he(architecture, name)
    return architecture.keep(ResizingConv2D, features, name=name, **options)(x)


def sub_pixel(architecture, x, features, name, **options):
    """A 3 x 3 convolution to 2 x 2 pixels: [N, H, W, C] to [N, 2 H, 2 W, features]."""
    x = convolution(architecture, x, 4 * features, name, **options)
    return DepthToSpace(name=f"{name}_shuffle", **options)(x)


UPSAMPLINGS = {"transposed": transposed, "resize": resize, "sub-pixel": sub_pixel}
# Weights of each for a pair of features.
KERNELS = {"transposed": 16, "resize": 9, "sub-pixel": 4 * 9}

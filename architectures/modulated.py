"""Layers that a style modulates: what StyleGAN2 makes images of."""

import math

import keras
from keras import layers, ops

from ganzoo.architectures.initial import he
from ganzoo.architectures.linear import KERAS, dense


@keras.saving.register_keras_serializable("ganzoo")
class Modulated(keras.layers.Layer):
    """A convolution whose input features a style scales, sample by sample.

    Karras et al., arXiv:1912.04958, equations 1 and 3: features [N, H, W, C] and styles [N, C]
    to [N, H', W', F], as if each sample's kernel were w[..., c, f] * s[c], and divided by its
    length over all inputs where `demodulate` is set. The scale is put on the features before
    the convolution and the division after it, which is the same and takes one convolution for
    the batch.

    Args:
        layer: A convolution without a bias, activation `None`.
        demodulate: Whether the output is divided.
    """

    joint_batch = True

    def __init__(self, layer, demodulate=True, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer
        self.demodulate = demodulate

    def build(self, shapes):
        if not self.layer.built:
            self.layer.build(shapes[0])
        self.bias = self.add_weight(
            shape=(self.layer.kernel.shape[-1],), initializer="zeros", name="bias"
        )
        self.built = True

    def call(self, inputs):
        x, style = inputs
        y = self.layer(x * ops.expand_dims(ops.expand_dims(style, 1), 1))
        if self.demodulate:
            kernel = ops.convert_to_tensor(self.layer.kernel)
            square = ops.sum(ops.square(kernel), axis=(0, 1))
            length = ops.matmul(ops.square(ops.cast(style, "float32")), square)
            scale = ops.rsqrt(length + 1e-8)[:, None, None]
            y = y * ops.cast(scale, y.dtype)
        return y + ops.cast(self.bias, y.dtype)

    def flops(self, taken, given):
        """Operations for one image of these shapes, a multiply-add as two."""
        return 2 * math.prod(self.layer.kernel.shape) * math.prod(given[1:3])

    def compute_output_shape(self, shapes):
        return self.layer.compute_output_shape(shapes[0])

    def get_config(self):
        return super().get_config() | {
            "layer": keras.saving.serialize_keras_object(self.layer),
            "demodulate": self.demodulate,
        }

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config.pop("layer")), **config)


@keras.saving.register_keras_serializable("ganzoo")
class Constant(keras.layers.Layer):
    """Learned features that do not depend on the latent: [N, ...] to [N, *shape].

    Karras et al., arXiv:1812.04948, section 2.

    Args:
        shape: Height, width and features.
        initializer: Of the features.
    """

    joint_batch = True

    def __init__(self, shape, initializer="random_normal", **kwargs):
        super().__init__(**kwargs)
        self.shape = tuple(shape)
        self.initializer = keras.initializers.get(initializer)

    def build(self, shape):
        self.features = self.add_weight(
            shape=self.shape, initializer=self.initializer, name="features"
        )
        self.built = True

    def call(self, x):
        features = ops.cast(ops.convert_to_tensor(self.features), self.compute_dtype)
        return ops.broadcast_to(features[None], (ops.shape(x)[0], *self.shape))

    def compute_output_shape(self, shape):
        return (shape[0], *self.shape)

    def get_config(self):
        return super().get_config() | {
            "shape": self.shape,
            "initializer": keras.initializers.serialize(self.initializer),
        }


def modulated(architecture, x, style, features, name, size=3, demodulate=True, dtype=None):
    """A kept convolution that a style modulates: [N, H, W, C] to [N, H, W, features].

    Args:
        architecture: Keeps the layers.
        x: Features.
        style: [N, S]; a dense layer, whose bias begins at 1, makes a scale for each of C.
        features: Features of the result.
        name: Name of the layer.
        size: Pixels of the kernel along each axis.
        demodulate: Whether the output is divided by the length of each sample's kernel.
        dtype: Of the layers.
    """
    scale = architecture.initializer(f"{name}_style", keras.initializers.LecunNormal)
    options = {"kernel_initializer": scale, "bias_initializer": "ones", "dtype": dtype}
    scale = dense(architecture, style, x.shape[-1], f"{name}_style", **options)
    convolution = layers.Conv2D(
        features,
        size,
        use_bias=False,
        kernel_initializer=he(architecture, name),
        dtype=dtype,
        name=f"{name}_kernel",
        **KERAS,
    )
    layer = architecture.keep(Modulated, convolution, demodulate, dtype=dtype, name=name)
    return layer([x, scale])

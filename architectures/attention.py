"""Self-attention: places of an image that look at each other."""

import math

import keras
from keras import layers, ops

from ganzoo.architectures.linear import convolution, dense
from ganzoo.architectures.normalization import normalize


@keras.saving.register_keras_serializable("ganzoo")
class Attention(keras.layers.Layer):
    """Values mixed by the similarity of queries and keys: softmax(Q K^T / sqrt(d)) V.

    Vaswani et al., arXiv:1706.03762, equation 1, for each head: queries and keys [N, T, D] and
    values [N, T, V] to [N, T, V]. It has no weights, and is written in products and a softmax,
    because PyTorch's fused attention has no second derivative.

    Args:
        heads: Heads, which divide D and V.
    """

    joint_batch = True

    def __init__(self, heads=1, **kwargs):
        super().__init__(**kwargs)
        self.heads = heads

    def call(self, inputs):
        query, key, value = (self._apart(x) for x in inputs)
        similarity = ops.matmul(query, ops.swapaxes(key, -1, -2))
        similarity = ops.cast(similarity, "float32") / math.sqrt(query.shape[-1])
        share = ops.cast(ops.softmax(similarity, axis=-1), value.dtype)
        mixed = ops.transpose(ops.matmul(share, value), (0, 2, 1, 3))
        return ops.reshape(mixed, (-1, *inputs[2].shape[1:]))

    def _apart(self, x):
        """[N, T, D] to [N, heads, T, D / heads]."""
        places, size = x.shape[1:]
        x = ops.reshape(x, (-1, places, self.heads, size // self.heads))
        return ops.transpose(x, (0, 2, 1, 3))

    def flops(self, taken, given):
        """Operations for one image of these shapes, a multiply-add as two."""
        (_, places, size), _, (_, _, values) = taken
        return 2 * places**2 * (size + values)

    def compute_output_shape(self, shapes):
        return shapes[2]

    def get_config(self):
        return super().get_config() | {"heads": self.heads}


@keras.saving.register_keras_serializable("ganzoo")
class Gain(keras.layers.Layer):
    """Features times a learned number, which is 0 at the start."""

    joint_batch = True

    def build(self, shape):
        self.gain = self.add_weight(shape=(1,), initializer="zeros", name="gain")
        self.built = True

    def call(self, x):
        return x * ops.cast(self.gain, x.dtype)

    def compute_output_shape(self, shape):
        return shape


def attended(architecture, x, name, spectral=False):
    """Features and what each place sees at all others: [N, H, W, C] to [N, H, W, C].

    Zhang et al., arXiv:1805.08318, equations 1 to 3: queries and keys of C / 8 features, values
    of C / 2, and a gain that begins at 0, so that training begins without attention.

    Args:
        architecture: Keeps the layers.
        x: Features.
        name: With which the names of its layers begin.
        spectral: Whether kernels are divided by their largest singular values.
    """
    _, height, width, features = x.shape
    small, half = max(1, features // 8), max(1, features // 2)
    seen = []
    for part, size in (("query", small), ("key", small), ("value", half)):
        part = f"{name}_{part}"
        y = convolution(architecture, x, size, part, size=1, spectral=spectral, use_bias=False)
        seen.append(layers.Reshape((height * width, size), name=f"{part}_places")(y))
    y = Attention(name=f"{name}_mixed")(seen)
    y = layers.Reshape((height, width, half), name=f"{name}_grid")(y)
    y = convolution(architecture, y, features, f"{name}_out", 1, spectral, use_bias=False)
    y = architecture.keep(Gain, name=f"{name}_gain")(y)
    return layers.Add(name=f"{name}_sum")([x, y])


def transformer_block(architecture, x, heads, name):
    """Attention and a dense layer for each place, each added to what it is given: [N, T, C].

    Vaswani et al., arXiv:1706.03762, figure 1, with the normalization before each part (Xiong
    et al., arXiv:2002.04745), and swish between the dense layers, as it has two derivatives.

    Args:
        architecture: Keeps the layers.
        x: Features [N, T, C].
        heads: Heads of the attention, each of C / heads features, rounded up.
        name: With which the names of its layers begin.
    """
    features = x.shape[-1]
    seen_features = heads * math.ceil(features / heads)
    y = normalize(architecture, x, "layer", f"{name}_0")
    # A bias of the keys would add one number to all similarities of a query: nothing.
    parts = {"query": True, "key": False, "value": True}
    seen = [
        dense(architecture, y, seen_features, f"{name}_{part}", use_bias=bias)
        for part, bias in parts.items()
    ]
    y = Attention(heads, name=f"{name}_mixed")(seen)
    x = layers.Add(name=f"{name}_seen")([x, dense(architecture, y, features, f"{name}_out")])
    y = normalize(architecture, x, "layer", f"{name}_1")
    y = dense(architecture, y, 2 * features, f"{name}_wide")
    y = layers.Activation("silu", name=f"{name}_act")(y)
    return layers.Add(name=f"{name}_sum")([x, dense(architecture, y, features, f"{name}_back")])

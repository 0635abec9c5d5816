"""Normalizations of features, by name."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("ganzoo")
class PixelNormalization(keras.layers.Layer):
    """Scales the features of each pixel, or of each latent, to a mean square of 1.

    Karras et al., arXiv:1710.10196, section 4.2. Shapes stay as they are.
    """

    joint_batch = True

    def call(self, x):
        x32 = ops.cast(x, "float32")
        mean_square = ops.mean(ops.square(x32), axis=-1, keepdims=True)
        return ops.cast(x32 * ops.rsqrt(mean_square + 1e-8), x.dtype)

    def compute_output_shape(self, shape):
        return shape


NORMALIZATIONS = {
    "batch": lambda name: layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name),
    "pixel": lambda name: PixelNormalization(name=name),
    "layer": lambda name: layers.LayerNormalization(epsilon=1e-5, name=name),
    "none": None,
}

# Normalizations that look at each image alone, for networks that turn one into another.
OF_ONE_IMAGE = {
    "instance": lambda name: layers.GroupNormalization(-1, epsilon=1e-5, name=name),
    **{kind: NORMALIZATIONS[kind] for kind in ("pixel", "layer", "none")},
}


def normalize(architecture, x, kind, name):
    """Features normalized by a kept layer, and modulated where a condition does that.

    Args:
        architecture: Keeps the layer.
        x: Features [N, ..., C].
        kind: A name of `NORMALIZATIONS` or `OF_ONE_IMAGE`; `"spectral"`, of weights, leaves
            features alone.
        name: Of what the features come from; the layer is `<name>_norm`.
    """
    make = None if kind == "spectral" else (NORMALIZATIONS | OF_ONE_IMAGE)[kind]
    x = x if make is None else architecture.keep(make, name=f"{name}_norm")(x)
    return architecture.normalized(x, name)

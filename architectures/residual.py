"""Residual blocks that double, halve or keep a size: He et al., arXiv:1603.05027.

Activations come before the convolutions, so that what is passed on is a sum without one.
"""

from keras import layers

from ganzoo.architectures.linear import convolution
from ganzoo.architectures.normalization import normalize
from ganzoo.architectures.upsampling import resize


def residual_up(architecture, x, features, name, normalization):
    """[N, H, W, C] to [N, 2 H, 2 W, features].

    Args:
        architecture: Keeps the layers.
        x: Features.
        features: Number of features that the block gives.
        name: With which the names of its layers begin.
        normalization: A name of `NORMALIZATIONS`, before each activation.
    """
    bias = {"use_bias": normalization != "batch"}  # Which takes the mean away again.
    y = activated(architecture, x, normalization, f"{name}_0")
    y = resize(architecture, y, features, f"{name}_1", **bias)
    y = activated(architecture, y, normalization, f"{name}_1")
    y = convolution(architecture, y, features, f"{name}_2", **bias)
    # The same as a 1 x 1 convolution of the doubled size, at a quarter of its cost.
    x = convolution(architecture, x, features, f"{name}_skip", size=1, **bias)
    x = layers.UpSampling2D(2, data_format="channels_last", name=f"{name}_doubled")(x)
    return layers.Add(name=f"{name}_sum")([x, y])


def residual_down(architecture, x, features, name, spectral):
    """[N, H, W, C] to [N, H / 2, W / 2, features]; `spectral` normalizes the kernels."""
    y = _two(architecture, x, features, name, spectral)
    y = layers.AveragePooling2D(2, data_format="channels_last", name=f"{name}_halved")(y)
    # As above: the mean of a 1 x 1 convolution is that of its input.
    x = layers.AveragePooling2D(2, data_format="channels_last", name=f"{name}_old")(x)
    x = convolution(architecture, x, features, f"{name}_skip", size=1, spectral=spectral)
    return layers.Add(name=f"{name}_sum")([x, y])


def residual(architecture, x, name, spectral):
    """Features of the same size and number."""
    y = _two(architecture, x, x.shape[-1], name, spectral)
    return layers.Add(name=f"{name}_sum")([x, y])


def activated(architecture, x, normalization, name):
    """Features normalized, and through a ReLU."""
    x = normalize(architecture, x, normalization, name)
    return layers.ReLU(name=f"{name}_act")(x)


def _two(architecture, x, features, name, spectral):
    """An activation and a 3 x 3 convolution, twice."""
    for i in (1, 2):
        x = layers.ReLU(name=f"{name}_{i}_act")(x)
        x = convolution(architecture, x, features, f"{name}_{i}", spectral=spectral)
    return x

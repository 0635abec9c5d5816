"""Kept linear layers: dense ones and convolutions, with He's initial weights.

Each takes the architecture that keeps it, features, and the name of its layer. With
`spectral` the kernel is divided by its largest singular value.
"""

import math

import keras
from keras import layers

from ganzoo.architectures.initial import he
from ganzoo.architectures.spectral import SpectralNormalization
from ganzoo.architectures.strided import HalvingConv2D

DEVIATION = 0.1  # Of the initial weights of an equalized layer, before their scale.
KERAS = {"data_format": "channels_last", "padding": "same"}


def dense(architecture, x, units, name, spectral=False, **options):
    """[N, C] to [N, units]."""
    return _linear(architecture, layers.Dense, units, name, spectral, **options)(x)


def convolution(architecture, x, features, name, size=3, spectral=False, **options):
    """A convolution of `size` x `size` pixels: [N, H, W, C] to [N, H, W, features]."""
    options |= KERAS | {"kernel_size": size}
    return _linear(architecture, layers.Conv2D, features, name, spectral, **options)(x)


def halving(architecture, x, features, name, spectral=False, **options):
    """A strided 4 x 4 convolution: [N, H, W, C] to [N, H / 2, W / 2, features]."""
    return _linear(architecture, HalvingConv2D, features, name, spectral, **options)(x)


def equalized_dense(architecture, x, units, name, spectral=False, **options):
    """A dense layer with He's scale in its inputs, so that its rate is equalized.

    Karras et al., arXiv:1710.10196, section 4.1. But for spectral normalization, which undoes
    any scale of a kernel: there it is a dense layer.
    """
    if spectral:
        return dense(architecture, x, units, name, spectral, **options)
    scale = math.sqrt(2 / x.shape[-1]) / DEVIATION
    x = layers.Rescaling(scale, name=f"{name}_scale")(x)
    make = keras.initializers.RandomNormal
    options["kernel_initializer"] = architecture.initializer(name, make, stddev=DEVIATION)
    return architecture.keep(layers.Dense, units, name=name, **options)(x)


def scored(architecture, x, spectral=False):
    """The end of a discriminator: [N, C] to [N, logits], and what a condition adds."""
    units = architecture.logits
    score = equalized_dense(architecture, x, units, "d_score", spectral, dtype="float32")
    return architecture.end(x, score)


def encoded(architecture, x):
    """The end of an encoder: [N, C] to means and log variances [N, 2 L], float32."""
    return dense(architecture, x, 2 * architecture.latent_size, "e_moments", dtype="float32")


def _linear(architecture, make, units, name, spectral, use_bias=True, dtype=None, **options):
    options.setdefault("kernel_initializer", he(architecture, name))
    if not spectral:
        options |= {"use_bias": use_bias, "dtype": dtype}
        return architecture.keep(make, units, name=name, **options)
    u = architecture.initializer(f"{name}_u", keras.initializers.RandomNormal)
    layer = make(units, use_bias=False, dtype=dtype, name=f"{name}_kernel", **options)
    make = SpectralNormalization
    return architecture.keep(make, layer, use_bias, u_initializer=u, dtype=dtype, name=name)

import math

import keras
import numpy as np
from keras import layers, ops

from ganzoo.architectures.mapping import LEAK, MAX_LAYERS, mapped
from ganzoo.architectures.modulated import modulated
from ganzoo.architectures.progressive_dcgan import ProgressiveDCGAN
from ganzoo.variant import check_whole

OCTAVES = 4  # Of the waves across the image: 1 to 8 half periods.


@keras.saving.register_keras_serializable("ganzoo")
class CPPN(ProgressiveDCGAN):
    """A generator that is a function of coordinates, and draws at any size with equal weights.

    Stanley, doi:10.1007/s10710-007-9028-8; as a GAN's generator Skorokhodov et al.,
    arXiv:2011.12026. Each pixel is the output of one small network of its place (x, y, the
    distance from the centre, waves of them) whose layers a style modulates. No pixel knows of
    another. D and the encoder are those of `progressive-dcgan`.

    Differences from the papers: layers are modulated as in StyleGAN2, where INR-GAN makes
    low-rank weights; waves of fixed lengths; one network for all sizes.

    Args:
        latent_size: Length of the latent and of the style.
        features: Of each layer for a pixel.
        depth: Layers for a pixel before the last.
        mapping_layers: Dense layers from the latent to the style.
        width: Features of D at the base resolution.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    choices = {}

    def __init__(
        self,
        latent_size=128,
        features=48,
        depth=4,
        mapping_layers=2,
        width=16,
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        super().__init__(
            latent_size,
            width,
            mapping_layers=mapping_layers,
            categories=0,
            channels=channels,
            base=base,
            seed=seed,
            precision=precision,
        )
        check_whole(features=features)
        check_whole(1, MAX_LAYERS, depth=depth)
        self.features = features
        self.depth = depth

    def start(self, latents):
        return mapped(self, latents, self.mapping_layers)

    def up(self, x, size):
        return x

    def to_image(self, x, resolution):
        def named(part):  # Layers without weights, of which each size has its own.
            return f"g_{resolution}_{part}"

        style, x = x, Coordinates(resolution, name=named("coordinates"))(x)
        for i in range(self.depth):
            x = modulated(self, x, style, self.features, f"g_pixel_{i}", size=1)
            x = self.normalized(x, f"g_pixel_{i}")
            x = layers.LeakyReLU(LEAK, name=named(f"pixel_{i}_act"))(x)
        options = {"size": 1, "demodulate": False, "dtype": "float32"}
        x = modulated(self, x, style, self.channels, "g_pixel_to_image", **options)
        return layers.Activation("tanh", dtype="float32", name=named("tanh"))(x)

    def least_weights(self, resolution, role):
        if role != "generator":
            return super().least_weights(resolution, role)
        return self.mapping_layers * self.latent_size**2 + self.depth * self.features**2 // 2

    def get_config(self):
        own = {"features": self.features, "depth": self.depth}
        return self.taken(super().get_config()) | own


@keras.saving.register_keras_serializable("ganzoo")
class Coordinates(keras.layers.Layer):
    """Where each pixel's centre is: anything [N, ...] to [N, side, side, 3 + 4 x octaves].

    x and y from -1 to 1, the distance from the centre, and sines and cosines of x and y with 1,
    2, 4, ... half periods across the image, so that what is narrow can be drawn (Tancik et al.,
    arXiv:2006.10739).

    Args:
        side: Pixels along each axis.
    """

    joint_batch = True

    def __init__(self, side, **kwargs):
        super().__init__(**kwargs)
        self.side = side

    def call(self, x):
        places = ops.convert_to_tensor(coordinates(self.side), dtype=self.compute_dtype)
        return ops.broadcast_to(places[None], (ops.shape(x)[0], *places.shape))

    def compute_output_shape(self, shape):
        return (shape[0], self.side, self.side, 3 + 4 * OCTAVES)

    def get_config(self):
        return super().get_config() | {"side": self.side}


def coordinates(side):
    """float32 [side, side, 3 + 4 x octaves]."""
    axis = (2 * np.arange(side) + 1) / side - 1
    y, x = np.meshgrid(axis, axis, indexing="ij")
    angles = [math.pi / 2 * 2**i * place for i in range(OCTAVES) for place in (x, y)]
    waves = [wave(angle) for angle in angles for wave in (np.sin, np.cos)]
    return np.stack([x, y, np.hypot(x, y), *waves], axis=-1).astype("float32")

"""The mapping network before a generator."""

from keras import layers

from ganzoo.architectures.linear import dense
from ganzoo.architectures.normalization import PixelNormalization

MAX_LAYERS = 64
LEAK = 0.2


def mapped(architecture, latents, count):
    """Latents [N, L] through `count` dense layers of their length, [N, L]; unchanged for 0.

    Karras et al., arXiv:1812.04948, section 2: the latents are normalized first, and each
    layer ends in a LeakyReLU.
    """
    if not count:
        return latents
    x, size = PixelNormalization(name="g_latent_norm")(latents), latents.shape[-1]
    for i in range(count):
        name = f"g_map_{i}"
        x = dense(architecture, x, size, name)
        x = layers.LeakyReLU(LEAK, name=f"{name}_act")(x)
    return x

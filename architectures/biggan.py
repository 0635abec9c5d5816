from typing import Any

import keras
from keras import ops

from ganzoo.architectures.linear import dense
from ganzoo.architectures.sagan import SAGAN
from ganzoo.conditions.layers import Modulation
from ganzoo.variant import check_whole

DEVIATION = 0.1  # Of what the initial scales and shifts are made with.


@keras.saving.register_keras_serializable("ganzoo")
class BigGAN(SAGAN):
    """A part of the latent at each size, which scales and shifts the normalized features.

    Brock et al., arXiv:1809.11096, section 3 and figure 15: the latent is cut into as many
    parts as G has blocks; the first is the start's input, and each block has its own beside the
    class. Attention at one size, spectral normalization in D. With `--condition
    labels:generator=normalization` the class scales and shifts as well.

    Differences from the paper: no spectral normalization in G, He's initial weights in the
    place of orthogonal ones; a latent of normal numbers is cut into `parts`, of which sizes
    beyond the last share it; the blocks, widths and growth of `resnet`.

    Args:
        latent_size: Length of the latent.
        width: Features at the base resolution; they double with each halving of the size, and
            halve with each doubling down to 8.
        parts: Into which the latent is cut.
        normalization: Of the generator: `"batch"`, `"pixel"`, `"layer"` or `"none"`.
        discriminator_normalization: `"spectral"` or `"none"`.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    _latents: Any = None  # Of the generator that is being made: what the network is given,
    _part: Any = None  # and the part of it that the next block is given.

    def __init__(
        self,
        latent_size=128,
        width=16,
        parts=4,
        normalization="batch",
        discriminator_normalization="spectral",
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        super().__init__(
            latent_size,
            width,
            normalization,
            discriminator_normalization,
            channels,
            base,
            seed,
            precision,
        )
        check_whole(1, latent_size, parts=parts)
        self.parts = parts

    def start(self, latents):
        self._latents = latents
        return super().start(self._latent(0))

    def up(self, x, size):
        self._part = self._latent(self._block(size))
        return super().up(x, size)

    def to_image(self, x, resolution):
        self._part = self._latent(self._block(resolution))
        return super().to_image(x, resolution)

    def normalized(self, x, name):
        x, make = super().normalized(x, name), keras.initializers.RandomNormal
        kernel = self.initializer(f"{name}_latent", make, stddev=DEVIATION)
        options = {"kernel_initializer": kernel}
        vector = dense(self, self._part, 2 * x.shape[-1], f"{name}_latent", **options)
        return Modulation(name=f"{name}_latent_modulation")([x, vector])

    def generator(self, resolution, fade):
        try:
            return super().generator(resolution, fade)
        finally:
            self._latents = self._part = None

    def _block(self, size):
        """Number of the block that makes features of this size; 0 is the start."""
        return (size // self.smallest).bit_length() - 1

    def _latent(self, block):
        """The part of the latent for a block, and what a condition adds to the latent."""
        length, last = self.latent_size // self.parts, self.parts - 1
        part = min(block, last)
        stop = (part + 1) * length if part < last else self.latent_size
        own = self._latents[:, part * length : stop]
        added = self._latents[:, self.latent_size :]
        return ops.concatenate([own, added], axis=-1) if added.shape[-1] else own

    def least_weights(self, resolution, role):
        others = self.latent_size - self.latent_size // self.parts  # Not in the start.
        less = others * self.smallest**2 * self.width_at(self.smallest)
        return super().least_weights(resolution, role) - (less if role == "generator" else 0)

    def get_config(self):
        return super().get_config() | {"parts": self.parts}

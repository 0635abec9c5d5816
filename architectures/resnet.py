import itertools

import keras
from keras import layers

from ganzoo.architectures.linear import dense, encoded, scored
from ganzoo.architectures.normalization import NORMALIZATIONS
from ganzoo.architectures.pyramid import PyramidArchitecture
from ganzoo.architectures.residual import activated, residual, residual_down, residual_up
from ganzoo.variant import check_whole


@keras.saving.register_keras_serializable("ganzoo")
class ResNet(PyramidArchitecture):
    """Residual blocks, with spectral normalization in D: the networks of SNGAN.

    Miyato et al., arXiv:1802.05957, tables 3 and 4. G: a dense layer, a block up for each
    doubling, batch normalization, ReLU, a 3 x 3 convolution, tanh. D: a block down for each
    halving, one that keeps the size, ReLU, the sum over places, a dense layer.

    Differences from the paper: features double with each halving of the size, as in table 4,
    from `width` at the base resolution (the paper: 64 at 48 px); the convolution to the image
    doubles the size, and the one from it halves it, in the place of blocks at the image's own
    size; one block that keeps the size, as in table 4 (table 3: two); growth.

    Args:
        latent_size: Length of the latent.
        width: Features at the base resolution; they double with each halving of the size, and
            halve with each doubling down to 8.
        normalization: Of the generator: `"batch"`, `"pixel"`, `"layer"` or `"none"`.
        discriminator_normalization: `"spectral"`, which divides each kernel of D by its
            largest singular value, or `"none"`.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    strided_ends = True
    choices = {
        "normalization": tuple(NORMALIZATIONS),
        "discriminator_normalization": ("spectral", "none"),
    }

    def __init__(
        self,
        latent_size=128,
        width=16,
        normalization="batch",
        discriminator_normalization="spectral",
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        super().__init__(channels=channels, base=base, seed=seed, precision=precision)
        check_whole(latent_size=latent_size, width=width)
        self.check_choices(
            normalization=normalization, discriminator_normalization=discriminator_normalization
        )
        self.latent_size = latent_size
        self.width = width
        self.normalization = normalization
        self.discriminator_normalization = discriminator_normalization
        self.spectral = discriminator_normalization == "spectral"

    def start(self, latents):
        size = self.smallest
        name, features = f"g_{size}", self.width_at(size)
        x = dense(self, latents, size * size * features, name)
        return layers.Reshape((size, size, features), name=f"{name}_reshape")(x)

    def up(self, x, size):
        return residual_up(self, x, self.width_at(size), f"g_{size}", self.normalization)

    def to_image(self, x, resolution):
        name = f"g_{resolution}_to_image"
        return self.pixels(activated(self, x, self.normalization, name), resolution, name)

    def from_image(self, image, resolution, net):
        return self.seen(image, resolution, f"{net}_{resolution}_from_image", self.spectral)

    def down(self, x, size, net):
        return residual_down(self, x, self.width_at(size // 2), f"{net}_{size}", self.spectral)

    def score(self, x):
        return scored(self, self._summed(x, "d"), self.spectral)

    def moments(self, x):
        return encoded(self, self._summed(x, "e"))

    def _summed(self, x, net):
        """The last block, and the sum of its features over all places."""
        x = residual(self, x, f"{net}_{self.smallest}", self.spectral)
        x = layers.ReLU(name=f"{net}_last_act")(x)
        x = layers.GlobalAveragePooling2D(data_format="channels_last", name=f"{net}_mean")(x)
        return layers.Rescaling(float(self.smallest**2), name=f"{net}_sum")(x)

    def least_weights(self, resolution, role):
        sides = [self.smallest]
        while sides[-1] < self.feature_size(resolution):
            sides.append(2 * sides[-1])
        widths = [self.width_at(side) for side in sides]
        blocks = sum(9 * one * other for one, other in itertools.pairwise(widths))
        if role == "generator":
            same = sum(9 * width**2 for width in widths[1:])
            return blocks + same + self.latent_size * self.smallest**2 * widths[0]
        return blocks + sum(9 * width**2 for width in (*widths[:-1], widths[0], widths[0]))

    def get_config(self):
        return super().get_config() | {
            "latent_size": self.latent_size,
            "width": self.width,
            "normalization": self.normalization,
            "discriminator_normalization": self.discriminator_normalization,
        }

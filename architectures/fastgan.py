import keras
from keras import layers

from ganzoo.architectures.linear import convolution, dense, encoded, halving, scored
from ganzoo.architectures.mapping import LEAK
from ganzoo.architectures.normalization import NORMALIZATIONS, normalize
from ganzoo.architectures.pyramid import PyramidArchitecture
from ganzoo.architectures.upsampling import resize
from ganzoo.variant import check_whole

SKIP = 2  # A size is excited by the one of half of it.


@keras.saving.register_keras_serializable("ganzoo")
class FastGAN(PyramidArchitecture):
    """Gated convolutions, and small features that scale the channels of large ones.

    Liu et al., arXiv:2101.04775, figures 3 and 4, made for a hundred images and one GPU. G: for
    each size doubling, a 3 x 3 convolution and a gated linear unit; skip-layer excitation
    (equation 1) from each size to the next. D: blocks of two ways, a strided 4 x 4
    and a 3 x 3 convolution beside a mean and a 1 x 1 convolution.

    Differences from the paper: the means of half of a size excite it (the paper: 4 x 4 means of
    a sixteenth); the convolutions to and from images double and halve the size; D has spectral
    normalization (the paper: batch), and no decoders that reconstruct its input; each size has
    half the features of the size below; growth.

    Args:
        latent_size: Length of the latent.
        width: Features at the base resolution; they double with each halving of the size, and
            halve with each doubling down to 8.
        normalization: Of the generator: `"batch"`, `"pixel"`, `"layer"` or `"none"`.
        discriminator_normalization: `"spectral"` or `"none"`.
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
        self.biased = normalization != "batch"  # Which takes the mean away again.

    # The generator: what goes from block to block is the features of all sizes so far.

    def start(self, latents):
        size = self.smallest
        shape, name = (size, size, self.width_at(size)), f"g_{size}"

        def places(x, features, part):
            x = dense(self, x, size * size * features, part, use_bias=self.biased)
            return layers.Reshape(shape, name=f"{part}_reshape")(x)

        return {size: self._gated(places, latents, size, name)}

    def up(self, x, size):
        def wider(x, features, part):
            return resize(self, x, features, part, use_bias=self.biased)

        made = self._gated(wider, x[size // 2], size, f"g_{size}")
        if size // SKIP in x:
            made = self._excited(made, x[size // SKIP], f"g_{size}_skip")
        return x | {size: made}

    def to_image(self, x, resolution):
        features = x[self.feature_size(resolution)]
        return self.pixels(features, resolution, f"g_{resolution}_to_image")

    def _gated(self, make, x, size, name):
        """A gated linear unit, arXiv:1612.08083, equation 1, of two layers by `make`."""
        features = self.width_at(size)
        value = normalize(self, make(x, features, name), self.normalization, name)
        part = f"{name}_gate"
        gate = normalize(self, make(x, features, part), self.normalization, part)
        gate = layers.Activation("sigmoid", name=f"{part}_sigmoid")(gate)
        return layers.Multiply(name=f"{name}_gated")([value, gate])

    def _excited(self, x, small, name):
        """Large features, each channel scaled by a number that the small ones give."""
        features = x.shape[-1]
        means = layers.GlobalAveragePooling2D(data_format="channels_last", name=f"{name}_mean")
        y = dense(self, means(small), features, f"{name}_in")
        y = dense(self, layers.LeakyReLU(0.1, name=f"{name}_act")(y), features, f"{name}_out")
        y = layers.Activation("sigmoid", name=f"{name}_sigmoid")(y)
        y = layers.Reshape((1, 1, features), name=f"{name}_reshape")(y)
        return layers.Multiply(name=f"{name}_excited")([x, y])

    # The discriminator and the encoder.

    def from_image(self, image, resolution, net):
        name = f"{net}_{resolution}_from_image"
        x = self.seen(image, resolution, name, self.spectral)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def down(self, x, size, net):
        name, features = f"{net}_{size}", self.width_at(size // 2)
        y = halving(self, x, features, f"{name}_half", spectral=self.spectral)
        y = layers.LeakyReLU(LEAK, name=f"{name}_half_act")(y)
        y = self._convolved(y, features, f"{name}_same", 3)
        x = layers.AveragePooling2D(2, data_format="channels_last", name=f"{name}_old")(x)
        x = self._convolved(x, features, f"{name}_skip", 1)
        x = layers.Add(name=f"{name}_sum")([x, y])
        return layers.Rescaling(0.5, name=f"{name}_scale")(x)

    def score(self, x):
        return scored(self, self._flat(x, "d"), self.spectral)

    def moments(self, x):
        return encoded(self, self._flat(x, "e"))

    def _flat(self, x, net):
        x = self._convolved(x, self.width_at(self.smallest), f"{net}_last", 1)
        return layers.Flatten(data_format="channels_last", name=f"{net}_flatten")(x)

    def _convolved(self, x, features, name, size):
        x = convolution(self, x, features, name, size, self.spectral)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def get_config(self):
        return super().get_config() | {
            "latent_size": self.latent_size,
            "width": self.width,
            "normalization": self.normalization,
            "discriminator_normalization": self.discriminator_normalization,
        }

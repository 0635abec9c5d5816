"""Networks that turn an image into another one of its size, and grow by doubling it."""

from abc import ABC, abstractmethod

import keras
from keras import layers

from ganzoo.architectures.architecture import Architecture
from ganzoo.architectures.linear import convolution, halving
from ganzoo.architectures.mapping import LEAK
from ganzoo.architectures.normalization import OF_ONE_IMAGE, normalize
from ganzoo.architectures.upsampling import resize
from ganzoo.variant import check_flag, check_whole

SMALL = 0.01  # Scale of initial weights whose output should begin near 0.
KEPT = 2.0  # tanh(2) = 0.96: what a translator with a skip makes of white at its beginning.
MAX_HALVINGS = 6
POOLING = {"data_format": "channels_last", "dtype": "float32"}


class TranslatorArchitecture(Architecture, ABC):
    """The frame of translators between two domains, A and B, and of their discriminators.

    A translator has features of the image's own size, a body at the base resolution, which a
    family gives, and features of the image's size again. With `skip` the image itself is added
    before the last tanh, so that a translator begins as nearly the identity: what it has to
    learn is the difference between the domains.

    A discriminator scores patches, as in Isola et al., arXiv:1611.07004 (PatchGAN): strided
    4 x 4 convolutions, a 3 x 3 one, and a score for each place of a map. `discriminator_ab`
    sees a pair of images as one image of twice the channels.

    In a stage that fades, a translator's image is blended with the doubled one that the old
    translator makes of the 2 x 2 means, and features of a discriminator with those of these
    means. So at alpha 0 each network is the old one.
    """

    roles = (
        "translator_ab",
        "translator_ba",
        "discriminator_a",
        "discriminator_b",
        "discriminator_ab",
    )
    choices = {
        "normalization": tuple(OF_ONE_IMAGE),
        "discriminator_normalization": ("instance", "layer", "none", "spectral"),
    }

    def __init__(
        self,
        width=16,
        normalization="instance",
        skip=True,
        discriminator_width=16,
        halvings=2,
        discriminator_normalization="instance",
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        super().__init__(channels=channels, base=base, seed=seed, precision=precision)
        check_whole(width=width, discriminator_width=discriminator_width)
        check_whole(1, MAX_HALVINGS, halvings=halvings)
        check_flag(skip=skip)
        self.check_choices(
            normalization=normalization, discriminator_normalization=discriminator_normalization
        )
        self.width = width
        self.normalization = normalization
        self.skip = skip
        self.discriminator_width = discriminator_width
        self.halvings = halvings
        self.discriminator_normalization = discriminator_normalization
        self.spectral = discriminator_normalization == "spectral"

    def width_at(self, size):
        """A translator's features at a size: `width` at the base, 8 at least."""
        return max(8, self.width * self.base // size)

    # The networks.

    def translator_ab(self, resolution, fade):
        return self._translator(resolution, fade, "ab")

    def translator_ba(self, resolution, fade):
        return self._translator(resolution, fade, "ba")

    def discriminator_a(self, resolution, fade):
        return self._discriminator(resolution, fade, "d_a", self.channels)

    def discriminator_b(self, resolution, fade):
        return self._discriminator(resolution, fade, "d_b", self.channels)

    def discriminator_ab(self, resolution, fade):
        return self._discriminator(resolution, fade, "d_ab", 2 * self.channels)

    # Translators.

    @abstractmethod
    def body(self, x, net):
        """Features of the base resolution, as many after as before.

        Args:
            x: Features [N, base, base, width].
            net: `"ab"` or `"ba"`, with which the names of layers begin.
        """

    def beside(self, x, skipped, name):
        """Features after a doubling, with those of the same size before the body."""
        return x

    def smaller(self, x, features, name):
        """Features of half of the size, normalized and activated."""
        return self.activated(halving(self, x, features, name, use_bias=self._biased), name)

    def larger(self, x, features, name):
        """Features of twice the size, normalized and activated."""
        return self.activated(resize(self, x, features, name, use_bias=self._biased), name)

    def convolved(self, x, features, name):
        """Features of the same size, normalized; a 3 x 3 convolution."""
        x = convolution(self, x, features, name, use_bias=self._biased)
        return normalize(self, x, self.normalization, name)

    def activated(self, x, name):
        """Features normalized, and through a ReLU."""
        x = normalize(self, x, self.normalization, name)
        return layers.ReLU(name=f"{name}_act")(x)

    @property
    def _biased(self):
        return self.normalization != "instance"  # Which takes the mean away again.

    def _translator(self, resolution, fade, net):
        image = keras.Input((resolution, resolution, self.channels), name="image")
        half, images = resolution // 2, {resolution: image}
        x, size, skipped = self._from_image(image, net), resolution, {}
        while size > self.base:
            skipped[size], size = x, size // 2
            x = self.smaller(x, self.width_at(size), f"{net}_{size}_down")
            if fade is not None and size == half:
                images[half] = layers.AveragePooling2D(2, name=f"{net}_old", **POOLING)(image)
                x = fade(self._from_image(images[half], net), x)
        x = self.body(x, net)
        while size < resolution:
            old, size = x, 2 * size
            name = f"{net}_{size}_up"
            x = self.larger(x, self.width_at(size), name)
            x = self.beside(x, skipped[size], name)
        made = self._to_image(x, image, net)
        if fade is not None:
            before = self._to_image(old, images[half], net)
            doubled = layers.UpSampling2D(2, name=f"{net}_old_doubled", **POOLING)(before)
            made = fade(doubled, made)
        return keras.Model(image, made, name=f"translator_{net}")

    def _from_image(self, image, net):
        size = image.shape[1]
        name = f"{net}_{size}_from_image"
        x = convolution(self, image, self.width_at(size), name, use_bias=self._biased)
        return self.activated(x, name)

    def _to_image(self, x, image, net):
        name = f"{net}_{image.shape[1]}_to_image"
        options = {"dtype": "float32"}
        if self.skip:
            make = keras.initializers.VarianceScaling
            options["kernel_initializer"] = self.initializer(name, make, scale=SMALL)
        x = convolution(self, x, self.channels, name, **options)
        if self.skip:
            kept = layers.Rescaling(KEPT, name=f"{name}_kept", dtype="float32")(image)
            x = layers.Add(name=f"{name}_sum", dtype="float32")([x, kept])
        return layers.Activation("tanh", dtype="float32", name=f"{name}_tanh")(x)

    # Discriminators.

    def _discriminator(self, resolution, fade, net, channels):
        image = keras.Input((resolution, resolution, channels), name="image")
        x, size = self._seen(image, net), resolution
        while size > self.base:
            size //= 2
            x = self._down(x, self._seen_width(size), f"{net}_{size}_down")
            if fade is not None and size == resolution // 2:
                means = layers.AveragePooling2D(2, name=f"{net}_old", **POOLING)(image)
                x = fade(self._seen(means, net), x)
        for i in range(1, self.halvings):
            x = self._down(x, 2**i * self.discriminator_width, f"{net}_{i}")
        name, features = f"{net}_last", 2**self.halvings * self.discriminator_width
        x = convolution(self, x, features, name, spectral=self.spectral, **self._d_bias)
        x = self._d_activated(x, name)
        scores = convolution(
            self, x, 1, f"{net}_score", spectral=self.spectral, dtype="float32"
        )
        return keras.Model(image, scores, name=f"discriminator{net[1:]}")

    def _seen_width(self, size):
        return max(8, self.discriminator_width * self.base // size)

    def _seen(self, image, net):
        """An image to features of half of its size, without a normalization."""
        size = image.shape[1]
        name = f"{net}_{size}_from_image"
        x = halving(self, image, self._seen_width(size), name, spectral=self.spectral)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def _down(self, x, features, name):
        x = halving(self, x, features, name, spectral=self.spectral, **self._d_bias)
        return self._d_activated(x, name)

    def _d_activated(self, x, name):
        x = normalize(self, x, self.discriminator_normalization, name)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    @property
    def _d_bias(self):
        return {"use_bias": self.discriminator_normalization != "instance"}

    def get_config(self):
        return super().get_config() | {
            "width": self.width,
            "normalization": self.normalization,
            "skip": self.skip,
            "discriminator_width": self.discriminator_width,
            "halvings": self.halvings,
            "discriminator_normalization": self.discriminator_normalization,
        }

"""Networks of images that double their size block by block, and grow by a block."""

import itertools
from abc import ABC, abstractmethod

import keras
from keras import layers

from ganzoo.architectures.architecture import MIN_SIDE, Architecture
from ganzoo.architectures.linear import convolution, encoded, halving
from ganzoo.architectures.upsampling import resize


class PyramidArchitecture(Architecture, ABC):
    """The frame of a generator, a discriminator and an encoder that grow; blocks are given.

    The generator starts at a smallest size and doubles it, the other two halve it. In a stage
    that fades, the block of the new resolution is blended in, as in Karras et al.,
    arXiv:1710.10196, figure 2: a generator's image with the doubled image of the old
    resolution, the features of the others with those of the image's 2 x 2 means. So at alpha 0
    each network is the old one.

    The discriminator and the encoder have one body, written once: its blocks are told `net`,
    `"d"` or `"e"`, with which the names of their layers begin.

    A family gives the blocks below, `latent_size` and `width`. Features at a size have as many
    channels whichever block they come from.
    """

    roles: tuple[str, ...] = ("generator", "discriminator", "encoder")
    strided_ends = False  # Whether features have half of an image's size.
    latent_size: int
    width: int

    @property
    def smallest(self):
        """The size at which G starts and D ends: `base`, halved while it goes evenly."""
        size = self.base
        while size % 2 == 0 and size // 2 >= MIN_SIDE:
            size //= 2
        return size

    def feature_size(self, resolution):
        """Size of the features that an image is made from, or first turned into."""
        return max(self.smallest, resolution // 2) if self.strided_ends else resolution

    def width_at(self, size):
        """Features at a size: `width` at the base, twice as many at half of it, 8 at least."""
        return max(8, self.width * self.base // size)

    # The blocks.

    @abstractmethod
    def start(self, latents):
        """Latents [N, L], with what a condition adds, to features of the smallest size."""

    @abstractmethod
    def up(self, x, size):
        """Features of half of `size` to features of `size`."""

    @abstractmethod
    def to_image(self, x, resolution):
        """Features of `feature_size(resolution)` to an image in [-1, 1], float32."""

    @abstractmethod
    def from_image(self, image, resolution, net):
        """An image to features of `feature_size(resolution)`."""

    @abstractmethod
    def down(self, x, size, net):
        """Features of `size` to features of half of it."""

    @abstractmethod
    def score(self, x):
        """Features of the smallest size to [N, logits], float32: `scored` at the end."""

    def moments(self, x):
        """Features of the smallest size to means and log variances [N, 2 L], float32."""
        x = layers.Flatten(data_format="channels_last", name="e_flatten")(x)
        return encoded(self, x)

    # Ends that families may use.

    def pixels(self, x, resolution, name, make=resize):
        """Features of `feature_size(resolution)` to an image in [-1, 1], float32.

        Args:
            x: Features.
            resolution: Pixels of the image along each axis.
            name: Of the layer.
            make: The convolution that doubles a size, of `UPSAMPLINGS`.
        """
        if self.feature_size(resolution) == resolution:
            make = convolution
        x = make(self, x, self.channels, name, dtype="float32")
        return layers.Activation("tanh", dtype="float32", name=f"{name}_tanh")(x)

    def seen(self, image, resolution, name, spectral=False):
        """An image to features of `feature_size(resolution)`, by one convolution."""
        size = self.feature_size(resolution)
        make = convolution if size == resolution else halving
        return make(self, image, self.width_at(size), name, spectral=spectral)

    # The networks.

    def generator(self, resolution, fade):
        inputs, latents = self.begin(keras.Input((self.latent_size,), name="latents"))
        last = self.feature_size(resolution)
        x = {self.smallest: self.start(latents)}
        for size in itertools.takewhile(lambda size: size < last, self._sizes()):
            x[2 * size] = self.up(x[size], 2 * size)
        image = self.to_image(x[last], resolution)
        if fade is not None:
            half = resolution // 2
            old = self.to_image(x[self.feature_size(half)], half)
            options = {"data_format": "channels_last", "dtype": "float32"}
            old = layers.UpSampling2D(2, **options, name="g_old")(old)
            image = fade(old, image)
        return keras.Model(inputs, image, name="generator")

    def discriminator(self, resolution, fade):
        inputs, image = self.begin(self._image(resolution))
        features = self._features(image, fade, "d")
        return keras.Model(inputs, self.score(features), name="discriminator")

    def encoder(self, resolution, fade):
        image = self._image(resolution)
        features = self._features(image, fade, "e")
        return keras.Model(image, self.moments(features), name="encoder")

    def _image(self, resolution):
        return keras.Input((resolution, resolution, self.channels), name="image")

    def _features(self, image, fade, net):
        """Features of the smallest size."""
        resolution = image.shape[1]
        x, size = self.from_image(image, resolution, net), self.feature_size(resolution)
        if fade is not None:
            half = resolution // 2
            halve = layers.AveragePooling2D(2, data_format="channels_last", name=f"{net}_old")
            old = self.from_image(halve(image), half, net)
            while size > self.feature_size(half):
                x, size = self.down(x, size, net), size // 2
            x = fade(old, x)
        while size > self.smallest:
            x, size = self.down(x, size, net), size // 2
        return x

    def _sizes(self):
        return (self.smallest * 2**i for i in itertools.count())

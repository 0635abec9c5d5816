import math

import keras
from keras import layers

from ganzoo.architectures.architecture import Architecture
from ganzoo.architectures.layers import (
    Categories,
    DepthToSpace,
    MinibatchStddev,
    PixelNormalization,
    Similarity,
)
from ganzoo.architectures.strided import DoublingConv2D, HalvingConv2D

NORMALIZATIONS = {
    "batch": lambda name: layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name),
    "pixel": lambda name: PixelNormalization(name=name),
    "layer": lambda name: layers.LayerNormalization(epsilon=1e-5, name=name),
    "none": None,
}
LEAK = 0.2
SIMILARITY = 8  # Features of one similarity.
DEVIATION = 0.1  # Of the initial weights of D's dense layers, before their scale.
MIN_SIDE = 4
KERAS = {"data_format": "channels_last", "padding": "same"}


@keras.saving.register_keras_serializable("ganzoo")
class ProgressiveDCGAN(Architecture):
    """Strided convolutions by the rules of DCGAN, grown from a base size by doubling.

    Radford et al., arXiv:1511.06434: strided and transposed 4 x 4 convolutions, no
    pooling, no hidden dense layer, tanh at the end of G, LeakyReLU(0.2) in D. Grown,
    with minibatch standard deviation, as in Karras et al., arXiv:1710.10196: at each
    new resolution a block is blended in on both networks.

    Args:
        latent_size: Length of the latent.
        width: Features at the base resolution; they double with each halving of the
            size, and halve with each doubling down to 8.
        normalization: Of the generator: `"batch"`, `"pixel"`, `"layer"` or `"none"`.
        discriminator_normalization: The same choice for D. Penalties refuse `"batch"`.
        mapping_layers: Dense layers of a mapping network before G.
        categories: Coordinates of the latent that are one choice among so many, for sets
            of separate forms; 0 for none, `None` for half of them.
        upsampling: `"transposed"`, `"resize"` or `"sub-pixel"` convolutions.
        minibatch_stddev: Whether D sees how much a batch varies.
        score_width: Features of a dense layer before D's score; 0 for none.
        similarities: Ways in which D compares each sample with the rest of the batch.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`. Weights, images and
            scores are float32 in either.

    Differences from the papers, by measurement: pixel normalization and a mapping
    network where DCGAN has batch normalization; a choice among categories in the latent;
    the dense layer before the score that DCGAN does without and progressive GANs have; and
    minibatch discrimination (Salimans et al., arXiv:1606.03498), without which each category
    comes down to one image; equalized rates (arXiv:1710.10196, section 4.1) in D's dense
    layers, without which LSGAN collapses within 5 kimg. With "batch" for both
    normalizations, `mapping_layers=0`, `categories=0`, `score_width=0`, `similarities=0`
    and `minibatch_stddev=False` what remains is LeakyReLU in G, where DCGAN has ReLU,
    unstrided convolutions to and from images, 3 x 3 and 1 x 1, which growth needs, and the
    equalized rate of the score.
    """

    def __init__(
        self,
        latent_size=192,
        width=16,
        normalization="pixel",
        discriminator_normalization="none",
        mapping_layers=2,
        categories=None,
        upsampling="transposed",
        minibatch_stddev=True,
        score_width=128,
        similarities=16,
        channels=1,
        base=28,
        seed=0,
        precision="float32",
    ):
        super().__init__(channels=channels, base=base, seed=seed, precision=precision)
        self.latent_size = latent_size
        self.width = width
        self.normalization = _known("normalization", normalization, NORMALIZATIONS)
        self.discriminator_normalization = _known(
            "discriminator_normalization", discriminator_normalization, NORMALIZATIONS
        )
        self.mapping_layers = mapping_layers
        categories = latent_size // 2 if categories is None else categories
        if not 0 <= categories <= latent_size:
            raise ValueError(
                f"`categories` is from 0 to latent_size={latent_size}. Received: {categories}"
            )
        self.categories = categories
        self.upsampling = _known("upsampling", upsampling, self._ups())
        self.minibatch_stddev = minibatch_stddev
        self.score_width = score_width
        self.similarities = similarities

    # The generator.

    def generator(self, resolution, fade):
        latents = keras.Input((self.latent_size,), name="latents")
        size = self._smallest()
        x = self._start(self._mapping(latents), size)
        while size < resolution:
            small, size = x, 2 * size
            x = self._up(small, size)
        image = self._to_image(x, resolution)
        if fade is not None:
            old = self._to_image(small, resolution // 2)
            options = {"data_format": "channels_last", "dtype": "float32"}
            old = layers.UpSampling2D(2, **options, name="g_old")(old)
            image = fade(old, image)
        return keras.Model(latents, image, name="generator")

    def _mapping(self, x):
        if self.categories:
            x = Categories(self.categories, name="g_categories")(x)
        if self.mapping_layers:
            x = PixelNormalization(name="g_latent_norm")(x)
        for i in range(self.mapping_layers):
            name = f"g_map_{i}"
            x = self.keep(layers.Dense, self.latent_size, name=name, **self._he(name))(x)
            x = layers.LeakyReLU(LEAK, name=f"{name}_act")(x)
        return x

    def _start(self, x, size):
        name, features = f"g_{size}", self._features(size)
        x = self.keep(layers.Dense, size * size * features, name=name, **self._he(name))(x)
        x = layers.Reshape((size, size, features), name=f"{name}_reshape")(x)
        return self._norm_act(x, self.normalization, name)

    def _up(self, x, size):
        name = f"g_{size}"
        x = self._ups()[self.upsampling](x, self._features(size), name)
        return self._norm_act(x, self.normalization, name)

    def _ups(self):
        return {
            "transposed": self._transposed,
            "resize": self._resize,
            "sub-pixel": self._sub_pixel,
        }

    def _transposed(self, x, features, name):
        return self.keep(DoublingConv2D, features, name=name, **self._he(name))(x)

    def _resize(self, x, features, name):
        x = layers.UpSampling2D(2, data_format="channels_last", name=f"{name}_resize")(x)
        return self.keep(layers.Conv2D, features, 3, name=name, **KERAS, **self._he(name))(x)

    def _sub_pixel(self, x, features, name):
        make = layers.Conv2D
        x = self.keep(make, 4 * features, 3, name=name, **KERAS, **self._he(name))(x)
        return DepthToSpace(name=f"{name}_shuffle")(x)

    def _to_image(self, x, size):
        name = f"g_{size}_to_image"
        options = {"activation": "tanh", "dtype": "float32", **KERAS, **self._he(name)}
        return self.keep(layers.Conv2D, self.channels, 3, name=name, **options)(x)

    # The discriminator.

    def discriminator(self, resolution, fade):
        image = keras.Input((resolution, resolution, self.channels), name="image")
        x, size = self._from_image(image, resolution), resolution
        while size > self._smallest():
            x = self._down(x, size)
            if fade is not None and size == resolution:
                small = layers.AveragePooling2D(2, data_format="channels_last", name="d_old")(
                    image
                )
                x = fade(self._from_image(small, resolution // 2), x)
            size //= 2
        return keras.Model(image, self._score(x), name="discriminator")

    def _from_image(self, image, size):
        name = f"d_{size}_from_image"
        make = layers.Conv2D
        x = self.keep(make, self._features(size), 1, name=name, **KERAS, **self._he(name))(
            image
        )
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def _down(self, x, size):
        name = f"d_{size}"
        features = self._features(size // 2)
        x = self.keep(HalvingConv2D, features, name=name, **self._he(name))(x)
        return self._norm_act(x, self.discriminator_normalization, name)

    def _score(self, x):
        if self.minibatch_stddev:
            x = MinibatchStddev(name="d_minibatch_stddev")(x)
        x = layers.Flatten(data_format="channels_last", name="d_flatten")(x)
        if self.score_width:
            x = self._dense(x, self.score_width, "d_hidden")
            x = layers.LeakyReLU(LEAK, name="d_hidden_act")(x)
        if self.similarities:
            x = self._compare(x)
        return self._dense(x, 1, "d_score", dtype="float32")

    def _compare(self, x):
        name, units = "d_similarity", self.similarities * SIMILARITY
        features = self._dense(x, units, name, use_bias=False)
        similar = Similarity(self.similarities, name=f"{name}_exp")(features)
        return layers.Concatenate(name="d_with_similarity")([x, similar])

    def _dense(self, x, units, name, **options):
        """A dense layer with He's scale in its inputs, so that its rate is equalized."""
        scale = math.sqrt(2 / x.shape[-1]) / DEVIATION
        x = layers.Rescaling(scale, name=f"{name}_scale")(x)
        make = keras.initializers.RandomNormal
        options["kernel_initializer"] = self.initializer(name, make, stddev=DEVIATION)
        return self.keep(layers.Dense, units, name=name, **options)(x)

    # What both share.

    def _norm_act(self, x, normalization, name):
        if make := NORMALIZATIONS[normalization]:
            x = self.keep(lambda name: make(name), name=f"{name}_norm")(x)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def _smallest(self):
        """The size at which G starts and D ends: `base`, halved while it goes evenly."""
        size = self.base
        while size % 2 == 0 and size // 2 >= MIN_SIDE:
            size //= 2
        return size

    def _features(self, size):
        return max(8, self.width * self.base // size)

    def _he(self, name):
        make = keras.initializers.HeNormal
        return {"kernel_initializer": self.initializer(name, make)}

    def get_config(self):
        return super().get_config() | {
            "latent_size": self.latent_size,
            "width": self.width,
            "normalization": self.normalization,
            "discriminator_normalization": self.discriminator_normalization,
            "mapping_layers": self.mapping_layers,
            "categories": self.categories,
            "upsampling": self.upsampling,
            "minibatch_stddev": self.minibatch_stddev,
            "score_width": self.score_width,
            "similarities": self.similarities,
        }


def _known(option, value, choices):
    if value not in choices:
        raise ValueError(f"`{option}` is one of {', '.join(choices)}. Received: {value!r}")
    return value

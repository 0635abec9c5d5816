import math

import keras
from keras import layers

from ganzoo.architectures.architecture import MIN_SIDE, Architecture
from ganzoo.architectures.layers import (
    Categories,
    DepthToSpace,
    MinibatchStddev,
    PixelNormalization,
    Similarity,
)
from ganzoo.architectures.spectral import SpectralNormalization
from ganzoo.architectures.strided import DoublingConv2D, HalvingConv2D, ResizingConv2D
from ganzoo.errors import InputError
from ganzoo.variant import check_choice, check_flag, check_whole

NORMALIZATIONS = {
    "batch": lambda name: layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name),
    "pixel": lambda name: PixelNormalization(name=name),
    "layer": lambda name: layers.LayerNormalization(epsilon=1e-5, name=name),
    "none": None,
}
DISCRIMINATOR_NORMALIZATIONS = NORMALIZATIONS | {"spectral": None}  # Of weights.
LEAK = 0.2
MAX_MAPPING_LAYERS = 64
# Of six coloured shapes, over 3 seeds and two losses, 0.46 to 0.67 were recognised with 48
# categories, 0.46 to 0.55 with 24; with 96, four of the six runs collapsed
# (`benchmarks/results/shapes`, `categories-24`, `categories-96`).
CATEGORIES_A_CLASS = 8
SIMILARITY = 8  # Features of one similarity.
DEVIATION = 0.1  # Of the initial weights of D's dense layers, before their scale.
KERNELS = {"transposed": 16, "resize": 9, "sub-pixel": 4 * 9}  # Weights for a pair of features.
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
        discriminator_normalization: Of D: the same, or `"spectral"`, which divides each kernel
            by its largest singular value. Penalties refuse `"batch"`.
        mapping_layers: Dense layers of a mapping network before G.
        categories: Coordinates of the latent that are one choice among so many, for sets
            of separate forms; 0 for none, `None` for eight a class, and for half of the
            coordinates where that would be more or `classes` is 0.
        upsampling: `"transposed"`, `"resize"` or `"sub-pixel"` convolutions. Where even
            surfaces of gray or colour show a faint grid, `"resize"` has none.
        minibatch_stddev: Whether D sees how much a batch varies.
        score_width: Features of a dense layer before D's score; 0 for none.
        similarities: Ways in which D compares each sample with the rest of the batch.
        classes: Classes of the images, 0 if there are none or nobody knows. The networks see
            no labels: only `categories` follow.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says. Weights, images and scores are float32 in either.

    Differences from the papers, by measurement: pixel normalization and a mapping
    network where DCGAN has batch normalization; a choice among categories in the latent;
    the dense layer before the score that DCGAN does without and progressive GANs have; and
    minibatch discrimination (Salimans et al., arXiv:1606.03498), without which each category
    comes down to one image; equalized rates (arXiv:1710.10196, section 4.1) in D's dense
    layers, without which LSGAN collapses within 5 kimg. With "batch" for both
    normalizations, `mapping_layers=0`, `categories=0`, `score_width=0`, `similarities=0`
    and `minibatch_stddev=False` what remains is LeakyReLU in G, where DCGAN has ReLU, and the
    equalized rate of the score.

    As in DCGAN, and other than in progressive GANs, the convolutions to and from images are
    strided too, but for a `base` that cannot be halved. With features at the images' own size
    a step took 1.4 to 1.5 times as long (15.5 ms for 10.9 at 28 px, 26.2 for 18.0 at 56; 2
    cores) and images were no better (non-saturating, 260 kimg of `unown-original`, seed 5:
    0.986 for 0.985 recognised, coverage 0.83 for 0.84).

    An encoder is D's body, without what compares samples, and with two numbers a coordinate
    of the latent in the score's place; it follows D's options.
    """

    roles = ("generator", "discriminator", "encoder")

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
        classes=0,
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        super().__init__(channels=channels, base=base, seed=seed, precision=precision)
        check_whole(latent_size=latent_size, width=width)
        check_whole(
            0,
            score_width=score_width,
            similarities=similarities,
            classes=classes,
        )
        check_whole(0, MAX_MAPPING_LAYERS, mapping_layers=mapping_layers)
        check_flag(minibatch_stddev=minibatch_stddev)
        check_choice(NORMALIZATIONS, normalization=normalization)
        check_choice(
            DISCRIMINATOR_NORMALIZATIONS,
            discriminator_normalization=discriminator_normalization,
        )
        check_choice(self._ups(), upsampling=upsampling)
        self.latent_size = latent_size
        self.width = width
        self.normalization = normalization
        self.discriminator_normalization = discriminator_normalization
        self.mapping_layers = mapping_layers
        if categories is None:
            half = latent_size // 2
            categories = min(half, CATEGORIES_A_CLASS * classes) if classes else half
        check_whole(0, categories=categories)
        if categories > latent_size:
            raise InputError(
                f"`categories` is from 0 to latent_size={latent_size}. Received: {categories}"
            )
        self.categories = categories
        self.upsampling = upsampling
        self.minibatch_stddev = minibatch_stddev
        self.score_width = score_width
        self.similarities = similarities

    # The generator.

    def generator(self, resolution, fade):
        latents = keras.Input((self.latent_size,), name="latents")
        size = smallest = self._smallest()
        x = {size: self._start(self._mapping(latents), size)}
        while 2 * size < resolution:
            x[2 * size] = self._up(x[size], 2 * size)
            size *= 2
        image = self._to_image(x[size], resolution)
        if fade is not None:
            small = x[max(smallest, resolution // 4)]
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

    def _transposed(self, x, features, name, **options):
        # A variance of 1 over the inputs: a pixel sees a quarter of a kernel, and Keras takes
        # a transposed kernel's inputs for its outputs.
        make = keras.initializers.VarianceScaling
        options["kernel_initializer"] = self.initializer(name, make, scale=4.0, mode="fan_out")
        return self.keep(DoublingConv2D, features, name=name, **options)(x)

    def _resize(self, x, features, name, **options):
        options |= self._he(name)
        return self.keep(ResizingConv2D, features, name=name, **options)(x)

    def _sub_pixel(self, x, features, name, **options):
        x = self._plain(x, 4 * features, name, **options)
        return DepthToSpace(name=f"{name}_shuffle", **options)(x)

    def _plain(self, x, features, name, **options):
        options |= KERAS | self._he(name)
        return self.keep(layers.Conv2D, features, 3, name=name, **options)(x)

    def _to_image(self, x, size):
        name = f"g_{size}_to_image"
        up = self._plain if x.shape[1] == size else self._ups()[self.upsampling]
        x = up(x, self.channels, name, dtype="float32")
        return layers.Activation("tanh", dtype="float32", name=f"{name}_tanh")(x)

    # The discriminator and the encoder: one body, each with layers of its own.

    def discriminator(self, resolution, fade):
        image = keras.Input((resolution, resolution, self.channels), name="image")
        features = self._features_of(image, fade, "d")
        return keras.Model(image, self._score(features), name="discriminator")

    def encoder(self, resolution, fade):
        image = keras.Input((resolution, resolution, self.channels), name="image")
        features = self._features_of(image, fade, "e")
        return keras.Model(image, self._moments(features), name="encoder")

    def _features_of(self, image, fade, net):
        """The last features, [N, smallest, smallest, C], of the network `"d"` or `"e"`."""
        resolution = image.shape[1]
        x = self._from_image(image, resolution, net)
        if fade is not None:
            halve = layers.AveragePooling2D(2, data_format="channels_last", name=f"{net}_old")
            old = self._from_image(halve(image), resolution // 2, net)
            if x.shape[1] > old.shape[1]:
                x = self._down(x, net)
            x = fade(old, x)
        while x.shape[1] > self._smallest():
            x = self._down(x, net)
        return x

    def _from_image(self, image, size, net):
        name = f"{net}_{size}_from_image"
        if size == self._smallest():
            options = KERAS | self._he(name) | {"kernel_size": 3}
            x = self._linear(layers.Conv2D, self._features(size), name, **options)(image)
        else:
            x = self._halve(image, size, name)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def _down(self, x, net):
        size = x.shape[1]
        name = f"{net}_{size}"
        x = self._halve(x, size, name)
        return self._norm_act(x, self.discriminator_normalization, name)

    def _halve(self, x, size, name):
        features = self._features(size // 2)
        return self._linear(HalvingConv2D, features, name, **self._he(name))(x)

    def _moments(self, x):
        """Means and log variances of latents; no sample sees another one's."""
        x = layers.Flatten(data_format="channels_last", name="e_flatten")(x)
        if self.score_width:
            x = self._dense(x, self.score_width, "e_hidden")
            x = layers.LeakyReLU(LEAK, name="e_hidden_act")(x)
        return self._dense(x, 2 * self.latent_size, "e_moments", dtype="float32")

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
        """A dense layer with He's scale in its inputs, so that its rate is equalized.

        But for spectral normalization, which undoes any scale of a kernel.
        """
        if self.discriminator_normalization == "spectral":
            return self._linear(layers.Dense, units, name, **options | self._he(name))(x)
        scale = math.sqrt(2 / x.shape[-1]) / DEVIATION
        x = layers.Rescaling(scale, name=f"{name}_scale")(x)
        make = keras.initializers.RandomNormal
        options["kernel_initializer"] = self.initializer(name, make, stddev=DEVIATION)
        return self.keep(layers.Dense, units, name=name, **options)(x)

    def _linear(self, make, units, name, use_bias=True, dtype=None, **options):
        """A layer of D, with its kernel normalized if all are."""
        if self.discriminator_normalization != "spectral":
            return self.keep(make, units, name=name, use_bias=use_bias, dtype=dtype, **options)
        u = self.initializer(f"{name}_u", keras.initializers.RandomNormal)
        layer = make(units, use_bias=False, dtype=dtype, name=f"{name}_kernel", **options)
        make = SpectralNormalization
        return self.keep(make, layer, use_bias, u_initializer=u, dtype=dtype, name=name)

    # What both share.

    def least_weights(self, resolution, role):
        smallest, features = self._smallest(), self._features
        sides = [smallest * 2**i for i in range((resolution // smallest).bit_length())]
        blocks = sum(features(side) * features(2 * side) for side in sides[:-2])
        flat = smallest**2 * features(smallest)
        if role == "generator":
            mapping = self.mapping_layers * self.latent_size**2
            return mapping + self.latent_size * flat + KERNELS[self.upsampling] * blocks
        ends = 2 * self.latent_size
        if role == "discriminator":
            ends = self.similarities * SIMILARITY
        return 16 * blocks + flat * self.score_width + (self.score_width or flat) * ends

    def _norm_act(self, x, normalization, name):
        if make := DISCRIMINATOR_NORMALIZATIONS[normalization]:
            x = self.keep(make, name=f"{name}_norm")(x)
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
        """What makes equal networks; `classes` is in `categories` already."""
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

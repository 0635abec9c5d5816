import keras
from keras import layers

from ganzoo.architectures.categories import Categories
from ganzoo.architectures.linear import dense, equalized_dense, halving, scored
from ganzoo.architectures.mapping import LEAK, MAX_LAYERS, mapped
from ganzoo.architectures.minibatch import MinibatchStddev, Similarity
from ganzoo.architectures.normalization import NORMALIZATIONS, normalize
from ganzoo.architectures.pyramid import PyramidArchitecture
from ganzoo.architectures.upsampling import KERNELS, UPSAMPLINGS
from ganzoo.errors import InputError
from ganzoo.variant import check_flag, check_whole

# Of six coloured shapes, over 3 seeds and two losses, 0.46 to 0.67 were recognised with 48
# categories, 0.46 to 0.55 with 24; with 96, four of the six runs collapsed
# (`benchmarks/results/shapes`, `categories-24`, `categories-96`).
CATEGORIES_A_CLASS = 8
SIMILARITY = 8  # Features of one similarity.


@keras.saving.register_keras_serializable("ganzoo")
class ProgressiveDCGAN(PyramidArchitecture):
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
        straight_through: Whether that choice has a gradient by the latent, as an encoder needs.
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

    strided_ends = True
    choices = {
        "normalization": tuple(NORMALIZATIONS),
        "discriminator_normalization": (*NORMALIZATIONS, "spectral"),
        "upsampling": tuple(UPSAMPLINGS),
    }

    def __init__(
        self,
        latent_size=192,
        width=16,
        normalization="pixel",
        discriminator_normalization="none",
        mapping_layers=2,
        categories=None,
        straight_through=False,
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
        check_whole(0, MAX_LAYERS, mapping_layers=mapping_layers)
        check_flag(minibatch_stddev=minibatch_stddev, straight_through=straight_through)
        self.check_choices(
            normalization=normalization,
            discriminator_normalization=discriminator_normalization,
            upsampling=upsampling,
        )
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
        self.straight_through = straight_through
        self.upsampling = upsampling
        self.minibatch_stddev = minibatch_stddev
        self.score_width = score_width
        self.similarities = similarities

        self.spectral = discriminator_normalization == "spectral"

    # The generator.

    def start(self, latents):
        x = latents
        if self.categories:
            options = {"straight_through": self.straight_through, "name": "g_categories"}
            x = Categories(self.categories, **options)(x)
        x, size = mapped(self, x, self.mapping_layers), self.smallest
        name, features = f"g_{size}", self.width_at(size)
        x = dense(self, x, size * size * features, name)
        x = layers.Reshape((size, size, features), name=f"{name}_reshape")(x)
        return self.activated(x, name)

    def up(self, x, size):
        name = f"g_{size}"
        x = UPSAMPLINGS[self.upsampling](self, x, self.width_at(size), name)
        return self.activated(x, name)

    def activated(self, x, name):
        """Features of the generator's block called `name`, normalized and activated."""
        x = normalize(self, x, self.normalization, name)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def to_image(self, x, resolution):
        name, make = f"g_{resolution}_to_image", UPSAMPLINGS[self.upsampling]
        return self.pixels(x, resolution, name, make)

    # The discriminator and the encoder.

    def from_image(self, image, resolution, net):
        name = f"{net}_{resolution}_from_image"
        x = self.seen(image, resolution, name, self.spectral)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def down(self, x, size, net):
        name = f"{net}_{size}"
        x = halving(self, x, self.width_at(size // 2), name, spectral=self.spectral)
        x = normalize(self, x, self.discriminator_normalization, name)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def score(self, x):
        if self.minibatch_stddev:
            x = MinibatchStddev(name="d_minibatch_stddev")(x)
        x = self._flat(x, "d")
        if self.similarities:
            x = self._compared(x)
        return scored(self, x, self.spectral)

    def moments(self, x):
        return self._dense(
            self._flat(x, "e"), 2 * self.latent_size, "e_moments", dtype="float32"
        )

    def _flat(self, x, net):
        x = layers.Flatten(data_format="channels_last", name=f"{net}_flatten")(x)
        if self.score_width:
            x = self._dense(x, self.score_width, f"{net}_hidden")
            x = layers.LeakyReLU(LEAK, name=f"{net}_hidden_act")(x)
        return x

    def _compared(self, x):
        """Features with their similarities to those of the rest of the batch."""
        name, units = "d_similarity", self.similarities * SIMILARITY
        features = self._dense(x, units, name, use_bias=False)
        similar = Similarity(self.similarities, name=f"{name}_exp")(features)
        return layers.Concatenate(name="d_with_similarity")([x, similar])

    def _dense(self, x, units, name, **options):
        return equalized_dense(self, x, units, name, spectral=self.spectral, **options)

    def least_weights(self, resolution, role):
        smallest, features = self.smallest, self.width_at
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

    def get_config(self):
        """What makes equal networks; `classes` is in `categories` already."""
        return super().get_config() | {
            "latent_size": self.latent_size,
            "width": self.width,
            "normalization": self.normalization,
            "discriminator_normalization": self.discriminator_normalization,
            "mapping_layers": self.mapping_layers,
            "categories": self.categories,
            "straight_through": self.straight_through,
            "upsampling": self.upsampling,
            "minibatch_stddev": self.minibatch_stddev,
            "score_width": self.score_width,
            "similarities": self.similarities,
        }

import keras
from keras import layers

from ganzoo.architectures.attention import transformer_block
from ganzoo.architectures.linear import dense, encoded, scored
from ganzoo.architectures.minibatch import MinibatchStddev
from ganzoo.architectures.modulated import Constant
from ganzoo.architectures.normalization import normalize
from ganzoo.architectures.patches import FromPatches, ToPatches
from ganzoo.architectures.pyramid import PyramidArchitecture
from ganzoo.variant import check_whole

MAX_DEPTH = 64


@keras.saving.register_keras_serializable("ganzoo")
class Transformer(PyramidArchitecture):
    """Patches that look at each other, without a convolution.

    As in ViTGAN (Lee et al., arXiv:2107.04589) and TransGAN (Jiang et al., arXiv:2102.07074),
    at the size of a lesson: both networks are transformer blocks over 7 x 7 patches of a 28 px
    image. G: a dense layer to the patches' features, blocks, a dense layer to pixels, tanh. D:
    a dense layer from pixels, learned positions, blocks, the batch's standard deviation, the
    mean over patches. A further resolution has larger patches, with dense layers of its own.

    Differences from both: one size of features throughout; attention by products, without the
    L2 distances and spectral weights of ViTGAN's D; layer normalization; growth.

    Args:
        latent_size: Length of the latent.
        width: Features of a patch.
        depth: Transformer blocks of each network.
        heads: Heads of the attention.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    def __init__(
        self,
        latent_size=128,
        width=96,
        depth=3,
        heads=4,
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        super().__init__(channels=channels, base=base, seed=seed, precision=precision)
        check_whole(latent_size=latent_size, width=width, heads=heads)
        check_whole(1, MAX_DEPTH, depth=depth)
        self.latent_size = latent_size
        self.width = width
        self.depth = depth
        self.heads = heads

    def feature_size(self, resolution):
        """Patches along an axis, the same for all resolutions."""
        return self.smallest

    def start(self, latents):
        places = self.smallest**2
        x = dense(self, latents, places * self.width, "g_start")
        x = layers.Reshape((places, self.width), name="g_start_reshape")(x)
        return self._blocks(x, "g")

    def up(self, x, size):
        return x

    def to_image(self, x, resolution):
        name = f"g_{resolution}_to_image"
        side, patch = self.smallest, resolution // self.smallest
        x = dense(self, x, patch**2 * self.channels, name, dtype="float32")
        options = {"dtype": "float32"}
        x = layers.Reshape((side, side, x.shape[-1]), name=f"{name}_grid", **options)(x)
        x = FromPatches(patch, name=f"{name}_patches", **options)(x)
        return layers.Activation("tanh", dtype="float32", name=f"{name}_tanh")(x)

    def from_image(self, image, resolution, net):
        name = f"{net}_{resolution}_from_image"
        x = ToPatches(resolution // self.smallest, name=f"{name}_patches")(image)
        x = layers.Reshape((self.smallest**2, x.shape[-1]), name=f"{name}_places")(x)
        return dense(self, x, self.width, name)

    def down(self, x, size, net):
        return x

    def score(self, x):
        return scored(self, self._mean(x, "d"))

    def moments(self, x):
        return encoded(self, self._mean(x, "e"))

    def _mean(self, x, net):
        name, shape = f"{net}_positions", (self.smallest**2, self.width)
        normal = self.initializer(name, keras.initializers.RandomNormal, stddev=0.02)
        positions = self.keep(Constant, shape, normal, name=name)(x)
        x = self._blocks(layers.Add(name=f"{net}_start")([x, positions]), net)
        grid = (self.smallest, self.smallest, self.width)
        x = layers.Reshape(grid, name=f"{net}_grid")(x)
        if net == "d":
            x = MinibatchStddev(name="d_minibatch_stddev")(x)
        return layers.GlobalAveragePooling2D(data_format="channels_last", name=f"{net}_mean")(x)

    def _blocks(self, x, net):
        for i in range(self.depth):
            x = transformer_block(self, x, self.heads, f"{net}_block_{i}")
        return normalize(self, x, "layer", f"{net}_last")

    def get_config(self):
        return super().get_config() | {
            "latent_size": self.latent_size,
            "width": self.width,
            "depth": self.depth,
            "heads": self.heads,
        }

import keras
from keras import layers

from ganzoo.architectures.linear import dense, scored
from ganzoo.architectures.mapping import LEAK
from ganzoo.architectures.normalization import NORMALIZATIONS, normalize
from ganzoo.architectures.pyramid import PyramidArchitecture
from ganzoo.variant import check_whole

MAX_DEPTH = 64


@keras.saving.register_keras_serializable("ganzoo")
class MLP(PyramidArchitecture):
    """Dense layers alone, which know nothing of places: the floor for every other family.

    Goodfellow et al., arXiv:1406.2661, section 5, whose networks for digits and faces were
    such. G: `depth` hidden layers, then one to all pixels, tanh. D: one from all pixels to
    features, `depth` hidden layers, the score. A further resolution adds a hidden layer and
    a layer to its pixels, or from them.

    Differences from the paper: LeakyReLU(0.2) everywhere, where G had ReLU and sigmoid and D
    maxout units with dropout; normal latents, where they were uniform; growth.

    Args:
        latent_size: Length of the latent.
        width: Features of each hidden layer.
        depth: Hidden layers at the base resolution.
        normalization: Of the generator's hidden layers: `"batch"`, `"pixel"`, `"layer"` or
            `"none"`.
        channels: Channels of the images.
        base: Resolution of the first stage; any number.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    choices = {"normalization": tuple(NORMALIZATIONS)}
    least_base = 1  # Points are images of one pixel.

    def __init__(
        self,
        latent_size=128,
        width=512,
        depth=2,
        normalization="none",
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        super().__init__(channels=channels, base=base, seed=seed, precision=precision)
        check_whole(latent_size=latent_size, width=width)
        check_whole(1, MAX_DEPTH, depth=depth)
        self.check_choices(normalization=normalization)
        self.latent_size = latent_size
        self.width = width
        self.depth = depth
        self.normalization = normalization

    @property
    def smallest(self):
        """The base: features have no size of their own, so there is nothing to halve."""
        return self.base

    def start(self, latents):
        return self._hidden(latents, f"g_{self.base}", self.normalization)

    def up(self, x, size):
        return self._layer(x, f"g_{size}", self.normalization)

    def to_image(self, x, resolution):
        name, shape = f"g_{resolution}_to_image", (resolution, resolution, self.channels)
        x = dense(self, x, resolution**2 * self.channels, name, dtype="float32")
        x = layers.Activation("tanh", dtype="float32", name=f"{name}_tanh")(x)
        return layers.Reshape(shape, dtype="float32", name=f"{name}_reshape")(x)

    def from_image(self, image, resolution, net):
        name = f"{net}_{resolution}_from_image"
        x = layers.Flatten(data_format="channels_last", name=f"{name}_flatten")(image)
        return self._layer(x, name)

    def down(self, x, size, net):
        return self._layer(x, f"{net}_{size}")

    def score(self, x):
        return scored(self, self._hidden(x, f"d_{self.base}"))

    def moments(self, x):
        return super().moments(self._hidden(x, f"e_{self.base}"))

    def _hidden(self, x, name, normalization="none"):
        for i in range(self.depth):
            x = self._layer(x, f"{name}_{i}", normalization)
        return x

    def _layer(self, x, name, normalization="none"):
        bias = normalization != "batch"  # Which takes the mean away again.
        x = dense(self, x, self.width, name, use_bias=bias)
        x = normalize(self, x, normalization, name)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def least_weights(self, resolution, role):
        doublings = (resolution // self.base).bit_length() - 1
        pixels, width = resolution**2 * self.channels, self.width
        hidden = (self.depth - 1 + doublings) * width**2
        ends = {"generator": self.latent_size, "encoder": width + 2 * self.latent_size}
        return pixels * width + hidden + ends.get(role, width) * width

    def get_config(self):
        return super().get_config() | {
            "latent_size": self.latent_size,
            "width": self.width,
            "depth": self.depth,
            "normalization": self.normalization,
        }

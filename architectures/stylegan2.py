import keras
from keras import layers

from ganzoo.architectures.linear import convolution, dense, encoded, scored
from ganzoo.architectures.mapping import LEAK, MAX_LAYERS, mapped
from ganzoo.architectures.minibatch import MinibatchStddev
from ganzoo.architectures.modulated import Constant, modulated
from ganzoo.architectures.pyramid import PyramidArchitecture
from ganzoo.architectures.resampling import doubled, halved
from ganzoo.architectures.upsampling import DepthToSpace
from ganzoo.variant import check_whole


@keras.saving.register_keras_serializable("ganzoo")
class StyleGAN2(PyramidArchitecture):
    """A latent becomes a style, which modulates every convolution of G.

    Karras et al., arXiv:1912.04958, figure 2d and appendix B. G: a mapping network, learned
    features of the smallest size, two demodulated convolutions a size, bilinear doubling. D:
    residual blocks with blurred halving, the batch's standard deviation, a dense layer.

    Differences from the paper: the image comes from the last size alone, as growth blends sizes
    (the paper adds up the images of all sizes, in growth's place), 2 x 2 pixels of each place;
    no noise, so that a latent is an image; tanh; no mixing of styles; He's initial weights
    without equalized rates.

    Args:
        latent_size: Length of the latent and of the style.
        width: Features at the base resolution; they double with each halving of the size, and
            halve with each doubling down to 8.
        mapping_layers: Dense layers of the mapping network.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    strided_ends = True

    def __init__(
        self,
        latent_size=128,
        width=16,
        mapping_layers=4,
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        super().__init__(channels=channels, base=base, seed=seed, precision=precision)
        check_whole(latent_size=latent_size, width=width)
        check_whole(1, MAX_LAYERS, mapping_layers=mapping_layers)
        self.latent_size = latent_size
        self.width = width
        self.mapping_layers = mapping_layers

    # The generator: what goes from block to block is features and the style.

    def start(self, latents):
        style, size = mapped(self, latents, self.mapping_layers), self.smallest
        name, shape = f"g_{size}", (size, size, self.width_at(size))
        make = self.initializer(f"{name}_constant", keras.initializers.RandomNormal, stddev=1.0)
        x = self.keep(Constant, shape, make, name=f"{name}_constant")(style)
        return self._styled(x, style, size, f"{name}_1"), style

    def up(self, x, size):
        features, style = x
        # The convolution of the old size, and then doubled: at a quarter of the cost.
        features = self._styled(features, style, size, f"g_{size}_0")
        features = doubled(features, f"g_{size}")
        return self._styled(features, style, size, f"g_{size}_1"), style

    def to_image(self, x, resolution):
        features, style = x
        name = f"g_{resolution}_to_image"
        strided = self.feature_size(resolution) < resolution
        pixels = 4 if strided else 1
        image = modulated(
            self,
            features,
            style,
            pixels * self.channels,
            name,
            demodulate=False,
            dtype="float32",
        )
        if strided:
            image = DepthToSpace(dtype="float32", name=f"{name}_shuffle")(image)
        return layers.Activation("tanh", dtype="float32", name=f"{name}_tanh")(image)

    def _styled(self, x, style, size, name):
        x = modulated(self, x, style, self.width_at(size), name)
        x = self.normalized(x, name)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    # The discriminator and the encoder.

    def from_image(self, image, resolution, net):
        name = f"{net}_{resolution}_from_image"
        x = self.seen(image, resolution, name)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def down(self, x, size, net):
        name = f"{net}_{size}"
        old = halved(x, f"{name}_old")
        old = convolution(
            self, old, self.width_at(size // 2), f"{name}_skip", 1, use_bias=False
        )
        x = self._activated(x, self.width_at(size), f"{name}_0")
        x = self._activated(halved(x, name), self.width_at(size // 2), f"{name}_1")
        x = layers.Add(name=f"{name}_sum")([x, old])
        return layers.Rescaling(0.5**0.5, name=f"{name}_scale")(x)

    def score(self, x):
        x = MinibatchStddev(name="d_minibatch_stddev")(x)
        return scored(self, self._flat(x, "d"))

    def moments(self, x):
        return encoded(self, self._flat(x, "e"))

    def _flat(self, x, net):
        features = self.width_at(self.smallest)
        x = self._activated(x, features, f"{net}_{self.smallest}")
        x = layers.Flatten(data_format="channels_last", name=f"{net}_flatten")(x)
        x = dense(self, x, features, f"{net}_hidden")
        return layers.LeakyReLU(LEAK, name=f"{net}_hidden_act")(x)

    def _activated(self, x, features, name):
        x = convolution(self, x, features, name)
        return layers.LeakyReLU(LEAK, name=f"{name}_act")(x)

    def get_config(self):
        return super().get_config() | {
            "latent_size": self.latent_size,
            "width": self.width,
            "mapping_layers": self.mapping_layers,
        }

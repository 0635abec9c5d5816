import keras
from keras import layers

from ganzoo.architectures.linear import convolution, dense, encoded, scored
from ganzoo.architectures.mapping import LEAK
from ganzoo.architectures.modulated import Constant
from ganzoo.architectures.pyramid import PyramidArchitecture
from ganzoo.architectures.resampling import doubled, halved
from ganzoo.variant import check_whole

MAX_BLOCKS = 64


@keras.saving.register_keras_serializable("ganzoo")
class R3GAN(PyramidArchitecture):
    """Two plain residual networks that mirror each other, without any normalization.

    Huang et al., arXiv:2501.05441, section 4 and figure 4. A block is a 1 x 1, a 3 x 3 and a
    1 x 1 convolution, of which the last begins at 0, so that blocks begin as nothing; bilinear
    resampling between sizes. G begins with learned features of the smallest size, each scaled
    by a number made of the latent; D ends with the mirror of that. The paper trains them with
    `--loss rpgan`, which brings R1 and R2.

    Differences from the paper: the 3 x 3 convolutions are not in groups, which TensorFlow
    differentiates on no CPU, and the inner features are not doubled; the convolutions to and
    from images double and halve the size; tanh; He's initial weights without a scale for the
    depth; growth.

    Args:
        latent_size: Length of the latent.
        width: Features at the base resolution; they double with each halving of the size, and
            halve with each doubling down to 8.
        blocks: Residual blocks of a size.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    strided_ends = True

    def __init__(
        self,
        latent_size=64,
        width=16,
        blocks=1,
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        super().__init__(channels=channels, base=base, seed=seed, precision=precision)
        check_whole(latent_size=latent_size, width=width)
        check_whole(1, MAX_BLOCKS, blocks=blocks)
        self.latent_size = latent_size
        self.width = width
        self.blocks = blocks

    def start(self, latents):
        size = self.smallest
        name, shape = f"g_{size}", (size, size, self.width_at(size))
        normal = self.initializer(f"{name}_basis", keras.initializers.RandomNormal, stddev=1.0)
        basis = self.keep(Constant, shape, normal, name=f"{name}_basis")(latents)
        scale = dense(self, latents, shape[-1], f"{name}_scale")
        scale = layers.Reshape((1, 1, shape[-1]), name=f"{name}_scale_reshape")(scale)
        return self._stage(layers.Multiply(name=f"{name}_scaled")([basis, scale]), name)

    def up(self, x, size):
        name = f"g_{size}"
        x = convolution(self, x, self.width_at(size), f"{name}_width", 1, use_bias=False)
        return self._stage(doubled(x, name), name)

    def to_image(self, x, resolution):
        return self.pixels(x, resolution, f"g_{resolution}_to_image")

    def from_image(self, image, resolution, net):
        return self.seen(image, resolution, f"{net}_{resolution}_from_image")

    def down(self, x, size, net):
        name = f"{net}_{size}"
        x = halved(self._stage(x, name), name)
        return convolution(
            self, x, self.width_at(size // 2), f"{name}_width", 1, use_bias=False
        )

    def score(self, x):
        return scored(self, self._ended(x, "d"))

    def moments(self, x):
        return encoded(self, self._ended(x, "e"))

    def _ended(self, x, net):
        """The last blocks, and of each feature map one number by weights of its own."""
        size, name = self.smallest, f"{net}_{self.smallest}"
        make = keras.initializers.VarianceScaling
        options = {"use_bias": False, "data_format": "channels_last", "padding": "valid"}
        options["depthwise_initializer"] = self.initializer(f"{name}_basis", make)
        basis = self.keep(layers.DepthwiseConv2D, size, name=f"{name}_basis", **options)
        x = basis(self._stage(x, name))
        return layers.Flatten(data_format="channels_last", name=f"{net}_flatten")(x)

    def _stage(self, x, name):
        for i in range(self.blocks):
            x = self._block(x, f"{name}_{i}")
        return self.normalized(x, name) if name.startswith("g_") else x

    def _block(self, x, name):
        features = x.shape[-1]
        y = convolution(self, x, features, f"{name}_in", size=1)
        y = layers.LeakyReLU(LEAK, name=f"{name}_in_act")(y)
        y = convolution(self, y, features, f"{name}_mid")
        y = layers.LeakyReLU(LEAK, name=f"{name}_mid_act")(y)
        zeros = {"kernel_initializer": "zeros", "use_bias": False}
        y = convolution(self, y, features, f"{name}_out", size=1, **zeros)
        return layers.Add(name=f"{name}_sum")([x, y])

    def get_config(self):
        return super().get_config() | {
            "latent_size": self.latent_size,
            "width": self.width,
            "blocks": self.blocks,
        }

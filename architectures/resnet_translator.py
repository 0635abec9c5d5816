import keras
from keras import layers

from ganzoo.architectures.translator import TranslatorArchitecture
from ganzoo.variant import check_whole

MAX_DEPTH = 64


@keras.saving.register_keras_serializable("ganzoo")
class ResNetTranslator(TranslatorArchitecture):
    """Translators between two domains of residual blocks, and discriminators of patches.

    Zhu et al., arXiv:1703.10593, section 7.2: features of the image, half of the size with
    twice the features, residual blocks there, and back; instance normalization.

    Differences from the paper, for images of 28 px: one halving for two; 3 x 3 convolutions
    to and from the image for 7 x 7 ones; zeros around the image for reflections; pixels
    doubled before a convolution for a transposed one, which shows no grid; the image itself is
    added before the last tanh (`skip`); growth.

    Args:
        width: Features of a translator at the base resolution, twice as many at half of it.
        depth: Residual blocks.
        normalization: Of a translator: `"instance"`, `"pixel"`, `"layer"` or `"none"`.
        skip: Whether the image is added before the last tanh, so that a translator begins as
            nearly the identity.
        discriminator_width: Features of a discriminator's first layer.
        halvings: Strided convolutions of a discriminator at the base resolution; with 2 a
            score sees 26 x 26 pixels, with 1 12 x 12.
        discriminator_normalization: `"instance"`, `"layer"`, `"none"` or `"spectral"`.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    def __init__(
        self,
        width=16,
        depth=4,
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
        check_whole(1, MAX_DEPTH, depth=depth)
        super().__init__(
            width=width,
            normalization=normalization,
            skip=skip,
            discriminator_width=discriminator_width,
            halvings=halvings,
            discriminator_normalization=discriminator_normalization,
            channels=channels,
            base=base,
            seed=seed,
            precision=precision,
        )
        self.depth = depth

    def body(self, x, net):
        even = self.base % 2 == 0
        if even:
            x = self.smaller(x, 2 * self.width, f"{net}_trunk_down")
        for i in range(self.depth):
            x = self._block(x, f"{net}_block_{i}")
        return self.larger(x, self.width_at(self.base), f"{net}_trunk_up") if even else x

    def _block(self, x, name):
        features = x.shape[-1]
        y = self.convolved(x, features, f"{name}_0")
        y = layers.ReLU(name=f"{name}_0_act")(y)
        y = self.convolved(y, features, f"{name}_1")
        return layers.Add(name=f"{name}_sum")([x, y])

    def get_config(self):
        return super().get_config() | {"depth": self.depth}

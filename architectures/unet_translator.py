import keras
from keras import layers

from ganzoo.architectures.architecture import MIN_SIDE
from ganzoo.architectures.translator import TranslatorArchitecture


@keras.saving.register_keras_serializable("ganzoo")
class UNetTranslator(TranslatorArchitecture):
    """Translators between two domains with skips at each size, and discriminators of patches.

    Isola et al., arXiv:1611.07004, section 3.2.1 and appendix 6.1: the size is halved down to
    the smallest one and doubled again, and features of each size are laid beside those of the
    way back.

    Differences from the paper: the smallest size is 7 x 7 of 28 px, not 1 x 1; pixels doubled
    before a convolution for a transposed one, which shows no grid; no dropout, whose noise
    changed the paper's images hardly; ReLU on both ways; the image itself is added before the
    last tanh (`skip`); growth.

    Args:
        width: Features of a translator at the base resolution; they double with each halving
            of the size, and halve with each doubling down to 8.
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

    def body(self, x, net):
        size, skipped = self.base, {}
        while size % 2 == 0 and size // 2 >= MIN_SIDE:
            skipped[size], size = x, size // 2
            x = self.smaller(x, self.width_at(size), f"{net}_{size}_inside")
        name = f"{net}_bottom"
        x = layers.ReLU(name=f"{name}_act")(self.convolved(x, self.width_at(size), name))
        while size < self.base:
            size *= 2
            name = f"{net}_{size}_back"
            x = self.larger(x, self.width_at(size), name)
            x = self.beside(x, skipped[size], name)
        return x

    def beside(self, x, skipped, name):
        x = layers.Concatenate(name=f"{name}_beside")([x, skipped])
        name = f"{name}_joined"
        x = self.convolved(x, skipped.shape[-1], name)
        return layers.ReLU(name=f"{name}_act")(x)

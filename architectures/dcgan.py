import keras
from keras import layers

from ganzoo.architectures.normalization import NORMALIZATIONS, normalize
from ganzoo.architectures.progressive_dcgan import ProgressiveDCGAN


@keras.saving.register_keras_serializable("ganzoo")
class DCGAN(ProgressiveDCGAN):
    """The first GAN of convolutions alone, without what was found later.

    Radford et al., arXiv:1511.06434, section 3 and figure 1. G: a dense layer, transposed
    4 x 4 convolutions with batch normalization and ReLU, tanh. D: strided 4 x 4 convolutions
    with LeakyReLU(0.2), one number at the end.

    Differences from the paper: the smallest size is 7 x 7 for images of 28 px (the paper: 4 x 4
    for 64 px); He's initial weights; an equalized rate of the score; growth. D has no batch
    normalization unless it is asked for, because gradient penalties, which most losses bring
    here, rule it out: `--arch dcgan:discriminator_normalization=batch --penalty none` is the
    paper's.

    Args:
        latent_size: Length of the latent.
        width: Features at the base resolution; they double with each halving of the size, and
            halve with each doubling down to 8.
        normalization: Of the generator: `"batch"`, `"pixel"`, `"layer"` or `"none"`.
        discriminator_normalization: Of D, but for its first layer: the same.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    choices = {
        "normalization": tuple(NORMALIZATIONS),
        "discriminator_normalization": tuple(NORMALIZATIONS),
    }

    def __init__(
        self,
        latent_size=100,
        width=32,
        normalization="batch",
        discriminator_normalization="none",
        channels=1,
        base=28,
        seed=0,
        precision=None,
    ):
        super().__init__(
            latent_size,
            width,
            normalization,
            discriminator_normalization,
            mapping_layers=0,
            categories=0,
            minibatch_stddev=False,
            score_width=0,
            similarities=0,
            channels=channels,
            base=base,
            seed=seed,
            precision=precision,
        )

    def activated(self, x, name):
        return layers.ReLU(name=f"{name}_act")(normalize(self, x, self.normalization, name))

    def get_config(self):
        return self.taken(super().get_config())

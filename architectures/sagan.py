import keras

from ganzoo.architectures.attention import attended
from ganzoo.architectures.resnet import ResNet


@keras.saving.register_keras_serializable("ganzoo")
class SAGAN(ResNet):
    """Residual blocks, and attention between distant places in both networks.

    Zhang et al., arXiv:1805.08318, section 3: one attention block in G and one in D, at
    twice the smallest size (14 x 14 for images of 28 px); a gain that begins at 0.

    Differences from the paper: spectral normalization in D alone; keys and values at all
    places (the authors' code halves their size); the blocks, widths and growth of `resnet`.

    Args:
        latent_size: Length of the latent.
        width: Features at the base resolution; they double with each halving of the size, and
            halve with each doubling down to 8.
        normalization: Of the generator: `"batch"`, `"pixel"`, `"layer"` or `"none"`.
        discriminator_normalization: `"spectral"` or `"none"`.
        channels: Channels of the images.
        base: Resolution of the first stage; any number of at least 4.
        seed: Seed of the initial weights.
        precision: What layers compute in, `"float32"` or `"bfloat16"`; `None`: as Keras's
            global dtype policy says.
    """

    @property
    def attention_size(self):
        """Size of the features whose places see each other."""
        return 2 * self.smallest

    def up(self, x, size):
        x = super().up(x, size)
        return attended(self, x, f"g_{size}_seen") if size == self.attention_size else x

    def down(self, x, size, net):
        if size == self.attention_size:
            x = attended(self, x, f"{net}_{size}_seen", self.spectral)
        return super().down(x, size, net)

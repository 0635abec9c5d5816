import keras
from keras import ops

from ganzoo.losses.loss import Loss


@keras.saving.register_keras_serializable("ganzoo")
class Hinge(Loss):
    """Margins for D, the plain score for G: the loss of SAGAN and BigGAN.

    Lim and Ye, arXiv:1705.02894, equations 8 and 9; in this form Miyato et al.,
    arXiv:1802.05957, equations 16 and 17. D stops caring for samples beyond
    the margin of 1.
    """

    parted_at = 0.0

    def discriminator(self, real, fake):
        on_real = ops.mean(ops.relu(1.0 - real))
        on_fake = ops.mean(ops.relu(1.0 + fake))
        return on_real + on_fake

    def generator(self, fake, real=None):
        return -ops.mean(fake)

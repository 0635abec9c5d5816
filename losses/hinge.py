import keras
from keras import ops

from ganzoo.losses.loss import Loss


@keras.saving.register_keras_serializable("ganzoo")
class Hinge(Loss):
    """Margins for D, the plain score for G: the loss of SAGAN and BigGAN.

    Lim and Ye, arXiv:1705.02894, equations 8 and 9; in this form Miyato et al.,
    arXiv:1802.05957, equations 16 and 17. D stops caring for samples beyond
    the margin of 1.

    R1 and R2 at 0.3 go with it, the best of 12 trials of 40 kimg at 28 px
    (`benchmarks/results/sweep`): coverage 0.55; R1 at 1.0 alone 0.52, no penalty 0.38. After
    the 320 kimg of `quick` on `unown-original` (seeds 0 to 2, `benchmarks/results/quick`) both
    had the lower KID at each seed, -0.001 to 0.000; R1 alone 0.000 to 0.004 (the same folder
    at commit d29ceb5). Coverage was 0.88 to 0.89 either way.
    """

    settings = {"penalties": ("r1:gamma=0.3,every=4", "r2:gamma=0.3,every=4")}

    def discriminator(self, real, fake):
        on_real = ops.mean(ops.relu(1.0 - real))
        on_fake = ops.mean(ops.relu(1.0 + fake))
        return on_real + on_fake

    def generator(self, fake, real=None):
        return -ops.mean(fake)

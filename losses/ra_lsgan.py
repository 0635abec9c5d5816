import keras
from keras import ops

from ganzoo.losses.loss import Loss, require_real
from ganzoo.losses.relativistic import than_average


@keras.saving.register_keras_serializable("ganzoo")
class RelativisticAverageLeastSquares(Loss):
    """Least squares on how much more real each image is than the other kind on average.

    RaLSGAN of Jolicoeur-Martineau, arXiv:1807.00734, with targets of 1 and -1 and the means
    over the batch:

        D: E[(D(x) - E D(G(z)) - 1)^2] + E[(D(G(z)) - E D(x) + 1)^2]
        G: E[(D(G(z)) - E D(x) - 1)^2] + E[(D(x) - E D(G(z)) + 1)^2]

    The author's code halves both sums; the paper and this loss do not.
    """

    relativistic = True

    def discriminator(self, real, fake):
        real, fake = than_average(real, fake)
        return ops.mean(ops.square(real - 1.0)) + ops.mean(ops.square(fake + 1.0))

    def generator(self, fake, real=None):
        real, fake = than_average(require_real(real), fake)
        return ops.mean(ops.square(fake - 1.0)) + ops.mean(ops.square(real + 1.0))

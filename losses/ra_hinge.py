import keras
from keras import ops

from ganzoo.losses.loss import Loss, require_real
from ganzoo.losses.relativistic import than_average


@keras.saving.register_keras_serializable("ganzoo")
class RelativisticAverageHinge(Loss):
    """Margins around the average score of the other kind: RaHingeGAN.

    Jolicoeur-Martineau, arXiv:1807.00734, with the means over the batch:

        D: E[max(0, 1 - (D(x) - E D(G(z))))] + E[max(0, 1 + (D(G(z)) - E D(x)))]
        G: E[max(0, 1 - (D(G(z)) - E D(x)))] + E[max(0, 1 + (D(x) - E D(G(z))))]

    G has margins too, unlike in `hinge`. The author's code halves both sums; the paper and
    this loss do not.
    """

    relativistic = True

    def discriminator(self, real, fake):
        real, fake = than_average(real, fake)
        return ops.mean(ops.relu(1.0 - real)) + ops.mean(ops.relu(1.0 + fake))

    def generator(self, fake, real=None):
        real, fake = than_average(require_real(real), fake)
        return ops.mean(ops.relu(1.0 - fake)) + ops.mean(ops.relu(1.0 + real))

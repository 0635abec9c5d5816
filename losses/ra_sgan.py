import keras
from keras import ops

from ganzoo.losses.loss import Loss, require_real
from ganzoo.losses.relativistic import than_average


@keras.saving.register_keras_serializable("ganzoo")
class RelativisticAverage(Loss):
    """Each image is scored against the average of the other kind: RaSGAN.

    Jolicoeur-Martineau, arXiv:1807.00734. With f(t) = softplus(-t) = -log sigmoid(t) and the
    means over the batch:

        D: E[f(D(x) - E D(G(z)))] + E[f(E D(x) - D(G(z)))]
        G: E[f(D(G(z)) - E D(x))] + E[f(E D(G(z)) - D(x))]

    G's gradient goes through E D(G(z)) too. The author's code halves both sums; the paper and
    this loss do not.
    """

    relativistic = True

    def discriminator(self, real, fake):
        real, fake = than_average(real, fake)
        return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))

    def generator(self, fake, real=None):
        real, fake = than_average(require_real(real), fake)
        return ops.mean(ops.softplus(-fake)) + ops.mean(ops.softplus(real))

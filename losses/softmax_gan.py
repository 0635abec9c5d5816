import keras
from keras import ops

from ganzoo.losses.loss import Loss, require_real


@keras.saving.register_keras_serializable("ganzoo")
class Softmax(Loss):
    """A softmax over the scores of the whole batch: D gives the real images all of it.

    Lin, arXiv:1704.06191, equations 1 to 4. With n images of each kind and Z the sum of e^D
    over all 2 n, each player minimises the cross-entropy to its target:

        D: log Z - E[D(x)]                          1/n each for real images, 0 for fakes
        G: log Z - 1/2 E[D(x)] - 1/2 E[D(G(z))]     1/(2 n) each for all

    The paper writes e^-D, a score that is low on real images; here it is high, as in all
    other losses.
    """

    relativistic = True

    def discriminator(self, real, fake):
        return _log_sum(real, fake) - ops.mean(real)

    def generator(self, fake, real=None):
        real = require_real(real)
        return _log_sum(real, fake) - 0.5 * ops.mean(real) - 0.5 * ops.mean(fake)


def _log_sum(real, fake):
    """log Z of both together."""
    return ops.logaddexp(ops.logsumexp(real), ops.logsumexp(fake))

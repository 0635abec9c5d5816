import keras
from keras import ops

from ganzoo.losses.loss import Loss, require_real


@keras.saving.register_keras_serializable("ganzoo")
class DualContrastive(Loss):
    """Each image is told from all of the other kind in its batch, in both directions.

    Yu et al., arXiv:2103.16748, equations 4 to 6. With n images of each kind:

        D: -E[log(e^D(x) / (e^D(x) + sum_j e^D(G(z_j))))]
           -E[log(e^-D(G(z)) / (e^-D(G(z)) + sum_i e^-D(x_i)))]

    and G the same with real images and fakes swapped. Here log(1 + sum_j e^(b_j - a)) is one
    softplus. Equal scores give 2 log(n + 1), so that the loss grows with the batch.
    """

    relativistic = True

    def discriminator(self, real, fake):
        return _against(real, fake) + _against(-fake, -real)

    def generator(self, fake, real=None):
        real = require_real(real)
        return _against(fake, real) + _against(-real, -fake)


def _against(one, others):
    """-E[log(e^a / (e^a + sum_j e^b_j))] over the scores a of `one`, b of `others`."""
    return ops.mean(ops.softplus(ops.logsumexp(others) - one))

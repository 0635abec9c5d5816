import keras
from keras import ops

from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.wasserstein_div import WassersteinDivergencePenalty


@keras.saving.register_keras_serializable("ganzoo")
class WassersteinDivergence(Loss):
    """Wasserstein divergence, which needs no critic of a bounded slope.

    Wu et al., arXiv:1712.01026: `wgan` without clipping, plus the penalty `wasserstein-div` on
    a power of the slope in the same critic update. In the sign of the other losses, with
    which D is high on real images:

        D: E[D(G(z))] - E[D(x)] + k E[|grad D|^p]
        G: -E[D(G(z))]

    Difference from the paper: one critic update for each generator update, as with the other
    losses.

    Args:
        k: Weight of the penalty.
        p: Power of the slope.
    """

    def __init__(self, k=2.0, p=6.0):
        self.penalties = (WassersteinDivergencePenalty(k, p),)
        self.k = k
        self.p = p

    def discriminator(self, real, fake):
        return ops.mean(fake) - ops.mean(real)

    def generator(self, fake, real=None):
        return -ops.mean(fake)

    def get_config(self):
        return {"k": self.k, "p": self.p}

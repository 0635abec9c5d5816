import keras
from keras import ops

from ganzoo.losses.loss import Loss, require_real


@keras.saving.register_keras_serializable("ganzoo")
class RelativisticPairing(Loss):
    """Each fake is scored against a real image, so that modes which are dropped cost something.

    Jolicoeur-Martineau, arXiv:1807.00734, equations 9 and 10; with R1 and R2 it is
    the loss of R3GAN (Huang et al., arXiv:2501.05441, equation 2). In the sign
    that each player minimises, with f(t) = softplus(-t) = -log sigmoid(t):

        D: E[f(D(x) - D(G(z)))]
        G: E[f(D(G(z)) - D(x))]

    Real and fake logits are paired by position, so both have one shape.
    """

    relativistic = True

    def discriminator(self, real, fake):
        return ops.mean(ops.softplus(-(real - fake)))

    def generator(self, fake, real=None):
        return ops.mean(ops.softplus(-(fake - require_real(real))))

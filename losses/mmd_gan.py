import keras
from keras import ops

from ganzoo.losses.kernels import mmd, rational_quadratic, vectors
from ganzoo.losses.loss import Loss, require_real
from ganzoo.losses.penalties.gp import GradientPenalty
from ganzoo.variant import check_not_negative


@keras.saving.register_keras_serializable("ganzoo")
class MMD(Loss):
    """Maximum mean discrepancy of the features that D gives, under a kernel of heavy tails.

    Binkowski et al., arXiv:1801.01401, with their kernel k = k_rq*, a sum of rational
    quadratic kernels and a product. With h(x) the 16 logits of an image as one vector:

        D: -MMD^2(h(x), h(G(z))) + weight E[(|grad f| - 1)^2] + l2 E[h^2]
        G: MMD^2(h(x), h(G(z)))

    MMD^2 is the unbiased estimate, and the penalty `gp` is on the witness
    f(t) = E[k(h(t), h(x))] - E[k(h(t), h(G(z)))]. Difference from the paper: one critic
    update for each generator update (the paper: 5).

    Args:
        weight: Weight of the gradient penalty.
        l2: Weight of the mean square of the features, of real images and of fakes.
    """

    relativistic = True
    logits = 16

    def __init__(self, weight=1.0, l2=1.0):
        check_not_negative(l2=l2)
        self.penalties = (GradientPenalty(weight),)
        self.weight = weight
        self.l2 = l2

    def discriminator(self, real, fake):
        squares = ops.mean(ops.square(real)) + ops.mean(ops.square(fake))
        return self.l2 * squares - mmd(rational_quadratic, vectors(real), vectors(fake))

    def witness(self, images, real, fake):
        images, real, fake = vectors(images), vectors(real), vectors(fake)
        near_real = ops.mean(rational_quadratic(images, real), axis=1)
        return near_real - ops.mean(rational_quadratic(images, fake), axis=1)

    def generator(self, fake, real=None):
        return mmd(rational_quadratic, vectors(require_real(real)), vectors(fake))

    def get_config(self):
        return {"weight": self.weight, "l2": self.l2}

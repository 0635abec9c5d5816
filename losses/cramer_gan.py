import keras
from keras import ops

from ganzoo.losses.kernels import distances, lengths, vectors, without_self
from ganzoo.losses.loss import Loss, require_real
from ganzoo.losses.penalties.gp import GradientPenalty


@keras.saving.register_keras_serializable("ganzoo")
class Cramer(Loss):
    """Energy distance of the features that D gives, whose gradients are unbiased.

    Bellemare et al., arXiv:1705.10743, algorithm 1. With h(x) the 256 logits of an image as
    one vector, y and y' two fakes and x a real image:

        f(x) = |h(x) - h(y')| - |h(x)|
        D: E[f(y)] - E[f(x)] + weight E[(|grad f| - 1)^2]
        G: 2 E[|h(x) - h(y)|] - E[|h(y) - h(y')|]

    Differences from the paper: y' are all other fakes of the batch instead of one; a weight of
    1 (the paper: 10); one critic update for each generator update (the paper: 5).

    Args:
        weight: Weight of the gradient penalty `gp`, which is on f, between reals and fakes.
    """

    relativistic = True
    logits = 256

    def __init__(self, weight=1.0):
        self.penalties = (GradientPenalty(weight),)
        self.weight = weight

    def discriminator(self, real, fake):
        real, fake = vectors(real), vectors(fake)
        on_fake = without_self(distances(fake, fake)) - lengths(fake)
        return ops.mean(on_fake) - ops.mean(self.witness(real, real, fake))

    def witness(self, images, real, fake):
        images, fake = vectors(images), vectors(fake)
        return ops.mean(distances(images, fake), axis=1) - lengths(images)

    def generator(self, fake, real=None):
        real, fake = vectors(require_real(real)), vectors(fake)
        apart = ops.mean(distances(real, fake))
        return 2.0 * apart - ops.mean(without_self(distances(fake, fake)))

    def get_config(self):
        return {"weight": self.weight}

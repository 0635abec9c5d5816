import keras
from keras import ops

from ganzoo.losses.loss import Loss, require_real
from ganzoo.losses.penalties.qp import QuadraticPotential


@keras.saving.register_keras_serializable("ganzoo")
class GANQP(Loss):
    """A difference of scores that costs its square over the distance of the two images.

    Su, arXiv:1811.07296. Real images and fakes are paired by position:

        D: E[-d + d^2 / (2 weight |x - G(z)|)],  d = D(x) - D(G(z))
        G: E[d]

    The square is the penalty `qp`, so that no slope has to be bounded.

    Args:
        weight: The paper's lambda.
        distance: Of two images: `"l1"`, the mean absolute difference of their pixels, or
            `"l2"`, the root of the mean square.
    """

    relativistic = True

    def __init__(self, weight=10.0, distance="l1"):
        self.penalties = (QuadraticPotential(weight, distance),)
        self.weight = weight
        self.distance = distance

    def discriminator(self, real, fake):
        return -ops.mean(real - fake)

    def generator(self, fake, real=None):
        return ops.mean(require_real(real) - fake)

    def get_config(self):
        return {"weight": self.weight, "distance": self.distance}

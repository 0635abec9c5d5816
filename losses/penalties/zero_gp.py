import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, between, squared_gradient_norm
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class ZeroCentred(Penalty):
    """Penalises any gradient of the critic between reals and fakes: 0-GP.

    Thanh-Tung et al., arXiv:1902.03984:

        weight E[|grad D(x)|^2],  x = fake + u (real - fake),  u ~ U(0, 1)

    Args:
        weight: The paper's lambda.
        every: Steps from one use to the next; see `Penalty`.
    """

    def __init__(self, weight=100.0, every=1):
        check_not_negative(weight=weight)
        check_whole(every=every)
        self.weight = weight
        self.every = every

    def __call__(self, critic, real, fake, seed):
        squares = squared_gradient_norm(critic, between(real, fake, seed))
        return self.weight * ops.mean(squares)

    def get_config(self):
        return {"weight": self.weight, "every": self.every}

import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, squared_gradient_norm
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class R2(Penalty):
    """Penalises any gradient of the critic at generated images.

    Mescheder et al., arXiv:1801.04406, equation 10: gamma/2 E[|grad D(G(z))|^2].

    Args:
        gamma: Weight; see `r1`.
        every: Steps from one use to the next; see `Penalty`.
    """

    at = "fake"

    def __init__(self, gamma=10.0, every=1):
        check_not_negative(gamma=gamma)
        check_whole(every=every)
        self.gamma = gamma
        self.every = every

    def __call__(self, critic, real, fake, seed):
        return self.gamma / 2 * ops.mean(squared_gradient_norm(critic, fake))

    def get_config(self):
        return {"gamma": self.gamma, "every": self.every}

import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, squared_gradient_norm
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class R1(Penalty):
    """Penalises any gradient of the critic at real images.

    Mescheder et al., arXiv:1801.04406, equation 9: gamma/2 E[|grad D(x)|^2].

    Args:
        gamma: Weight. The paper used 10 at large resolutions; at 28 pixels 1 did best of
            0.1, 0.3 and 1 with most losses, and 0.3 beside R2.
        every: Steps from one use to the next; see `Penalty`.
    """

    at = "real"

    def __init__(self, gamma=10.0, every=1):
        check_not_negative(gamma=gamma)
        check_whole(every=every)
        self.gamma = gamma
        self.every = every

    def __call__(self, critic, real, fake, seed):
        return self.gamma / 2 * ops.mean(squared_gradient_norm(critic, real))

    def get_config(self):
        return {"gamma": self.gamma, "every": self.every}

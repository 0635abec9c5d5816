import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, apart
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class Drift(Penalty):
    """Keeps the scores of real images from wandering off.

    Karras et al., arXiv:1710.10196, appendix A.1, beside WGAN-GP: weight E[D(x)^2].

    Args:
        weight: Their epsilon.
        every: Steps from one use to the next; see `Penalty`.
    """

    def __init__(self, weight=0.001, every=1):
        check_not_negative(weight=weight)
        check_whole(every=every)
        self.weight = weight
        self.every = every

    def __call__(self, critic, real, fake, seed):
        return self.weight * ops.mean(ops.square(critic(real)))

    def passes(self, shared):
        return apart(1, shared)

    def get_config(self):
        return {"weight": self.weight, "every": self.every}

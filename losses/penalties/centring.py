import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, apart
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class Centring(Penalty):
    """Keeps the scores of real images and fakes around 0 together.

    Lin et al., arXiv:2511.22475: weight E[(D(x) + D(G(z)))^2], paired by position. A
    relativistic loss does not change when all scores rise; this penalty does.

    Args:
        weight: Weight.
        every: Steps from one use to the next; see `Penalty`.
    """

    def __init__(self, weight=0.01, every=1):
        check_not_negative(weight=weight)
        check_whole(every=every)
        self.weight = weight
        self.every = every

    def __call__(self, critic, real, fake, seed):
        return self.weight * ops.mean(ops.square(critic(real) + critic(fake)))

    def passes(self, shared):
        return apart(2, shared)

    def get_config(self):
        return {"weight": self.weight, "every": self.every}

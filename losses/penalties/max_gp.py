import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, between, squared_gradient_norm
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class MaximumGradient(Penalty):
    """Penalises the steepest point between the reals and fakes of a batch: MaxGP.

    Zhou et al., arXiv:1902.05687, for an estimate of the critic's Lipschitz constant:

        weight max |grad D(x)|^2,  x = fake + u (real - fake),  u ~ U(0, 1)

    The maximum is over the batch, where the other penalties have a mean. The authors' code
    keeps the steepest points of earlier batches as well; this one does not.

    Args:
        weight: The paper's lambda.
        every: Steps from one use to the next; see `Penalty`.
    """

    def __init__(self, weight=10.0, every=1):
        check_not_negative(weight=weight)
        check_whole(every=every)
        self.weight = weight
        self.every = every

    def __call__(self, critic, real, fake, seed):
        squares = squared_gradient_norm(critic, between(real, fake, seed))
        return self.weight * ops.max(squares)

    def get_config(self):
        return {"weight": self.weight, "every": self.every}

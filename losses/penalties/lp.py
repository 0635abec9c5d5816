import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, between, gradient_norm
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class LipschitzPenalty(Penalty):
    """Penalises only gradients longer than 1, between reals and fakes: one-sided.

    Petzka et al., arXiv:1709.08894, equation 8:

        weight E[max(0, |grad D(x)| - 1)^2],  x = fake + u (real - fake),  u ~ U(0, 1)

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
        excess = ops.relu(gradient_norm(critic, between(real, fake, seed)) - 1.0)
        return self.weight * ops.mean(ops.square(excess))

    def get_config(self):
        return {"weight": self.weight, "every": self.every}

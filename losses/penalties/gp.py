import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, between, gradient_norm
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class GradientPenalty(Penalty):
    """Pulls the length of the critic's gradient to 1, from both sides, between reals and fakes.

    Gulrajani et al., arXiv:1704.00028, equation 3:

        weight E[(|grad D(x)| - target)^2],  x = fake + u (real - fake),  u ~ U(0, 1)

    Args:
        weight: The paper's lambda.
        target: The length that costs nothing.
        every: Steps from one use to the next; see `Penalty`.
    """

    def __init__(self, weight=10.0, target=1.0, every=1):
        check_not_negative(weight=weight, target=target)
        check_whole(every=every)
        self.weight = weight
        self.target = target
        self.every = every

    def __call__(self, critic, real, fake, seed):
        excess = gradient_norm(critic, between(real, fake, seed)) - self.target
        return self.weight * ops.mean(ops.square(excess))

    def get_config(self):
        return {"weight": self.weight, "target": self.target, "every": self.every}

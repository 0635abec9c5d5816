import keras
from keras import ops

from ganzoo.losses.loss import Loss, check_critic_steps
from ganzoo.losses.penalties.gp import GradientPenalty
from ganzoo.variant import check_not_negative


@keras.saving.register_keras_serializable("ganzoo")
class WassersteinGP(Loss):
    """Wasserstein distance, with the length of the critic's gradient pulled to 1.

    Gulrajani et al., arXiv:1704.00028, algorithm 1: `wgan` without clipping, plus
    the two-sided gradient penalty `gp` in the same critic update.

    Differences from the paper: one critic update for each generator update (the
    paper: 5), and Adam's betas 0 and 0.99 (the paper: 0 and 0.9,
    at a rate of 1e-4).

    Args:
        weight: Weight of the penalty, the paper's lambda.
        critic_steps: Discriminator updates for each generator update.
    """

    def __init__(self, weight=10.0, critic_steps=1):
        check_not_negative(weight=weight)
        check_critic_steps(critic_steps)
        self.weight = weight
        self.critic_steps = critic_steps
        self.penalties = (GradientPenalty(weight),)

    def discriminator(self, real, fake):
        return ops.mean(fake) - ops.mean(real)

    def generator(self, fake, real=None):
        return -ops.mean(fake)

    def get_config(self):
        return {"weight": self.weight, "critic_steps": self.critic_steps}

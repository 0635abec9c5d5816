import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, gradient_norm, normal
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class DRAGAN(Penalty):
    """Pulls the length of the critic's gradient to 1 around real images.

    Kodali et al., arXiv:1705.07215, algorithm 1:

        weight E[(|grad D(x + noise s n)| - 1)^2],  n ~ N(0, 1) for each number

    s is the standard deviation of all numbers of the batch on this device, which the paper
    leaves to its one constant c. Public code often has uniform noise above 0 alone, and with
    it other points.

    Args:
        weight: The paper's lambda.
        noise: Deviation of the noise, as a share of the images' deviation.
        every: Steps from one use to the next; see `Penalty`.
    """

    def __init__(self, weight=10.0, noise=0.5, every=1):
        check_not_negative(weight=weight, noise=noise)
        check_whole(every=every)
        self.weight = weight
        self.noise = noise
        self.every = every

    def __call__(self, critic, real, fake, seed):
        around = real + self.noise * ops.std(real) * normal(real, seed)
        excess = gradient_norm(critic, around) - 1.0
        return self.weight * ops.mean(ops.square(excess))

    def get_config(self):
        return {"weight": self.weight, "noise": self.noise, "every": self.every}

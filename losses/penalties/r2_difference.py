import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, apart, squared_slope
from ganzoo.passes import Passes
from ganzoo.variant import check_not_negative, check_positive, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class R2Difference(Penalty):
    """R2 without a gradient of a gradient: how much noise on generated images moves D.

    Lin et al., arXiv:2501.08316, their approximated R1, in the scale of `r2`:

        gamma/2 E[((D(x + step n) - D(x)) / step)^2],  n ~ N(0, 1) for each number

    The expectation over n goes to |grad D(x)|^2 with `step` to 0. The paper's weight and
    deviation sigma are gamma = 2 sigma^2 weight and step = sigma. Differences of nearby
    scores need float32: in bfloat16 the rounding of a score is larger.

    Args:
        gamma: Weight, as that of `r2`.
        step: Deviation of the noise, on images in [-1, 1].
        every: Steps from one use to the next; see `Penalty`.
    """

    float32 = True

    def __init__(self, gamma=10.0, step=0.01, every=1):
        check_not_negative(gamma=gamma)
        check_positive(step=step)
        check_whole(every=every)
        self.gamma = gamma
        self.step = step
        self.every = every

    def __call__(self, critic, real, fake, seed):
        return self.gamma / 2 * ops.mean(squared_slope(critic, fake, self.step, seed))

    def passes(self, shared):
        return Passes(single=1, backward=1) + apart(1, shared)

    def get_config(self):
        return {"gamma": self.gamma, "step": self.step, "every": self.every}

import keras
from keras import ops

from ganzoo.losses.penalties.penalty import squared_slope
from ganzoo.losses.penalties.r1_difference import R1Difference


@keras.saving.register_keras_serializable("ganzoo")
class R2Difference(R1Difference):
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

    def __call__(self, critic, real, fake, seed):
        return self.gamma / 2 * ops.mean(squared_slope(critic, fake, self.step, seed))

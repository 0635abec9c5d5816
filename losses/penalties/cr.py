import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, apart, score_like
from ganzoo.losses.penalties.shifts import shifted
from ganzoo.passes import Passes
from ganzoo.variant import check_between, check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class Consistency(Penalty):
    """A real image that moves a little keeps its score: CR-GAN.

    Zhang et al., arXiv:1910.12027, equation 2, with T a move by up to `shift` of the side on
    each axis:

        weight E[(D(T(x)) - D(x))^2]

    Difference from the paper: T does not flip, for a letter's mirror image is no letter; what
    comes in at an edge repeats that edge.

    Args:
        weight: The paper's lambda.
        shift: The largest move: 4 of 32 pixels in the paper.
        every: Steps from one use to the next; see `Penalty`.
    """

    def __init__(self, weight=10.0, shift=0.125, every=1):
        check_not_negative(weight=weight)
        check_between(0, 1, shift=shift)
        check_whole(every=every)
        self.weight = weight
        self.shift = shift
        self.every = every

    def __call__(self, critic, real, fake, seed):
        moved = score_like(critic, shifted(real, self.shift, seed), real)
        return self.weight * ops.mean(ops.square(moved - critic(real)))

    def passes(self, shared):
        return Passes(single=1, backward=1) + apart(1, shared)

    def get_config(self):
        return {"weight": self.weight, "shift": self.shift, "every": self.every}

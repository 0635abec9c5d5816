import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, apart, score_like
from ganzoo.losses.penalties.shifts import shifted
from ganzoo.passes import Passes
from ganzoo.variant import check_between, check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class BalancedConsistency(Penalty):
    """A real image or a fake that moves a little keeps its score: bCR-GAN.

    Zhao et al., arXiv:2002.04724, algorithm 1, with T a move as in `cr`:

        real E[(D(T(x)) - D(x))^2] + fake E[(D(T(G(z))) - D(G(z)))^2]

    With `cr` alone fakes begin to look moved; D then learns that fakes may move too.

    Args:
        real: The paper's lambda_real.
        fake: The paper's lambda_fake.
        shift: The largest move, as a share of the side.
        every: Steps from one use to the next; see `Penalty`.
    """

    def __init__(self, real=10.0, fake=10.0, shift=0.125, every=1):
        check_not_negative(real=real, fake=fake)
        check_between(0, 1, shift=shift)
        check_whole(every=every)
        self.real = real
        self.fake = fake
        self.shift = shift
        self.every = every

    def __call__(self, critic, real, fake, seed):
        moved = score_like(critic, shifted(real, self.shift, seed), real)
        on_real = ops.mean(ops.square(moved - critic(real)))
        moved = score_like(critic, shifted(fake, self.shift, seed), fake)
        on_fake = ops.mean(ops.square(moved - critic(fake)))
        return self.real * on_real + self.fake * on_fake

    def passes(self, shared):
        return Passes(single=2, backward=2) + apart(2, shared)

    def get_config(self):
        return {
            "real": self.real,
            "fake": self.fake,
            "shift": self.shift,
            "every": self.every,
        }

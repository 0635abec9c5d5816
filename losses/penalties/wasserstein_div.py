import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, between, squared_gradient_norm
from ganzoo.variant import check_not_negative, check_positive, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class WassersteinDivergencePenalty(Penalty):
    """A power of the critic's slope between reals and fakes, as Wasserstein divergence has it.

    Wu et al., arXiv:1712.01026:

        k E[|grad D(x)|^p],  x = fake + u (real - fake),  u ~ U(0, 1)

    There is no length that costs nothing but 0, unlike in `gp`.

    Args:
        k: Weight.
        p: Power of the gradient's length.
        every: Steps from one use to the next; see `Penalty`.
    """

    def __init__(self, k=2.0, p=6.0, every=1):
        check_not_negative(k=k)
        check_positive(p=p)
        check_whole(every=every)
        self.k = k
        self.p = p
        self.every = every

    def __call__(self, critic, real, fake, seed):
        squares = squared_gradient_norm(critic, between(real, fake, seed))
        # A power below 1 has no gradient at 0.
        return self.k * ops.mean(ops.power(squares + 1e-12, self.p / 2))

    def get_config(self):
        return {"k": self.k, "p": self.p, "every": self.every}

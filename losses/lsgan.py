import keras
from keras import ops

from ganzoo.losses.loss import Loss
from ganzoo.variant import check_number


@keras.saving.register_keras_serializable("ganzoo")
class LeastSquares(Loss):
    """Least squares on the raw score, so that no sample saturates.

    Mao et al., arXiv:1611.04076, equation 2, half included:

        D: 1/2 E[(D(x) - b)^2] + 1/2 E[(D(G(z)) - a)^2]
        G: 1/2 E[(D(G(z)) - c)^2]

    There is no sigmoid. The paper's two codings are (a, b, c) = (0, 1, 1), its
    equation 9 and the default, and (-1, 1, 0), its equation 8, with which G
    minimises a Pearson chi-squared divergence.

    R1 and R2 at 0.3 go with it. Of 12 trials of 40 kimg at 28 px (`benchmarks/results/sweep`)
    R1 at 1.0 alone was best: coverage 0.51 and 0.95 recognised; without a penalty 0.21 and
    0.75. But after the 320 kimg of `quick` it had on an earlier drawing of the letters in
    `benchmarks/other_sets.py` (seed 0) KID 0.087 and 26 forms, with R1 and R2 at 0.3 KID 0.005
    and 28. On `unown-original` (seeds 0 to 2) both have 0.001 to 0.007
    (`benchmarks/results/quick`), R1 alone 0.003 to 0.012 (the same folder at commit d29ceb5).

    Args:
        a: Target of the discriminator for fakes.
        b: Target of the discriminator for real images.
        c: Score that the generator wants for its fakes.
    """

    settings = {"penalties": ("r1:gamma=0.3,every=4", "r2:gamma=0.3,every=4")}

    def __init__(self, a=0.0, b=1.0, c=1.0):
        check_number(a=a, b=b, c=c)
        self.a = a
        self.b = b
        self.c = c

    def discriminator(self, real, fake):
        on_real = ops.mean(ops.square(real - self.b))
        on_fake = ops.mean(ops.square(fake - self.a))
        return 0.5 * on_real + 0.5 * on_fake

    def generator(self, fake, real=None):
        return 0.5 * ops.mean(ops.square(fake - self.c))

    def get_config(self):
        return {"a": self.a, "b": self.b, "c": self.c}

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

    Args:
        a: Target of the discriminator for fakes.
        b: Target of the discriminator for real images.
        c: Score that the generator wants for its fakes.
    """

    def __init__(self, a=0.0, b=1.0, c=1.0):
        check_number(a=a, b=b, c=c)
        self.parted_at = (a + b) / 2
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

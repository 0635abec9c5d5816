import keras
from keras import ops

from ganzoo.errors import InputError
from ganzoo.losses.kernels import gaussian, mmd, squared_distances, vectors, without_self
from ganzoo.losses.loss import Loss, require_real
from ganzoo.variant import check_not_negative, check_positive


@keras.saving.register_keras_serializable("ganzoo")
class RepulsiveMMD(Loss):
    """MMD for G, while D pushes the features of real images apart and draws fakes together.

    Wang et al., arXiv:1812.09916. With k(s) = exp(-s / (2 sigma^2)) of the squared distance s
    of the 16 logits of two images, x and x' real, y and y' fakes:

        D: E[k(min(s(x, x'), upper))] - E[k(max(s(y, y'), lower))]
        G: MMD^2 with k, the unbiased estimate

    The bounds are the paper's bounded kernel: D gains nothing by moving real images further
    apart than `upper`, or fakes nearer than `lower`. The paper has spectral normalization in
    D beside it.

    Args:
        sigma: Width of the kernel.
        lower: Squared distance of fakes below which D gains nothing.
        upper: Squared distance of real images above which D gains nothing.
    """

    relativistic = True
    logits = 16

    def __init__(self, sigma=1.0, lower=0.25, upper=4.0):
        check_positive(sigma=sigma)
        check_not_negative(lower=lower, upper=upper)
        if upper < lower:
            raise InputError(f"`upper` is at least `lower`, {lower}. Received: {upper}")
        self.sigma = sigma
        self.lower = lower
        self.upper = upper

    def discriminator(self, real, fake):
        real, fake = vectors(real), vectors(fake)
        among_real = ops.minimum(squared_distances(real, real), self.upper)
        among_fake = ops.maximum(squared_distances(fake, fake), self.lower)
        return self._mean(among_real) - self._mean(among_fake)

    def _mean(self, squares):
        return ops.mean(without_self(gaussian(squares, self.sigma)))

    def generator(self, fake, real=None):
        def kernel(one, other):
            return gaussian(squared_distances(one, other), self.sigma)

        return mmd(kernel, vectors(require_real(real)), vectors(fake))

    def get_config(self):
        return {"sigma": self.sigma, "lower": self.lower, "upper": self.upper}

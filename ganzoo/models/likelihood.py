"""Likelihoods of images in [-1, 1], given the mean that a generator makes."""

import math
from typing import Any

from keras import ops

from ganzoo.errors import InputError
from ganzoo.variant import check_positive

LEAST_VARIANCE = 1e-5  # A standard deviation of 0.4 of 255 levels: images hold no less.
LEVEL = 2.0 / 255.0  # Width of one of 256 levels in [-1, 1].


class Gaussian:
    """Independent pixels around the mean, all with one standard deviation.

    Args:
        sigma: The standard deviation, images being in [-1, 1]; `None`: the most likely value
            for each batch, the root of the mean squared error (Rybkin, Daniilidis and Levine,
            arXiv:2006.13202).
    """

    def __init__(self, sigma: float | None = None):
        if sigma is not None:
            check_positive(sigma=sigma)
        self.sigma = sigma

    def nats(self, images: Any, mean: Any) -> Any:
        """Negative log density of `images` in nats, summed over pixels, float32 [N].

        The density is of a pixel in units of one of its 256 levels.
        """
        squares = ops.square(images - mean)
        if self.sigma is None:
            variance = ops.stop_gradient(ops.maximum(ops.mean(squares), LEAST_VARIANCE))
        else:
            variance = ops.convert_to_tensor(self.sigma**2, "float32")
        log = ops.log(2.0 * math.pi * variance) - 2.0 * math.log(LEVEL)
        return 0.5 * ops.sum(squares / variance + log, axis=(1, 2, 3))


class Bernoulli:
    """Each pixel is white with the probability (mean + 1) / 2.

    A grey pixel counts as a share of white, so the figure is a cross-entropy. It equals a
    likelihood only where images are black and white.
    """

    def __init__(self, sigma: float | None = None):
        if sigma is not None:
            raise InputError("A Bernoulli likelihood has no sigma. Leave it out.")

    def nats(self, images: Any, mean: Any) -> Any:
        """Cross-entropy of `images` in nats, summed over pixels, float32 [N]."""
        white = (images + 1.0) / 2.0
        chance = (mean * (1.0 - 1e-4) + 1.0) / 2.0  # Never 0 or 1, whose logarithm is infinite.
        entropy = white * ops.log(chance) + (1.0 - white) * ops.log(1.0 - chance)
        return -ops.sum(entropy, axis=(1, 2, 3))


def bits_per_dimension(nats: Any, images: Any) -> Any:
    """Nats an image [N, H, W, C] in bits a pixel and channel."""
    return nats / (math.log(2) * math.prod(images.shape[1:]))


LIKELIHOODS: dict[str, Any] = {"gaussian": Gaussian, "bernoulli": Bernoulli}

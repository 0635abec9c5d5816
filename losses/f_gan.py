import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from ganzoo.losses.loss import Loss
from ganzoo.variant import check_choice, check_flag

LARGEST_EXPONENT = 30.0


def exp(v):
    """e^v up to v = 30, from there on its tangent: float32 ends at e^88, Adam squares."""
    below = ops.minimum(v, LARGEST_EXPONENT)
    return ops.exp(below) * (1.0 + ops.relu(v - LARGEST_EXPONENT))


@dataclass(frozen=True)
class Divergence:
    """One row of the paper's tables 2 and 6.

    Attributes:
        output: The output activation g of the score v, in the domain of the conjugate.
        conjugate: f*(g(v)), the two composed into what neither overflows nor cancels.
    """

    output: Callable[[Any], Any]
    conjugate: Callable[[Any], Any]


DIVERGENCES = {
    "kl": Divergence(lambda v: v, lambda v: exp(v - 1.0)),
    "reverse-kl": Divergence(lambda v: -exp(-v), lambda v: v - 1.0),
    "pearson": Divergence(lambda v: v, lambda v: ops.square(v) / 4 + v),
    "neyman": Divergence(lambda v: 1.0 - exp(-v), lambda v: 2.0 - 2.0 * exp(-v / 2)),
    "hellinger": Divergence(lambda v: 1.0 - exp(-v), lambda v: exp(v) - 1.0),
    "jensen-shannon": Divergence(
        lambda v: math.log(2) - ops.softplus(-v), lambda v: ops.softplus(v) - math.log(2)
    ),
    "gan": Divergence(lambda v: -ops.softplus(-v), ops.softplus),
    "total-variation": Divergence(lambda v: ops.tanh(v) / 2, lambda v: ops.tanh(v) / 2),
}


@keras.saving.register_keras_serializable("ganzoo")
class FGAN(Loss):
    """Any f-divergence between real images and fakes, by its variational bound.

    Nowozin et al., arXiv:1606.00709, equation 6, with the output activations g and the
    conjugates f* of tables 2 and 6:

        D: -E[g(D(x))] + E[f*(g(D(G(z))))]
        G: -E[g(D(G(z)))], the heuristic of section 3.2, or without it -E[f*(g(D(G(z))))]

    Difference from the paper: e^v goes on as its tangent above v = 30.

    Args:
        divergence: `"kl"`, `"reverse-kl"`, `"pearson"`, `"neyman"`, `"hellinger"`,
            `"jensen-shannon"`, `"gan"` (which is `minimax`) or `"total-variation"`.
        heuristic: Whether G maximises what D gives its fakes as if they were real. Without it
            G learns nothing where D is sure.
    """

    def __init__(self, divergence="kl", heuristic=True):
        check_choice(DIVERGENCES, divergence=divergence)
        check_flag(heuristic=heuristic)
        self.divergence = divergence
        self.heuristic = heuristic

    def discriminator(self, real, fake):
        f = DIVERGENCES[self.divergence]
        return ops.mean(f.conjugate(fake)) - ops.mean(f.output(real))

    def generator(self, fake, real=None):
        f = DIVERGENCES[self.divergence]
        return -ops.mean(f.output(fake) if self.heuristic else f.conjugate(fake))

    def get_config(self):
        return {"divergence": self.divergence, "heuristic": self.heuristic}

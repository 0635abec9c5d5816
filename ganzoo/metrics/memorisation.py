"""Copies: of training images, and of one another.

Memorisation asks of each fake whether its nearest neighbour among all real images is
one that the generator was trained on. If it learnt the distribution and not the images,
training and held-out images are exchangeable to it, and the share of fakes nearest to a
training image is T / (T + H), whatever the fakes look like. A copy is nearest to its
original. So with a share s,

    memorisation = (s - null) / (1 - null),    null = T / (T + H),

is 0 on average without copies, 1 if all are copies, and about p if a share p is; its
standard deviation without copies is sqrt(null / (1 - null) / N) for N independent fakes.
Where only a part of the training images is looked at, as many copies are found, and both are
divided by that part.
Of images unlike any real one it says nothing: all may have one and the same neighbour.

The question is that of Meehan et al., arXiv:2004.05675; they compare distances
of fakes and held-out images to training images (section 3), which bad images pull below 0
and hide copies with. This is the nearest-neighbour test of Schilling, 1986
(doi:10.1080/01621459.1986.10478337), with fakes as the points that ask.
"""

import numpy as np

from ganzoo.metrics.distances import kth_neighbour, nearest

NEAR = 0.01  # Quantile of the real-real distances below which two images are near-copies.
SAME = 1e-3  # Part of their spread within which two real images are one, but for rounding.


def memorisation(
    fake: np.ndarray, training: np.ndarray, held_out: np.ndarray, part: float = 1.0
) -> float:
    """Excess of fakes [N, F] nearest to a training image [T, F], not a held-out one [H, F].

    Float64; about 1 at most. Ties count half. `part` is how much `training` is of all the
    images that were trained on.
    """
    to_training, to_held_out = nearest(fake, training), nearest(fake, held_out)
    nearer = (to_training < to_held_out) + 0.5 * (to_training == to_held_out)
    null = _null(training, held_out)
    return float((nearer.mean() - null) / (1 - null) / part)


def deviation(
    count: int, training: np.ndarray, held_out: np.ndarray, part: float = 1.0
) -> float:
    """The standard deviation of `memorisation` of `count` fakes without copies."""
    null = _null(training, held_out)
    return float(np.sqrt(null / (1 - null) / count) / part)


def _null(training: np.ndarray, held_out: np.ndarray) -> float:
    return len(training) / (len(training) + len(held_out))


def near_copy_distance(real: np.ndarray) -> float:
    """The distance to the nearest other image that 1 % of real images [N, F] undercut.

    Real images that are there twice do not count: with 1 % of them it would be 0.
    """
    distances = kth_neighbour(real, 1)
    least = SAME * float(np.sqrt(real.var(axis=0).sum()))
    apart = distances[distances > least]
    return float(np.quantile(apart, NEAR)) if len(apart) else least


def near_copies(fake: np.ndarray, distance: float) -> float:
    """Share of fakes whose nearest other fake is no farther than `distance`, 0 to 1.

    About 0.01 of real images by construction, if `distance` is from as many reals as
    there are fakes.
    """
    return float((kth_neighbour(fake, 1) <= distance).mean())

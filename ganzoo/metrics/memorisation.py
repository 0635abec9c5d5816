"""Copies: of training images, and of one another.

Memorisation asks of each fake whether its nearest neighbour among all real images is
one that the generator was trained on. If it learnt the distribution and not the images,
training and held-out images are exchangeable to it, and the share of fakes nearest to a
training image is T / (T + H), whatever the fakes look like. A copy is nearest to its
original. So with a share s,

    memorisation = (s - null) / (1 - null),    null = T / (T + H),

is 0 on average without copies, 1 if all are copies, and about p if a share p is.
Fakes with the same nearest neighbour share its answer. With c_j the fakes whose neighbour is
real image j, the standard deviation without copies is

    sqrt(null / (1 - null) * sum of c_j^2) / N,

and sqrt(null / (1 - null) / N) only where no two fakes share a neighbour.
Where only a part of the training images is looked at, as many copies are found, and both are
divided by that part.
Of images unlike any real one it says nothing: all may have one and the same neighbour, and
the deviation says so.

The question is that of Meehan et al., arXiv:2004.05675; they compare distances
of fakes and held-out images to training images (section 3), which bad images pull below 0
and hide copies with. This is the nearest-neighbour test of Schilling, 1986
(doi:10.1080/01621459.1986.10478337), with fakes as the points that ask.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo.metrics.distances import kth_neighbour, nearest_other, nearest_row

NEAR = 0.01  # Quantile of the real-real distances below which two images are near-copies.
SAME = 1e-3  # Part of their spread within which two real images are one, but for rounding.


@dataclass(frozen=True)
class Neighbours:
    """The nearest real images of N images.

    Attributes:
        to_training: Distance to the nearest of the training images, float64 [N].
        to_held_out: Distance to the nearest of the held-out images, float64 [N].
        row: Which real image is nearest, int64 [N]: a training image by its row, a held-out
            image by its row plus the number of training images.
        of_training: Which training image is nearest, int64 [N].
        null: Share of training images among all real ones.
    """

    to_training: np.ndarray
    to_held_out: np.ndarray
    row: np.ndarray
    of_training: np.ndarray
    null: float

    def take(self, rows: Any) -> "Neighbours":
        """The neighbours of some images: `rows` is an index, a slice or a mask."""
        arrays = (self.to_training, self.to_held_out, self.row, self.of_training)
        first, second, row, of_training = (array[rows] for array in arrays)
        return Neighbours(first, second, row, of_training, self.null)

    @property
    def distance(self) -> np.ndarray:
        """Distance to the nearest real image of either kind, float64 [N]."""
        return np.minimum(self.to_training, self.to_held_out)


def neighbours(fake: np.ndarray, training: np.ndarray, held_out: np.ndarray) -> Neighbours:
    """Nearest real images of fakes [N, F] among training [T, F] and held-out ones [H, F]."""
    found = nearest_row(fake, training), nearest_row(fake, held_out)
    return _neighbours(*found, len(training), len(held_out))


def held_out_neighbours(training: np.ndarray, held_out: np.ndarray) -> Neighbours:
    """Nearest real images of the held-out images, each among all others.

    What images give that no generator has copied.
    """
    found = nearest_row(held_out, training), nearest_other(held_out, np.arange(len(held_out)))
    return _neighbours(*found, len(training), len(held_out) - 1)


def training_neighbours(training: np.ndarray, held_out: np.ndarray, count: int) -> Neighbours:
    """The neighbours of the first `count` training images, each among all others."""
    places = np.arange(min(count, len(training)))
    found = nearest_other(training, places), nearest_row(training[places], held_out)
    return _neighbours(*found, len(training) - 1, len(held_out))


def _neighbours(
    training: tuple[np.ndarray, np.ndarray],
    held_out: tuple[np.ndarray, np.ndarray],
    trained_on: int,
    kept_back: int,
) -> Neighbours:
    (to_training, of_training), (to_held_out, of_held_out) = training, held_out
    row = np.where(to_training <= to_held_out, of_training, of_held_out + trained_on)
    null = trained_on / (trained_on + kept_back)
    return Neighbours(to_training, to_held_out, row, of_training, null)


def excess(found: Neighbours, part: float = 1.0) -> float:
    """Memorisation of images whose nearest real images are known. Ties count half."""
    nearer = found.to_training < found.to_held_out
    share = (nearer + 0.5 * (found.to_training == found.to_held_out)).mean()
    return float((share - found.null) / (1 - found.null) / part)


def deviation(found: Neighbours, part: float = 1.0) -> float:
    """The standard deviation of `excess` of such images without copies among them."""
    shared = np.bincount(np.unique(found.row, return_inverse=True)[1])
    odds = found.null / (1 - found.null)
    return float(np.sqrt(odds * np.square(shared).sum()) / len(found.row) / part)


def memorisation(
    fake: np.ndarray, training: np.ndarray, held_out: np.ndarray, part: float = 1.0
) -> float:
    """Excess of fakes [N, F] nearest to a training image [T, F], not a held-out one [H, F].

    Float64; about 1 at most. Ties count half. `part` is how much `training` is of all the
    images that were trained on.
    """
    return excess(neighbours(fake, training, held_out), part)


def rounding(real: np.ndarray) -> float:
    """The distance within which two of the real images [N, F] are one, but for rounding."""
    return SAME * float(np.sqrt(real.var(axis=0).sum()))


def near_copy_distance(real: np.ndarray) -> float:
    """The distance to the nearest other image that 1 % of real images [N, F] undercut.

    Real images that are there twice do not count: with 1 % of them it would be 0.
    """
    distances = kth_neighbour(real, 1)
    least = rounding(real)
    apart = distances[distances > least]
    return float(np.quantile(apart, NEAR)) if len(apart) else least


def near_copies(fake: np.ndarray, distance: float) -> float:
    """Share of fakes whose nearest other fake is no farther than `distance`, 0 to 1.

    About 0.01 of real images by construction, if `distance` is from as many reals as
    there are fakes.
    """
    return float((kth_neighbour(fake, 1) <= distance).mean())

"""Precision, recall, density and coverage: how real fakes look, how much they cover.

Around each point of a sample lies a ball that reaches to its k-th nearest neighbour in
the sample. Precision is the share of fakes in some ball of a real image, recall the share
of reals in some ball of a fake: Kynkaanniemi et al., arXiv:1904.06991, equations 1 and 2.
Density counts the balls of reals that a fake lies in, by k, and so does not follow one
outlier with a large ball; coverage is the share of reals with a fake in their ball:
Naeem et al., arXiv:2002.09797, equations 3 and 4. Real against real, density and
coverage are near 1 and 1 - 2^-k; precision and recall are below 1 and fall with F.
"""

from dataclasses import dataclass

import numpy as np

from ganzoo.metrics.distances import blocks, kth_neighbour

K = 5  # Neighbours, as Naeem et al. choose; coverage of reals by reals is then about 0.97.


@dataclass(frozen=True)
class PRDC:
    """The four figures; density may exceed 1, the others are 0 to 1."""

    precision: float
    recall: float
    density: float
    coverage: float


def prdc(
    real: np.ndarray, fake: np.ndarray, k: int = K, radii: np.ndarray | None = None
) -> PRDC:
    """The four figures of features [N, F] of reals and [M, F] of fakes, in float64.

    A point on the edge of a ball lies in it, as in equations 1 to 4 and in the code of
    Kynkaanniemi et al. The package prdc of Naeem et al. takes balls without their edge. The
    two differ only where distances are equal to the last bit: where images are copies of each
    other. Of k + 1 copies of one real image the balls have the radius 0, and a fake that is one
    more copy lies in them here and in none of them there.

    Args:
        real: Features of reals.
        fake: Features of fakes.
        k: Which neighbour a ball reaches to.
        radii: `kth_neighbour(real, k)`, where that is known already.

    Raises:
        ValueError: If a sample has no k-th neighbour.
    """
    if min(len(real), len(fake)) <= k:
        raise ValueError(f"{k} neighbours need more than {k} rows of each sample.")
    of_real = kth_neighbour(real, k) if radii is None else radii
    of_fake = kth_neighbour(fake, k)
    balls, recalled, covered = np.zeros(len(fake)), 0, 0
    for rows, squared in blocks(real, fake):
        distances = np.sqrt(squared, out=squared)  # The square of a root is not the number.
        inside = distances <= of_real[rows, None]
        balls += inside.sum(axis=0)
        covered += inside.any(axis=1).sum()
        recalled += (distances <= of_fake).any(axis=1).sum()
    return PRDC(
        precision=float((balls > 0).mean()),
        recall=float(recalled / len(real)),
        density=float(balls.mean() / k),
        coverage=float(covered / len(real)),
    )

"""Which modes of a set a sample shows, and how evenly; a mode is a class of the set.

An image is recognised if the classifier gives one class a probability of 0.9 or more;
the classifier has a class "none of them" as well, taught with garbage. 0.9, because below
it are the images in which people, too, see two classes or none, while nearly all real images
are above (the floor in each table says how many).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import rel_entr

CONFIDENT = 0.9
FAIR_SHARE = 0.1  # A mode counts from this part of its share of the images on.


@dataclass(frozen=True)
class Modes:
    """What a sample shows.

    Attributes:
        covered: Number of modes that count as shown.
        reached: Number of modes with one recognised image or more, which is what counts in
            Srivastava et al., arXiv:1705.07761, and whoever compares with it.
        histogram: Recognised images by class, int64 [C].
        kl: Kullback-Leibler divergence, in nats, of the histogram from the shares of
            the set; 0 where they are equal, and of one class alone -log of its share, which
            is log C of equal shares. log C, too, where nothing was recognised.
        recognised: Share of images that are recognised, 0 to 1.
    """

    covered: int
    reached: int
    histogram: np.ndarray
    kl: float
    recognised: float


def modes(probabilities: np.ndarray, shares: np.ndarray | None = None) -> Modes:
    """Count the modes in a sample.

    A mode is covered if it has at least a tenth of its fair share, N / C, of all images,
    recognised or not: a sample of garbage with some lucky hits covers nothing.

    Args:
        probabilities: [N, C], rows sum to 1 or less.
        shares: Share of each class in the set [C], above 0; uniform if `None`.
    """
    count, classes = probabilities.shape
    shares = np.full(classes, 1 / classes) if shares is None else shares
    seen = probabilities.max(axis=1) >= CONFIDENT
    histogram = np.bincount(probabilities[seen].argmax(axis=1), minlength=classes)
    return Modes(
        covered=int(covered(histogram, shares, count).sum()),
        reached=int((histogram > 0).sum()),
        histogram=histogram,
        kl=_divergence(histogram, shares),
        recognised=float(seen.mean()),
    )


def as_asked(probabilities: np.ndarray, asked: np.ndarray) -> float:
    """Share of images that are recognised as the class that was asked for, 0 to 1.

    Args:
        probabilities: [N, C], rows sum to 1 or less.
        asked: Classes, int [N].
    """
    return float((probabilities[np.arange(len(asked)), asked] >= CONFIDENT).mean())


def covered(histogram: np.ndarray, shares: np.ndarray, count: int) -> np.ndarray:
    """Which classes have a tenth of their share of `count` images or more, bool [C]."""
    return histogram >= np.maximum(FAIR_SHARE * shares * count, 1.0)


def _divergence(histogram: np.ndarray, shares: np.ndarray) -> float:
    """Sum of p log(p / q), where 0 log 0 is 0."""
    total = histogram.sum()
    if not total:
        return float(np.log(len(shares)))
    return float(rel_entr(histogram / total, shares).sum())

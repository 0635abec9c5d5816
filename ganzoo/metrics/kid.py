"""The kernel distance KID: squared maximum mean discrepancy with a cubic kernel.

Binkowski et al., arXiv:1801.01401, section 4: k(x, y) = (x . y / F + 1)^3, and of
samples X and Y the unbiased estimate of Gretton et al. 2012 (JMLR 13), lemma 6:

    KID = mean of k(x_i, x_j), i != j
        + mean of k(y_i, y_j), i != j
        - 2 mean of k(x_i, y_j)

Of two samples of one distribution it is 0 on average, so about half the time below 0:
that is not an error, and it is never clipped.

Difference from the paper: the estimate is over the whole samples, which has a smaller
variance than the mean over subsets of 1000 and no random numbers. `kid_of_subsets` is
the latter.
"""

import numpy as np

from ganzoo.metrics.distances import BLOCK


def kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """k(x_i, y_j) = (x_i . y_j / F + 1)^3: [N, M] of rows [N, F] and [M, F]."""
    base = x @ y.T / x.shape[1] + 1.0
    return base * base * base


def mean_between(x: np.ndarray, y: np.ndarray) -> float:
    """Mean kernel of a row of `x` with a row of `y`."""
    total = sum(kernel(x[i : i + BLOCK], y).sum() for i in range(0, len(x), BLOCK))
    return float(total / (len(x) * len(y)))


def mean_within(x: np.ndarray) -> float:
    """Mean kernel of two different rows."""
    total = sum(kernel(x[i : i + BLOCK], x).sum() for i in range(0, len(x), BLOCK))
    itself = ((np.square(x).sum(axis=1) / x.shape[1] + 1.0) ** 3).sum()
    return float((total - itself) / (len(x) * (len(x) - 1)))


def kid(x: np.ndarray, y: np.ndarray, within_y: float | None = None) -> float:
    """KID of features [N, F] and [M, F], float64; N, M >= 2.

    Args:
        x: One sample.
        y: The other.
        within_y: `mean_within(y)`, where that is known already.

    Raises:
        ValueError: If a sample has fewer than 2 rows.
    """
    if min(len(x), len(y)) < 2:
        raise ValueError("KID needs 2 rows or more of each sample.")
    within_y = mean_within(y) if within_y is None else within_y
    return mean_within(x) + within_y - 2 * mean_between(x, y)


def kid_of_subsets(
    x: np.ndarray, y: np.ndarray, subsets: int = 100, size: int = 1000, seed: int = 2020
) -> tuple[float, float]:
    """Mean and deviation of KID over random subsets, drawn as torch-fidelity draws them."""
    rng = np.random.RandomState(seed)
    found = []
    for _ in range(subsets):
        part_x = x[rng.choice(len(x), size, replace=False)]
        part_y = y[rng.choice(len(y), size, replace=False)]
        found.append(kid(part_x, part_y))
    return float(np.mean(found)), float(np.std(found))

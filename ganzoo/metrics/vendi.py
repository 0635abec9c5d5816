"""The Vendi score: how many different images a sample has in effect.

Friedman and Dieng, arXiv:2210.02410, definition 3.1: of N images with similarities k(i, j) and
k(i, i) = 1,

    Vendi = exp(-sum of l log l),    l the eigenvalues of K / N.

It is 1 where all images are alike and N where none is like another. As in their experiments
with images, k is the cosine of features. Then K / N shares its eigenvalues, but for zeros, with
a matrix of F x F, so the cost is that of a covariance, and the score is F at most. It looks at
no real image: noise may score as high as they do.
"""

import numpy as np


def vendi(x: np.ndarray) -> float:
    """The Vendi score of features [N, F], float64: 1 to the smaller of N and F.

    Args:
        x: Features of a sample. A row of zeros is like other such rows and unlike all else.

    Raises:
        ValueError: If there are no rows.
    """
    if not len(x):
        raise ValueError("The Vendi score needs 1 row or more.")
    unit = _unit(x)
    gram = unit @ unit.T if len(unit) < unit.shape[1] else unit.T @ unit
    weights = np.linalg.eigvalsh(gram / len(unit))
    weights = weights[weights > 0]  # Zeros may come out a little below 0.
    return float(np.exp(-(weights * np.log(weights)).sum()))


def _unit(x: np.ndarray) -> np.ndarray:
    """Rows of length 1; rows of zeros point into a direction of their own."""
    length = np.linalg.norm(x, axis=1)
    zero = length == 0
    unit = x / np.where(zero, 1.0, length)[:, None]
    return np.column_stack([unit, zero]) if zero.any() else unit

"""The sliced Wasserstein distance of two samples.

Both are projected onto directions; on a line the Wasserstein distance W_2 is that of the sorted
values. With F features, and u over directions,

    distance = 3 F * mean over u of W_2(X u, Y u)^2

is the estimate of Berthet et al., arXiv:2605.06797, who apply it to features of Inception and
call that MIND. On other features the figures do not compare with theirs, so it is not called
MIND here. It needs no covariance, and sees what two Gaussians of equal moments hide.

Difference from the paper: directions are whole orthonormal bases, drawn once by a fixed seed,
where F is not larger than `SLICES`. The mean over a basis varies less than over independent
directions, and for a sample and itself moved by a vector m it is exactly |m|^2 / F.
"""

from functools import lru_cache

import numpy as np

from ganzoo import seeds

SLICES = 256  # Directions, or the least multiple of F above.
SCALE = 3.0


@lru_cache(maxsize=4)
def directions(features: int) -> np.ndarray:
    """Directions float64 [F, S], of length 1: random orthonormal bases side by side."""
    rng = seeds.rng(0, "slices", features)
    size = min(features, SLICES)
    bases = []
    for _ in range(-(-SLICES // size)):
        basis, triangle = np.linalg.qr(rng.standard_normal((features, size)))
        bases.append(basis * np.sign(np.diag(triangle)))  # No direction is preferred.
    found = np.concatenate(bases, axis=1)
    found.setflags(write=False)
    return found


def slices(x: np.ndarray) -> np.ndarray:
    """Features [N, F] along all directions, sorted: float64 [S, N]."""
    return np.sort(directions(x.shape[1]).T @ x.T, axis=1)


def sliced_wasserstein(
    x: np.ndarray, y: np.ndarray, slices_y: np.ndarray | None = None
) -> float:
    """The distance of features [N, F] and [M, F], float64, 0 or more; N, M >= 1.

    It is biased: of two samples of one distribution it is above 0, and falls as they grow, so
    compare at equal N only.

    Args:
        x: One sample.
        y: The other.
        slices_y: `slices(y)`, where that is known already.

    Raises:
        ValueError: If a sample has no rows.
    """
    if not min(len(x), len(y)):
        raise ValueError("The sliced Wasserstein distance needs 1 row or more of each sample.")
    of_y = slices(y) if slices_y is None else slices_y
    return SCALE * x.shape[1] * _squared(slices(x), of_y)


def _squared(x: np.ndarray, y: np.ndarray) -> float:
    """Mean over slices of W_2^2 of sorted values [S, N] and [S, M]."""
    n, m = x.shape[1], y.shape[1]
    if n == m:
        return float(np.square(x - y).mean())
    # The i-th of n values holds a share of 1 / n: from i to i + 1, times m, in parts of 1 / nm.
    ends = np.union1d(np.arange(m, n * m + 1, m), np.arange(n, n * m + 1, n))
    shares = np.diff(ends, prepend=0) / (n * m)
    apart = x[:, (ends - 1) // m] - y[:, (ends - 1) // n]
    return float((np.square(apart) @ shares).mean())

"""The Frechet distance of two samples, each taken as a Gaussian.

    d^2 = |m_x - m_y|^2 + tr C_x + tr C_y - 2 tr (C_x C_y)^(1/2)

Frechet 1957; Dowson and Landau, doi:10.1016/0047-259X(82)90077-X, equation 4. Heusel et
al., arXiv:1706.08500, equation 6, apply it to features of Inception and call that FID. On
other features the figures do not compare with FIDs, so it is not called FID here.

The last term needs no root of a matrix. With centred samples

    X / sqrt(n_x - 1) = Q_x R_x,    Y / sqrt(n_y - 1) = Q_y R_y,    Q orthonormal columns,

C_x = R_x' R_x and C_y = R_y' R_y. The eigenvalues of C_x C_y = R_x' (R_x R_y') R_y are those of
(R_x R_y') (R_x R_y')', since AB and BA share theirs but for zeros; these are the squared
singular values of R_x R_y', so

    tr (C_x C_y)^(1/2) = sum of the singular values of R_x R_y'.

It is exact for singular covariances, where a root from `sqrtm` turns complex.
"""

import numpy as np


def moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean [F] of features [N, F] and a triangular R with R' R their covariance."""
    if len(x) < 2:
        raise ValueError("A covariance needs 2 rows or more of each sample.")
    mean = x.mean(axis=0)
    return mean, np.asarray(np.linalg.qr((x - mean) / np.sqrt(len(x) - 1), mode="r"))


def frechet(
    x: np.ndarray, y: np.ndarray, moments_y: tuple[np.ndarray, np.ndarray] | None = None
) -> float:
    """The squared Frechet distance d^2 between features [N, F] and [M, F].

    Float64, 0 or more up to rounding; N, M >= 2. It is biased: of two samples of one
    distribution it is above 0, by about 2,200 / N of normals with 64 features and 200 / N of
    the features of `unown`, so compare at equal N only.

    Args:
        x: One sample.
        y: The other.
        moments_y: `moments(y)`, where they are known already.

    Raises:
        ValueError: If a sample has fewer than 2 rows.
    """
    mean_x, root_x = moments(x)
    mean_y, root_y = moments_y or moments(y)
    means = np.square(mean_x - mean_y).sum()
    spread = np.square(root_x).sum() + np.square(root_y).sum()
    common = np.linalg.norm(root_x @ root_y.T, "nuc")
    return float(means + spread - 2 * common)

"""Place, size, slant and ink of pictures of strokes, by their moments."""

from dataclasses import dataclass

import numpy as np

FAINT = 0.2  # Share of the stroke's colour below which a pixel is ground.


@dataclass(frozen=True, eq=False)
class Moments:
    """Of each picture, float64 [N]; NaN without any ink, but for `ink`.

    Attributes:
        x: Middle of the ink, 0 to 1 from the left.
        y: From the top.
        size: The root of det U, where M is the covariance of the ink's places and U its upper
            triangular root, M = U U^T; a share of the side.
        slant: U_01 / U_11, which a shear by k makes k larger.
        ink: Share of the picture that is ink.
    """

    x: np.ndarray
    y: np.ndarray
    size: np.ndarray
    slant: np.ndarray
    ink: np.ndarray


def moments(pictures: np.ndarray) -> Moments:
    """The moments of white strokes on black, 0 to 1, [N, S, S]."""
    side = pictures.shape[1]
    weights = np.where(pictures < FAINT, 0.0, pictures)
    total = weights.sum((1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = weights / total[:, None, None]
        places = (np.arange(side) + 0.5) / side
        x, y = share.sum(1) @ places, share.sum(2) @ places
        dx, dy = places[None] - x[:, None], places[None] - y[:, None]
        xx, yy = (share.sum(1) * dx**2).sum(1), (share.sum(2) * dy**2).sum(1)
        xy = np.einsum("nyx,ny,nx->n", share, dy, dx)
        determinant = np.maximum(xx * yy - xy**2, 1e-12)
        return Moments(x, y, determinant**0.25, xy / yy, total / side**2)

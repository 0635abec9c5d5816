"""Points as dots, in the place of a sheet of images."""

import numpy as np
from PIL import Image

SIDE = 256  # A place for each pair of bytes.
DIM = 90  # A single point; where several fall together it is brighter.


def scatter(points: np.ndarray) -> Image.Image:
    """All points in one square, black where there are none.

    Args:
        points: uint8 [N, 1, 1, 2], x to the right and y upwards.

    Returns:
        A Pillow image of mode L, 256 x 256.
    """
    x, y = points.reshape(-1, 2).astype(int).T
    counts = np.bincount((SIDE - 1 - y) * SIDE + x, minlength=SIDE**2)
    shown = np.where(counts, np.minimum(DIM + 55 * counts, 255), 0)
    return Image.fromarray(shown.reshape(SIDE, SIDE).astype(np.uint8))

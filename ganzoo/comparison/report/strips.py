"""A row of samples from a sheet of them."""

import numpy as np
from PIL import Image

from ganzoo.data.sheet import GROUND, sheet

MOST = 16  # samples in a row
GAP = 0.99  # share of pixels of the ground in a line between samples
SMALLEST = 4  # pixels


def strip(image: Image.Image) -> Image.Image | None:
    """The first samples of a sheet of `ganzoo.data.sheet`, side by side.

    Args:
        image: A sheet, of mode L or RGB.

    Returns:
        An image of the same mode; `None` where no grid of equal samples is found.
    """
    pixels = np.asarray(image)
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    ground = (pixels == GROUND).all(axis=-1)
    rows, columns = (_spans(ground.mean(axis=axis) < GAP) for axis in (1, 0))
    if len(rows) * len(columns) < 2 or len({b - a for a, b in (*rows, *columns)}) > 1:
        return None
    if rows[0][1] - rows[0][0] < SMALLEST:
        return None
    places = [(slice(*row), slice(*column)) for row in rows for column in columns]
    samples = [pixels[place] for place in places if not ground[place].all()]
    return sheet(np.stack(samples[:MOST]), columns=MOST)


def _spans(filled: np.ndarray) -> list[tuple[int, int]]:
    """Begin and end of each stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], filled.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))

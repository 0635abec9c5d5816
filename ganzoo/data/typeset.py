"""Images of letters side by side, as a line of writing."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from ganzoo.data.sheet import sheet


def typeset(images: np.ndarray, lines: Sequence[Sequence[int | None]]) -> Image.Image:
    """A picture in which letters follow each other, with ground where a line has a space.

    Args:
        images: Letters in the order in which they are written, uint8 [N, H, W, C].
        lines: For each line its characters: `None` is a space, anything else a letter.
    """
    ground = np.broadcast_to(_ground(images), images.shape[1:])
    width = max(map(len, lines))
    left = iter(images)
    places = [
        ground if i >= len(line) or line[i] is None else next(left)
        for line in lines
        for i in range(width)
    ]
    return sheet(np.stack(places), columns=width, gap=0)


def _ground(images: np.ndarray) -> np.ndarray:
    """The colour of the ground, uint8 [C]: the median along the images' edges."""
    edges = [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]]
    pixels = np.concatenate(edges, axis=1).reshape(-1, images.shape[-1])
    return np.median(pixels, axis=0).astype(np.uint8)

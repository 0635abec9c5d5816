"""Many images on one sheet."""

import math
from pathlib import Path

import numpy as np
from PIL import Image

from ganzoo.files.atomic import atomic

GROUND = 40  # dark, yet told apart from the black of an image


def sheet(images: np.ndarray, columns: int | None = None, gap: int = 2) -> Image.Image:
    """Lay images out in a grid, row by row, each pixel as it is.

    Args:
        images: uint8 array [N, H, W, C], C = 1 or 3, N >= 1.
        columns: Images in a row; `None` for rows that come out even, where a nearly
            square grid allows it.
        gap: Pixels of dark gray around each image.

    Returns:
        A Pillow image of mode L or RGB.

    Raises:
        ValueError: If `images` or `columns` cannot be laid out.
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.dtype != np.uint8 or images.shape[3] not in (1, 3):
        raise ValueError(
            "A sheet needs uint8 images [N, H, W, 1 or 3], "
            f"not {images.dtype} {list(images.shape)}."
        )
    count, height, width, channels = images.shape
    if not count:
        raise ValueError("A sheet needs at least one image.")
    columns = _columns(count) if columns is None else min(columns, count)
    if columns < 1:
        raise ValueError(f"A sheet needs at least one column, not {columns}.")
    rows = math.ceil(count / columns)
    size = (rows * (height + gap) + gap, columns * (width + gap) + gap, channels)
    canvas = np.full(size, GROUND, np.uint8)
    for index, image in enumerate(images):
        top = gap + index // columns * (height + gap)
        left = gap + index % columns * (width + gap)
        canvas[top : top + height, left : left + width] = image
    return Image.fromarray(canvas[:, :, 0] if channels == 1 else canvas)


def _columns(count: int) -> int:
    """The least width at which a grid no flatter than 1:2 is full; else the squarest."""
    least = math.isqrt(count - 1) + 1
    widest = math.isqrt(2 * count)
    return next((c for c in range(least, widest + 1) if count % c == 0), least)


def by_turns(labels: np.ndarray) -> np.ndarray:
    """Indices that take one image of each class, then a second of each, and so on.

    Args:
        labels: Integer array [N].

    Returns:
        int64 array [N]; within a class the order is kept.
    """
    by_class = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[by_class], labels[by_class])
    turns = np.empty(len(labels), np.int64)
    turns[by_class] = np.arange(len(labels)) - starts
    return np.lexsort((labels, turns))


def save_png(image: Image.Image, path: str | Path) -> None:
    """Save as PNG: the file is there whole or not at all.

    Raises:
        InputError: If the folder does not exist.
        OSError: If writing fails.
    """
    with atomic(path) as temporary:
        image.save(temporary, format="PNG")

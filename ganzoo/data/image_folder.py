"""Images written as a folder of PNG files."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image


def write_images(images: Iterable[np.ndarray], folder: Path, count: int) -> None:
    """Write a new folder of files 000000.png, 000001.png, ..., whose names sort.

    Args:
        images: uint8 [H, W, 1] or [H, W, 3] each.
        folder: There must be nothing of this name yet.
        count: How many images there are, which decides the digits of the names.
    """
    folder.mkdir()
    width = max(6, len(str(count - 1)))
    for i, image in enumerate(images):  # No caption: these are data.
        plain = image.squeeze(-1) if image.shape[-1] == 1 else image
        Image.fromarray(plain).save(folder / f"{i:0{width}d}.png")

"""Images written as a folder of PNG files."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image


def write_images(
    images: Iterable[np.ndarray],
    folder: Path,
    count: int,
    labels: Sequence[int] | np.ndarray | None = None,
    classes: Sequence[str] = (),
) -> None:
    """Write a new folder of files 000000.png, 000001.png, ..., whose names sort.

    With labels each class has a folder of its own inside, as data sets have them.

    Args:
        images: uint8 [H, W, 1] or [H, W, 3] each.
        folder: There must be nothing of this name yet.
        count: How many images there are, which decides the digits of the names.
        labels: Class of each image, as an index of `classes`.
        classes: Names of the classes.
    """
    folder.mkdir()
    width = max(6, len(str(count - 1)))
    for i, image in enumerate(images):  # No caption: these are data.
        plain = image.squeeze(-1) if image.shape[-1] == 1 else image
        place = folder if labels is None else folder / _folder_name(labels[i], classes)
        place.mkdir(exist_ok=True)
        Image.fromarray(plain).save(place / f"{i:0{width}d}.png")


def _folder_name(label: int, classes: Sequence[str]) -> str:
    """The folder of a class: its number, so that folders sort as classes do, and its name."""
    digits = len(str(len(classes) - 1))
    safe = re.sub(r"[^\w.+=-]+", "-", classes[label]).strip("-.")[:60]
    return f"{label:0{digits}d}-{safe}".rstrip("-")

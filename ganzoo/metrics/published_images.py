"""Images in two folders, as the libraries of `ganzoo.metrics.published` read them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo import seeds
from ganzoo.data.image_folder import write_images
from ganzoo.files.atomic import atomic
from ganzoo.metrics.published import USUAL

AT_ONCE = 500  # Real images in memory.


@dataclass(frozen=True)
class Export:
    """Folders of images that a library reads.

    Attributes:
        generated: Folder of the sample.
        real: Folder of training images.
        counts: Images in each.
    """

    generated: Path
    real: Path
    counts: tuple[int, int]


def export(images: np.ndarray, real: Any, folder: Path) -> Export:
    """Write `generated/` and `real/` into a new or empty folder, whole or not at all.

    Args:
        images: The sample, uint8 [N, H, W, C].
        real: The training images [T, S, S, C], uint8 where they are sliced: all of them, of
            more than 50,000 so many, drawn at random.
        folder: Where.

    Raises:
        InputError: If there is no folder around `folder`.
        OSError: If writing fails.
    """
    rows = np.arange(len(real))
    if len(real) > USUAL:
        rows = np.sort(seeds.rng(0, "published").permutation(len(real))[:USUAL])
    with atomic(folder) as temporary:
        temporary.mkdir()
        write_images(images, temporary / "generated", len(images))
        write_images(_rows(real, rows), temporary / "real", len(rows))
    return Export(folder / "generated", folder / "real", (len(images), len(rows)))


def _rows(real: Any, rows: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), AT_ONCE):
        yield from real[rows[start : start + AT_ONCE]]

"""Sheets of translations: rows of images, of what they become, and of what these become."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from ganzoo.data.domains import domain_names, of_domain
from ganzoo.data.image_set import ImageSet
from ganzoo.data.sheet import sheet
from ganzoo.samples import enlarge

COLUMNS = 13  # Half of an alphabet.


def translations(model: Any, data: ImageSet, resolution: int) -> tuple[Any, str]:
    """A sheet of a model's translations of held-out images, or of training images.

    Args:
        model: A `ganzoo.models.translation.TranslationModel`.
        data: The set that it was trained on.
        resolution: Height and width of an image on the sheet.

    Returns:
        The sheet, without a caption, and the words for one that say what its rows show.
    """
    shown = data if data.held_out is None else data.held_out
    rows = [of_domain(shown, index) for index in (0, 1)]
    count = min(2 * COLUMNS, *map(len, rows))
    made = model.sheet(*(shown.images[own[:count]] for own in rows))
    names = dict(zip("AB", domain_names(data), strict=True))
    words = [" ".join(names.get(word, word) for word in row.split()) for row in made]
    images = [enlarge(np.asarray(each), resolution) for each in made.values()]
    return banded(images), f"rows: {', '.join(words)}"


def banded(rows: Sequence[np.ndarray]) -> Image.Image:
    """A sheet on which rows of images stand below each other, in bands of `COLUMNS`.

    Args:
        rows: As many images in each, uint8 [N, H, W, C].
    """
    count = len(rows[0])
    columns = min(COLUMNS, count)
    bands = [row[start : start + columns] for start in range(0, count, columns) for row in rows]
    missing = -count % columns
    ground = np.zeros((missing, *rows[0].shape[1:]), np.uint8)
    last = [np.concatenate([band, ground]) for band in bands[len(bands) - len(rows) :]]
    return sheet(np.concatenate([*bands[: len(bands) - len(rows)], *last]), columns)

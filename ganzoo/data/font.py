"""Capital letters of an ordinary font, as originals for the recipe.

The font is DejaVu Sans (dejavu-fonts.github.io), which Matplotlib brings along. Each letter
fills the same square as a drawn form, so that strokes have about the same width.
"""

import functools
import string
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

LETTERS: tuple[str, ...] = tuple(string.ascii_uppercase)
FILE = "DejaVuSans.ttf"
LARGE = 1200  # Pixels of the font, so that no hinting shows.
INK = 0.74  # Share of the canvas that a letter's height takes, and its width at most.


def draw_letter(letter: str, size: int = 130) -> np.ndarray:
    """One letter, white on black, anti-aliased, in the middle of the canvas.

    Args:
        letter: One of `LETTERS`.
        size: Height and width in pixels.

    Returns:
        uint8 array [size, size], values 0 to 255.
    """
    large = Image.new("L", (2 * LARGE, 2 * LARGE))
    ImageDraw.Draw(large).text((LARGE // 2, LARGE // 2), letter, 255, _font())
    ink = large.crop(large.getbbox())
    side = round(INK * size)
    width = max(1, min(side, round(ink.width * side / ink.height)))
    letter_image = ink.resize((width, side), Image.Resampling.BOX)
    canvas = Image.new("L", (size, size))
    canvas.paste(letter_image, ((size - width) // 2, (size - side) // 2))
    return np.asarray(canvas)


@functools.cache
def _font() -> ImageFont.FreeTypeFont:
    import matplotlib  # Imported here: it takes a while, and few sets need it.

    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / FILE
    return ImageFont.truetype(path, LARGE, layout_engine=ImageFont.Layout.BASIC)

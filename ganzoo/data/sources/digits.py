from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ganzoo.data.image_set import ImageSet
from ganzoo.data.recipe import SIDE, expand_once
from ganzoo.data.source import Source

DIGITS = "0123456789"
FONT = "DejaVuSans-Bold.ttf"  # Matplotlib brings it along.
HEIGHT = 120  # Of the font, in pixels of an image of SIDE.


class Digits(Source):
    """Ten printed digits, deformed 500 ways each; no network.

    They are drawn from DejaVu Sans Bold and deformed as `unown` is, see `ganzoo.data.recipe`.
    White on black, one channel; 100 further images a digit are held out.
    """

    licence = "Bitstream-Vera"

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; 500 training images a digit by default."""
        originals = [_drawn(digit) for digit in DIGITS]
        return expand_once(originals, tuple(DIGITS), resolution, per_class, name="digits")


def _drawn(digit: str) -> np.ndarray:
    """White on black, uint8 [SIDE, SIDE]."""
    import matplotlib  # A fifth of a second, where only names are listed.

    path = Path(matplotlib.get_data_path(), "fonts", "ttf", FONT)
    image = Image.new("L", (SIDE, SIDE))
    font = ImageFont.truetype(path, HEIGHT)
    ImageDraw.Draw(image).text((SIDE / 2, SIDE / 2), digit, 255, font, anchor="mm")
    return np.asarray(image)

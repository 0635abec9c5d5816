"""Images with their captions below them, for the eye."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ganzoo.data.sheet import CAPTION, GROUND, INK

LEAST = 112  # Pixels of an image's side, at least.
GAP = 12
LETTERS = 15  # Height of the letters in pixels.


def captioned_sheet(images: np.ndarray, captions: Sequence[str], columns: int) -> Image.Image:
    """Images in rows, each enlarged by a whole factor, its caption below it.

    Args:
        images: uint8 [N, H, W, 1 or 3].
        captions: Of each.
        columns: Images in a row.
    """
    count, side, _, channels = images.shape
    factor = -(-LEAST // side)
    size, columns = factor * side, min(columns, count)
    font = ImageFont.load_default(LETTERS)
    texts = [_lines(caption, font, size) for caption in captions]
    text_height = round(1.3 * LETTERS) * max(map(len, texts))
    step = size + GAP, size + GAP // 2 + text_height + GAP
    rows = -(-count // columns)
    mode, ground, ink = ("L", GROUND, INK) if channels == 1 else ("RGB", *_gray())
    sheet = Image.new(mode, (columns * step[0] + GAP, rows * step[1] + GAP), ground)
    draw = ImageDraw.Draw(sheet)
    for i, (image, lines) in enumerate(zip(images, texts, strict=True)):
        left, top = GAP + i % columns * step[0], GAP + i // columns * step[1]
        large = image.repeat(factor, axis=0).repeat(factor, axis=1)
        sheet.paste(Image.fromarray(large[..., 0] if channels == 1 else large), (left, top))
        for line, text in enumerate(lines):
            below = top + size + GAP // 2 + line * round(1.3 * LETTERS)
            draw.text((left, below), text, fill=ink, font=font)
    sheet.info[CAPTION] = "; ".join(dict.fromkeys(captions))
    return sheet


def _gray() -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    return (GROUND,) * 3, (INK,) * 3


def _lines(caption: str, font: Any, width: int) -> list[str]:
    """The words of a caption in lines of a width."""
    lines = [""]
    for word in caption.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines

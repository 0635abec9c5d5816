"""Many images on one sheet: plain, for programs, or enlarged with a caption, for the eye."""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from ganzoo.data.points import are_points
from ganzoo.data.scatter import scatter
from ganzoo.files.atomic import atomic

GROUND = 40  # dark, yet told apart from the black of an image
INK = 220
SIDE = 900  # pixels: the longer side of an enlarged sheet, at least
SHAPE = 8 / 7  # columns to rows of the grid that is aimed at
PAIRS = 8  # pixels between rows of pairs, before they are enlarged
TEXT = 22  # pixels: height of the caption's letters
# Text chunks of an enlarged sheet's PNG, from which `plain_sheet` takes it back.
CAPTION, FACTOR, PLAIN_SIZE = "Description", "Enlarged", "PlainSize"


def sheet(images: np.ndarray, columns: int | None = None, gap: int = 2) -> Image.Image:
    """Lay images out in a grid, row by row, each pixel as it is.

    Args:
        images: uint8 array [N, H, W, C], C = 1 or 3, N >= 1; or points [N, 1, 1, 2], which are
            shown as `scatter` does.
        columns: Images in a row; `None` for rows that come out even, where a nearly
            square grid allows it.
        gap: Pixels of dark gray around each image.

    Returns:
        A Pillow image of mode L or RGB.

    Raises:
        ValueError: If `images` or `columns` cannot be laid out.
    """
    images = np.asarray(images)
    if images.dtype == np.uint8 and are_points(images) and len(images):
        return scatter(images)
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


def paired_sheet(above: np.ndarray, below: np.ndarray, columns: int) -> Image.Image:
    """Lay pairs of images out, one above the other, with more room between rows of pairs.

    Args:
        above: uint8 array [N, H, W, C].
        below: Array of the same shape.
        columns: Pairs side by side, at most.
    """
    rows = [
        sheet(np.concatenate([above[i : i + columns], below[i : i + columns]]), columns=width)
        for i in range(0, len(above), columns)
        for width in [min(columns, len(above) - i)]
    ]
    size = max(row.width for row in rows), sum(row.height + PAIRS for row in rows) - PAIRS
    paired = Image.new(rows[0].mode, size, GROUND if rows[0].mode == "L" else (GROUND,) * 3)
    top = 0
    for row in rows:
        paired.paste(row, (0, top))
        top += row.height + PAIRS
    return paired


def outline(
    plain: Image.Image,
    indices: Iterable[int],
    columns: int,
    size: tuple[int, int],
    gap: int = 2,
) -> None:
    """Draw a bright frame into the gap around some images of a sheet.

    Args:
        plain: A sheet, as `sheet` gives it; it is changed.
        indices: Which images, counted row by row from 0.
        columns: Columns of the sheet.
        size: Height and width of an image.
        gap: The sheet's gap, at least 1.
    """
    draw = ImageDraw.Draw(plain)
    ink = INK if plain.mode == "L" else (INK,) * 3
    height, width = size
    for index in indices:
        top = gap + index // columns * (height + gap) - 1
        left = gap + index % columns * (width + gap) - 1
        draw.rectangle((left, top, left + width + 1, top + height + 1), outline=ink, width=1)


def _columns(count: int) -> int:
    """The least width at which a grid no flatter than 1:2 is full; else the squarest."""
    least = math.isqrt(count - 1) + 1
    widest = math.isqrt(2 * count)
    return next((c for c in range(least, widest + 1) if count % c == 0), least)


def class_columns(classes: int, about: int = 56) -> int:
    """Columns of a sheet on which images that are taken `by_turns` stand in columns of a class.

    A divisor or a multiple of `classes`, for a grid of `about` images that is as wide as high:
    7 for 28 classes, 10 for 10, 8 for 2. Where there is none, as for 17 classes, what makes
    the rows come out even.
    """
    if classes < 2:
        return _columns(about)

    def distance(columns: int) -> float:
        return abs(math.log(columns * columns / (about * SHAPE)))

    fitting = [c for c in range(1, about + 1) if classes % c == 0 or c % classes == 0]
    best = min(fitting, key=distance)
    return best if distance(best) < math.log(3) else _columns(about)


def full_grid(classes: int, about: int = 56) -> tuple[int, int]:
    """Columns, see `class_columns`, and the number of images, near `about`, that fills them."""
    columns = class_columns(classes, about)
    return columns, columns * max(1, round(about / columns))


def enlarge_sheet(plain: Image.Image, caption: Sequence[str], side: int = SIDE) -> Image.Image:
    """A sheet to look at: each pixel repeated a whole number of times, a caption below.

    Args:
        plain: A sheet, of mode L or RGB.
        caption: Phrases, such as `"seed 0"`; lines break between them. Letters that the
            built-in font lacks become `?`.
        side: Pixels of the longer side, at least; a sheet that has them stays as it is.

    Returns:
        An image of the same mode. Its top left part is `plain`, enlarged by nearest
        neighbour; `save_png` and `plain_sheet` take that one back from the file.
    """
    factor = max(1, math.ceil(side / max(plain.size)))
    large = plain.resize(
        (plain.width * factor, plain.height * factor), Image.Resampling.NEAREST
    )
    size = max(TEXT, large.width // 60)
    font = ImageFont.load_default(size)
    lines = _lines([_known_letters(phrase) for phrase in caption], font, large.width - size)
    line_height = round(1.4 * size)
    width = max([large.width, *(math.ceil(font.getlength(line)) + size for line in lines)])
    strip = len(lines) * line_height + size // 2 if lines else 0
    height = large.height + strip
    ground, ink = (GROUND, INK) if plain.mode == "L" else ((GROUND,) * 3, (INK,) * 3)
    picture = Image.new(plain.mode, (width, height), ground)
    picture.paste(large, (0, 0))
    draw = ImageDraw.Draw(picture)
    for index, line in enumerate(lines):
        top = large.height + index * line_height
        draw.text((size // 2, top), line, fill=ink, font=font)
    picture.info |= {
        CAPTION: ", ".join(caption),
        FACTOR: str(factor),
        PLAIN_SIZE: f"{plain.width}x{plain.height}",
    }
    return picture


def _known_letters(text: str) -> str:
    """The built-in font has ASCII and hardly more."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
    )
    return plain.encode("ascii", "replace").decode()


def _lines(phrases: Sequence[str], font: Any, width: int) -> list[str]:
    """As many phrases on a line as fit; one that is too long has a line of its own."""
    lines: list[str] = []
    for phrase in phrases:
        longer = f"{lines[-1]}  \u00b7  {phrase}" if lines else phrase
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(phrase)
    return lines


def plain_sheet(path: str | Path) -> Image.Image:
    """A sheet as it was before `enlarge_sheet`, pixel for pixel, from its PNG.

    Raises:
        OSError: If the file cannot be read as a PNG.
        ValueError: If what it says of its enlargement cannot be true.
    """
    try:
        with Image.open(path, formats=["PNG"]) as image:
            image.load()
    except (SyntaxError, Image.DecompressionBombError) as error:  # Pillow's own.
        raise ValueError(f"{path}: {error}") from error
    if FACTOR not in image.info:
        return image
    factor = int(image.info[FACTOR])
    width, height = map(int, image.info[PLAIN_SIZE].split("x"))
    large = (width * factor, height * factor)
    if min(width, height, factor) < 1 or large[0] > image.width or large[1] > image.height:
        raise ValueError(f"{path}: an enlargement of {large} pixels is not on the sheet.")
    plain = image.crop((0, 0, *large)).resize((width, height), Image.Resampling.NEAREST)
    for key in (FACTOR, PLAIN_SIZE):  # Pillow hands them on; `plain` is not enlarged.
        del plain.info[key]
    return plain


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
    """Save as PNG, with the caption as text; the file is there whole or not at all.

    Raises:
        InputError: If the folder does not exist.
        OSError: If writing fails.
    """
    text = PngInfo()
    for key in (CAPTION, FACTOR, PLAIN_SIZE):
        if key in image.info:
            text.add_itxt(key, image.info[key])
    with atomic(path) as temporary:
        image.save(temporary, format="PNG", pnginfo=text)

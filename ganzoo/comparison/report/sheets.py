"""The sheets of a comparison as pictures that a page holds itself."""

import base64
import io
import warnings
from typing import NamedTuple

import numpy as np
from PIL import Image

from ganzoo.comparison.runs.results import Results, sample_path
from ganzoo.comparison.runs.rows import RunRow
from ganzoo.data.sheet import GROUND, sheet
from ganzoo.files.read import check_inside, read_bytes

LARGEST_SHEET = 8 * 2**20  # bytes
MOST_PIXELS = 40_000_000  # of a sheet: a small file may hold very many
ALL_SHEETS = 64 * 2**20  # bytes: a page with more opens slowly
MOST_SAMPLES = 16  # in a strip
GAP = 0.99  # share of pixels of the ground in a line between samples
SMALLEST = 4  # pixels of a sample


class Picture(NamedTuple):
    """A picture within a page."""

    source: str  # All of it, as a `data:` address.
    width: int  # Pixels.
    height: int


class Sheet(NamedTuple):
    """The samples of one run: all of them, and the first ones side by side."""

    run: RunRow
    whole: Picture
    strip: Picture


def sheets(results: Results) -> tuple[list[Sheet], int]:
    """All sheets that there are, by cell and seed, and how many were left out, as they are no
    PNG of a fair size, or too much for one page.
    """
    found: list[Sheet] = []
    if results.folder is None:
        return found, 0
    check_inside(results.folder, results.folder / "samples")
    room, left_out = ALL_SHEETS, 0
    for run in (run for cell in results.cells for run in results.of(cell)):
        path = results.folder / sample_path(run.cell, run.seed)
        if not path.exists() and not path.is_symlink():
            continue
        try:
            if room <= 0:
                raise ValueError("the page is full")
            found.append(_sheet(run, read_bytes(path, LARGEST_SHEET)))
            room -= len(found[-1].whole.source)
        except Exception:  # Whatever a decoder raises at damaged bytes.
            left_out += 1
    return found, left_out


def _sheet(run: RunRow, data: bytes) -> Sheet:
    """Raises an exception unless `data` is a PNG of a fair size."""
    with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=["PNG"]) as image:
        warnings.simplefilter("ignore")
        if image.width * image.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        image.load()
        row = strip(image if image.mode in ("L", "RGB") else image.convert("RGB"))
    whole = _picture(data, image.size)
    if row is None:
        return Sheet(run, whole, whole)
    buffer = io.BytesIO()
    row.save(buffer, format="PNG")
    return Sheet(run, whole, _picture(buffer.getvalue(), row.size))


def _picture(data: bytes, size: tuple[int, int]) -> Picture:
    return Picture(f"data:image/png;base64,{base64.b64encode(data).decode()}", *size)


def strip(image: Image.Image) -> Image.Image | None:
    """The first samples of a sheet of `ganzoo.data.sheet`, of mode L or RGB, side by side;
    `None` where no grid of equal samples is found.
    """
    pixels = np.asarray(image)
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    ground = (pixels == GROUND).all(axis=-1)
    rows, columns = (_spans(ground.mean(axis=axis) < GAP) for axis in (1, 0))
    if len(rows) * len(columns) < 2 or len({b - a for a, b in (*rows, *columns)}) > 1:
        return None
    if rows[0][1] - rows[0][0] < SMALLEST:
        return None
    places = [(slice(*row), slice(*column)) for row in rows for column in columns]
    samples = [pixels[place] for place in places if not ground[place].all()]
    return sheet(np.stack(samples[:MOST_SAMPLES]), columns=MOST_SAMPLES)


def _spans(filled: np.ndarray) -> list[tuple[int, int]]:
    """Begin and end of each stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], filled.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))

"""The sheets of a comparison as pictures that a page holds itself."""

import base64
import io
import warnings
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from ganzoo.comparison.report.strips import strip
from ganzoo.comparison.runs.results import Results, RunRow, sample_path
from ganzoo.files.read import check_inside, read_bytes

LARGEST_SHEET = 8 * 2**20  # bytes
MOST_PIXELS = 40_000_000  # of a sheet: a small file may hold very many
ALL_SHEETS = 64 * 2**20  # bytes: a page with more opens slowly


@dataclass(frozen=True)
class Picture:
    """A picture within a page.

    Attributes:
        source: All of it, as a `data:` address.
        width: Pixels.
        height: Pixels.
    """

    source: str
    width: int
    height: int


@dataclass(frozen=True)
class Sheet:
    """The samples of one run.

    Attributes:
        run: The run.
        whole: All samples.
        strip: The first ones side by side.
    """

    run: RunRow
    whole: Picture
    strip: Picture


def sheets(results: Results) -> tuple[list[Sheet], int]:
    """All sheets that there are, by cell and seed, and how many were left out.

    Left out is what is no PNG of a fair size, and what is too much for one page.

    Raises:
        InputError: If the folder of the sheets is a link that leads elsewhere.
    """
    found: list[Sheet] = []
    if results.folder is None:
        return found, 0
    check_inside(results.folder, results.folder / "samples")
    room, left_out = ALL_SHEETS, 0
    for cell in results.cells:
        for run in results.of(cell):
            path = results.folder / sample_path(run.cell, run.seed)
            if not path.exists() and not path.is_symlink():
                continue
            made = _sheet(run, path) if room > 0 else None
            if made is None:
                left_out += 1
            else:
                room -= len(made.whole.source)
                found.append(made)
    return found, left_out


def _sheet(run: RunRow, path: Path) -> Sheet | None:
    try:
        data = read_bytes(path, LARGEST_SHEET)
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            warnings.simplefilter("ignore")
            if image.width * image.height > MOST_PIXELS:
                return None
            image.load()
            plain = image if image.mode in ("L", "RGB") else image.convert("RGB")
    except Exception:  # Whatever a decoder raises at damaged bytes.
        return None
    whole = _picture(data, image.size)
    row = strip(plain)
    return Sheet(run, whole, whole if row is None else _encoded(row))


def _encoded(image: Image.Image) -> Picture:
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    return _picture(buffer.getvalue(), image.size)


def _picture(data: bytes, size: tuple[int, int]) -> Picture:
    return Picture(f"data:image/png;base64,{base64.b64encode(data).decode()}", *size)

"""One encoded image, from bytes to pixels."""

import io
import logging
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import IO

import numpy as np
from PIL import Image

from ganzoo.data.fit import BAND
from ganzoo.data.levels import (
    LAB,
    Limits,
    check_finite,
    is_deep_colour,
    scaled,
    unit_of,
)
from ganzoo.data.messages import printable
from ganzoo.data.notes import HARDLY_VISIBLE, Notes
from ganzoo.data.reading import VARIABLE, Reading
from ganzoo.errors import InputError

EXTENSIONS = frozenset({
    ".png", ".apng", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".bmp",
    ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm", ".jp2", ".avif",
})  # fmt: skip
# Only these readers are tried: others run programs (EPS) or hold no pictures (HDF5).
FORMATS = {
    "PNG": "PNG", "JPEG": "JPEG", "GIF": "GIF", "WEBP": "WebP", "BMP": "BMP", "TIFF": "TIFF",
    "PPM": "PPM", "JPEG2000": "JPEG 2000", "AVIF": "AVIF",
}  # fmt: skip
MOVING = ("PNG", "GIF", "WEBP", "AVIF", "TIFF")
MOST_PAGES = 100_000
ORIENTATION = 0x0112
VISIBLE = 64  # Of 255: what differs less from the ground than this is hardly seen.
DEFAULT = Reading()

# Without a handler, what Pillow logs of a damaged TIFF would go to the terminal.
logging.getLogger("PIL").addHandler(logging.NullHandler())

# `warnings.catch_warnings` swaps filters of the whole process; two threads in it at
# once can leave the wrong ones behind.
_quiet = threading.Lock()


class UnreadableImage(InputError):
    """One image that cannot be read.

    Attributes:
        name: Its path.
        reason: Why, in a few words.
        remedy: A sentence that says how it could be read after all, or nothing.
    """

    def __init__(self, name: str, reason: str, message: str, remedy: str = ""):
        super().__init__(f"{message} {remedy}".rstrip())
        self.name, self.reason, self.remedy = name, reason, remedy


def decode(
    data: bytes | IO[bytes],
    name: str,
    notes: Notes | None = None,
    reading: Reading = DEFAULT,
) -> np.ndarray:
    """Decode one image, of several pages the first.

    Transparency is laid over `reading.background`, black by default: 0 is the ground of
    drawn sets and of padding, so one rule holds for all. EXIF rotation is applied, embedded
    colour profiles are not. 16-bit gray is scaled by 1/257 and rounded (of 16-bit colour
    Pillow gives the high byte), unless `reading.levels` gives a range.

    Args:
        data: The bytes of the file, or the file, open to be read.
        name: How messages call it, such as `"photos.zip: cats/3.png"`.
        notes: Where what was unusual is noted.
        reading: What a person chose; `levels="auto"` needs a set, and is not known here.

    Returns:
        uint8 array [H, W, C], C = 1 for files in black and white or gray, else 3. Gray over
        a background in colour has 3 channels.

    Raises:
        UnreadableImage: If the bytes are no image, damaged, cut short, too large to be
            decoded in good faith, or of a kind without an agreed range of values.
    """
    notes = Notes() if notes is None else notes
    (pixels,) = decode_pages(data, name, (0,), notes, reading, reading.limits)
    return pixels


def decode_pages(
    data: bytes | IO[bytes],
    name: str,
    pages: Sequence[int],
    notes: Notes,
    reading: Reading,
    limits: Limits,
) -> Iterator[np.ndarray]:
    """The pages of a file whose numbers are given, in their order, as `decode` gives one."""
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    image: Image.Image | None = None
    with file:
        for page in pages:
            with _refusing(name, reading):
                # Opened once: to a page of a newly opened file readers go through all before.
                image = image or _opened(file, name, notes, reading)
                _load_page(image, page, name, reading)
                turned = _orientation(image)
                last = page == pages[-1]
                if last:
                    file.close()  # Gives back the bytes before there are pixels as well.
                pixels = _pixels(image, name, notes, reading, limits)
                if last:
                    image = None
                pixels = np.ascontiguousarray(_upright(pixels, turned))
            yield pixels
            del pixels


def values_range(
    data: bytes | IO[bytes], name: str, pages: Sequence[int], notes: Notes, reading: Reading
) -> tuple[float, float]:
    """Least and greatest value of the pages that can be seen; `notes` counts their units."""
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    image: Image.Image | None = None
    low, high = float("inf"), float("-inf")
    with file:
        for page in pages:
            with _refusing(name, reading):
                image = image or _opened(file, name, Notes(), reading)
                _load_page(image, page, name, reading)
                notes.units[unit_of(image)[0]] += 1
                for _, band in _bands(image):
                    values, alpha = _layers(band, colour=False)
                    check_finite(values, printable(name))
                    seen = values if alpha is None else values[alpha[..., 0] > 0]
                    if seen.size:
                        low, high = min(low, float(seen.min())), max(high, float(seen.max()))
    return low, high


def count_pages(data: bytes | IO[bytes], name: str, reading: Reading) -> int:
    """How many pages or frames a file has, 1 for most; raises `UnreadableImage`."""
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    with _refusing(name, reading), file, Image.open(file, formats=readable_formats()) as image:
        pages = getattr(image, "n_frames", 1) if image.format in MOVING else 1
    if pages > MOST_PAGES:
        raise UnreadableImage(
            name,
            f"{pages:,} pages",
            f"{printable(name)} has {pages:,} pages, more than {MOST_PAGES:,}. Split it.",
        )
    return pages


def readable() -> str:
    """The formats that this Pillow reads, for messages."""
    *names, last = (FORMATS[name] for name in readable_formats())
    return f"{', '.join(names)} and {last}"


@cache
def readable_formats() -> tuple[str, ...]:
    """Formats that are read and that this Pillow knows."""
    Image.init()
    return tuple(f for f in FORMATS if f in Image.OPEN)


@contextmanager
def _refusing(name: str, reading: Reading) -> Iterator[None]:
    """Turns what readers raise into `UnreadableImage`, and lets no warning out."""
    shown = printable(name)
    limit = _limit(reading)
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pillows, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, limit
        try:
            yield
        except InputError:
            raise
        except Image.UnidentifiedImageError as error:
            raise UnreadableImage(
                name,
                "no image",
                f"{shown} is not an image that can be read, or its beginning is damaged. "
                f"Replace or remove it; readable are {readable()}.",
            ) from error
        except Image.DecompressionBombError as error:
            raise _too_large(name, limit, "") from error
        except Exception as error:  # the readers raise nearly anything on damaged files
            reason = printable(str(error), 80) or type(error).__name__
            raise UnreadableImage(
                name,
                "damaged",
                f"{shown} is damaged or cut short ({reason}). Save it again, replace or "
                "remove it.",
            ) from error
        finally:
            Image.MAX_IMAGE_PIXELS = pillows


def _limit(reading: Reading) -> int | None:
    """Pixels that an image may have; what a program told Pillow holds where nothing is said."""
    return reading.pixel_limit or Image.MAX_IMAGE_PIXELS


def _too_large(name: str, limit: int | None, size: str) -> UnreadableImage:
    return UnreadableImage(
        name,
        f"too many pixels{size}",
        f"{printable(name)}{size} has more than {limit:,} pixels, which may be a decompression "
        "bomb. Make it smaller.",
        f"Allow more pixels if you trust it: --max-pixels N, or {VARIABLE}=N.",
    )


def _opened(file: IO[bytes], name: str, notes: Notes, reading: Reading) -> Image.Image:
    """The image, not loaded yet; `notes` counts its pages where only the first is asked for."""
    if not file.seek(0, io.SEEK_END):
        raise UnreadableImage(
            name, "empty", f"{printable(name)} is empty (0 bytes). Replace or remove it."
        )
    file.seek(0)
    image: Image.Image = Image.open(file, formats=readable_formats())
    if reading.pages == "first" and image.format in MOVING:
        image = _count_others(image, file, notes)
    return image


def _load_page(image: Image.Image, page: int, name: str, reading: Reading) -> None:
    """Load a page; refuse one without pixels, with too many, or in other units than asked."""
    image.seek(page)
    width, height = image.size
    if not width or not height:
        raise UnreadableImage(
            name,
            "no pixels",
            f"{printable(name)} has no pixels ({width}x{height}). Replace or remove it.",
        )
    limit = _limit(reading)
    if limit is not None and width * height > limit:
        raise _too_large(name, limit, f" ({width}x{height})")
    if reading.limits is not None and is_deep_colour(image):
        raise UnreadableImage(
            name,
            "16-bit colours",
            f"{printable(name)} holds 16-bit colours, of which the upper 8 bits are read: "
            "numbers for --levels are in other units. Leave them out, or take --levels auto.",
        )
    image.load()


def _count_others(image: Image.Image, file: IO[bytes], notes: Notes) -> Image.Image:
    pages = 1
    try:
        if getattr(image, "is_animated", False):
            pages = getattr(image, "n_frames", 1)
    except Exception:  # Damage in a later page does not cost the first one.
        pages = 2
        file.seek(0)
        image = Image.open(file, formats=readable_formats())
    if pages > 1:
        notes.files_of_pages += 1
        notes.pages += pages
    return image


def _bands(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """The image in pieces of whole rows, each with the number of its first row."""
    width, height = image.size
    rows = max(1, BAND // width)
    if rows >= height:
        yield 0, image
        return
    for top in range(0, height, rows):
        yield top, image.crop((0, top, width, min(height, top + rows)))


def _pixels(
    image: Image.Image, name: str, notes: Notes, reading: Reading, limits: Limits
) -> np.ndarray:
    """The image as uint8 [H, W, 1 or 3], its transparency laid over the background."""
    unit, unknown = unit_of(image)
    notes.units[unit] += 1
    if unknown and (limits is None or unit == LAB):
        raise UnreadableImage(
            name,
            f"holds {unknown}",
            f"{printable(name)} holds {unknown}, whose range is not known. Save it as an 8-bit "
            "or 16-bit grayscale or an RGB image.",
            "" if unit == LAB else "Or give the range: --levels auto, or --levels LOW,HIGH.",
        )
    ground = np.array(reading.ground, np.uint16)
    colour = len(set(reading.ground)) > 1
    over = _Over(ground)
    result: np.ndarray | None = None
    for top, band in _bands(image):
        values, alpha = _layers(band, colour)
        check_finite(values, printable(name))
        if unit != "8-bit":
            notes.see_deep(float(values.min()), float(values.max()))
        pixels = scaled(values, limits)
        if alpha is not None:
            pixels = over(pixels, alpha)
        if result is None:
            result = np.empty((image.size[1], *pixels.shape[1:]), np.uint8)
        result[top : top + len(pixels)] = pixels
    assert result is not None
    over.note(notes, reading.background)
    return result


def _layers(band: Image.Image, colour: bool) -> tuple[np.ndarray, np.ndarray | None]:
    """Values [H, W, 1 or 3] as the file has them, and opacity uint8 [H, W, 1] if it has any.

    Gray has three channels where `colour` is true and a part of it is transparent.
    """
    if unit_of(band)[0] != "8-bit":
        deep = np.asarray(band)[:, :, None]
        if "transparency" not in band.info:
            return deep, None
        alpha = np.where(deep == band.info["transparency"], np.uint8(0), np.uint8(255))
        return (deep.repeat(3, axis=2) if colour else deep), alpha
    if band.has_transparency_data:
        gray = band.mode in ("1", "L", "LA", "La") and not colour
        layers = np.asarray(band.convert("LA" if gray else "RGBA"))
        return layers[:, :, :-1], layers[:, :, -1:]
    pixels = np.asarray(band.convert("L" if band.mode in ("1", "L") else "RGB"))
    return (pixels[:, :, None] if pixels.ndim == 2 else pixels), None


class _Over:
    """Lays bands of one image over a ground, and remembers what was seen of it."""

    def __init__(self, ground: np.ndarray):
        self.ground = ground
        self.opaque = self.clear = False
        self.contrast = -1

    def __call__(self, pixels: np.ndarray, alpha: np.ndarray) -> np.ndarray:
        ground = self.ground[: pixels.shape[2]]
        weight = alpha.astype(np.uint16)
        laid = ((pixels * weight + ground * (255 - weight) + 127) // 255).astype(np.uint8)
        self.opaque |= bool(alpha.any())
        self.clear |= bool((alpha < 255).any())
        difference = np.abs(laid.astype(np.int16) - ground.astype(np.int16))
        self.contrast = max(self.contrast, int(difference.max()))
        return laid

    def note(self, notes: Notes, background: str) -> None:
        if not self.clear:
            return
        if not self.opaque:
            notes.count("wholly transparent: nothing but the background is left")
        elif self.contrast < VISIBLE:
            notes.count(
                f"partly transparent and {HARDLY_VISIBLE} over {background}: choose another "
                f"ground, such as --background {'white' if self.ground[0] < 128 else 'black'}"
            )
        else:
            notes.count(
                f"partly transparent: laid over {background} (--background chooses the colour)"
            )


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where the EXIF data cannot be read."""
    try:
        return image.getexif().get(ORIENTATION, 1)
    except Exception:  # damaged EXIF data beside sound pixels: not worth a refusal
        return 1


def _upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    match orientation:
        case 2:
            return pixels[:, ::-1]
        case 3:
            return pixels[::-1, ::-1]
        case 4:
            return pixels[::-1]
        case 5:
            return pixels.swapaxes(0, 1)
        case 6:
            return np.rot90(pixels, -1)
        case 7:
            return pixels[::-1, ::-1].swapaxes(0, 1)
        case 8:
            return np.rot90(pixels)
    return pixels

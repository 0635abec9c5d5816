"""One encoded image, from bytes to pixels."""

import io
import logging
import threading
import warnings
from collections import Counter
from functools import cache

import numpy as np
from PIL import Image

from ganzoo.errors import InputError

EXTENSIONS = frozenset({
    ".png", ".apng", ".jpg", ".jpeg", ".jfif", ".gif", ".webp", ".bmp",
    ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pnm", ".jp2", ".avif",
})  # fmt: skip
# Only these readers are tried: others run programs (EPS) or hold no pictures (HDF5).
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "JPEG2000", "AVIF")
READABLE = "PNG, JPEG, GIF, WebP, BMP, TIFF, PPM, JPEG 2000 and AVIF"
MOVING = ("PNG", "GIF", "WEBP", "AVIF", "TIFF")
ORIENTATION = 0x0112

# Without a handler, what Pillow logs of a damaged TIFF would go to the terminal.
logging.getLogger("PIL").addHandler(logging.NullHandler())

# `warnings.catch_warnings` swaps filters of the whole process; two threads in it at
# once can leave the wrong ones behind.
_quiet = threading.Lock()


def decode(data: bytes, name: str, notes: Counter[str] | None = None) -> np.ndarray:
    """Decode one image.

    Transparency is laid over black: 0 is the ground of drawn sets and of padding, so
    one rule holds for all. EXIF rotation is applied, embedded colour profiles are not.
    Of animations the first frame is taken. 16-bit gray is scaled by 1/257 and rounded
    (of 16-bit colour Pillow gives the high byte).

    Args:
        data: The bytes of the file.
        name: How messages call it, such as `"photos.zip: cats/3.png"`.
        notes: Counts what was unusual, by a phrase that completes "the image was ...".

    Returns:
        uint8 array [H, W, C], C = 1 for files in black and white or gray, else 3.

    Raises:
        InputError: If the bytes are no image, damaged, cut short, too large to be
            decoded in good faith, or of a kind without an agreed range of values.
    """
    notes = Counter() if notes is None else notes
    name = printable(name)
    if not data:
        raise InputError(f"{name} is empty (0 bytes). Replace or remove it.")
    try:
        with _quiet, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _decode(data, name, notes)
    except InputError:
        raise
    except Image.UnidentifiedImageError as error:
        raise InputError(
            f"{name} is not an image that can be read, or its beginning is damaged. "
            f"Replace or remove it; readable are {READABLE}."
        ) from error
    except Image.DecompressionBombError as error:
        raise InputError(_too_large(name, "")) from error
    except Exception as error:  # the readers raise nearly anything on damaged files
        reason = printable(str(error)) or type(error).__name__
        raise InputError(
            f"{name} is damaged or cut short ({reason}). Save it again, replace or remove it."
        ) from error


def printable(text: str) -> str:
    """`text` on one line: names from disk and zip files may hold control characters."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


@cache
def _formats() -> tuple[str, ...]:
    Image.init()
    return tuple(f for f in FORMATS if f in Image.OPEN)


def _decode(data: bytes, name: str, notes: Counter[str]) -> np.ndarray:
    with Image.open(io.BytesIO(data), formats=_formats()) as image:
        width, height = image.size
        if not width or not height:
            raise InputError(f"{name} has no pixels ({width}x{height}). Replace or remove it.")
        limit = Image.MAX_IMAGE_PIXELS
        if limit is not None and width * height > limit:
            raise InputError(_too_large(name, f" ({width}x{height})"))
        image.load()
        pixels = _upright(_pixels(image, name, notes), _orientation(image))
        if image.format in MOVING and getattr(image, "is_animated", False):
            notes["animated or of several pages: the first was taken"] += 1
    return np.ascontiguousarray(pixels)


def _too_large(name: str, size: str) -> str:
    return (
        f"{name}{size} has more than {Image.MAX_IMAGE_PIXELS:,} pixels, which may be a "
        "decompression bomb. Make it smaller, or raise PIL.Image.MAX_IMAGE_PIXELS "
        "if you trust it."
    )


def _pixels(image: Image.Image, name: str, notes: Counter[str]) -> np.ndarray:
    # Pillow gives the gray of a deep PGM as 32-bit integers, scaled to 0..65535.
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PPM"):
        return _from_16_bit(image)
    if image.mode in ("I", "F", "LAB"):
        held = {"I": "32-bit integers", "F": "floating-point values", "LAB": "L*a*b* colours"}
        raise InputError(
            f"{name} holds {held[image.mode]}, whose range is not known. "
            "Save it as an 8-bit or 16-bit grayscale or an RGB image."
        )
    if image.has_transparency_data:
        return _over_black(image, notes)
    return _channels(image.convert("L" if image.mode in ("1", "L") else "RGB"))


def _channels(image: Image.Image) -> np.ndarray:
    pixels = np.asarray(image)
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


def _from_16_bit(image: Image.Image) -> np.ndarray:
    deep = np.asarray(image).astype(np.uint32)
    gray = ((deep + 128) // 257).astype(np.uint8)
    if "transparency" in image.info:
        gray[deep == image.info["transparency"]] = 0
    return gray[:, :, None]


def _over_black(image: Image.Image, notes: Counter[str]) -> np.ndarray:
    gray = image.mode in ("1", "L", "LA", "La")
    layers = np.asarray(image.convert("LA" if gray else "RGBA")).astype(np.uint16)
    alpha = layers[:, :, -1:]
    pixels = ((layers[:, :, :-1] * alpha + 127) // 255).astype(np.uint8)
    if alpha.any() and (alpha < 255).any():
        if pixels.any():
            notes["partly transparent: laid over black"] += 1
        else:
            notes["black on a transparent ground and left all black: lay them over white"] += 1
    return pixels


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

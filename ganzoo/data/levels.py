"""From the values of a file to 0 to 255."""

import numpy as np
from PIL import Image

from ganzoo.data.messages import counted
from ganzoo.data.notes import Notes
from ganzoo.errors import InputError

Limits = tuple[float, float] | None  # The values that become black and white.

LAB = "L*a*b*"
BITS, SAMPLE_FORMAT, SIGNED = 258, 339, 2  # Tags of TIFF.
PIECE = 2**22  # Values that are scaled at a time.


def unit_of(image: Image.Image) -> tuple[str, str]:
    """The type of an image's values, and what it holds if their range is not known."""
    # Pillow gives the gray of a deep PGM as 32-bit integers, scaled to 0..65535.
    if image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PPM"):
        return "16-bit", ""
    if image.mode == "I":
        tags = getattr(image, "tag_v2", {})
        signed = tags.get(SAMPLE_FORMAT, (1,))[0] == SIGNED
        if tags.get(BITS, (32,))[0] == 16 and signed:
            return "signed 16-bit", "signed 16-bit integers"
        return "32-bit", "32-bit integers"
    if image.mode == "F":
        return "floating-point", "floating-point values"
    if image.mode == "LAB":
        return LAB, "L*a*b* colours"
    return "8-bit", ""


def is_deep_colour(image: Image.Image) -> bool:
    """Whether an image that is not loaded yet has 16-bit colours, which Pillow makes 8-bit."""
    if len(image.getbands()) == 1:
        return False
    tiles = getattr(image, "tile", [])
    args = [tile[3] for tile in tiles]  # Of the decoder: `"RGB;16B"`; PPM's maximum last.
    if image.format == "PPM":
        return any(isinstance(given, tuple) and given[-1] > 255 for given in args)
    return any(";16" in str(given) for given in args)


def scaled(values: np.ndarray, limits: Limits) -> np.ndarray:
    """Values as uint8, rounded.

    Args:
        values: Any shape: uint8, 16-bit values as any integers, or with limits any numbers.
        limits: The values that become 0 and 255; `None` for the range of the type.
    """
    if limits is None:
        if values.dtype == np.uint8:
            return values
        return ((values.astype(np.uint32) + 128) // 257).astype(np.uint8)
    result = np.empty(values.shape, np.uint8)
    step = max(1, PIECE // max(1, values[:1].size))
    for start in range(0, len(values), step):
        piece = values[start : start + step].astype(np.float64)
        share = np.clip((piece - limits[0]) / (limits[1] - limits[0]), 0, 1)
        result[start : start + step] = np.rint(share * 255)
    return result


def check_finite(values: np.ndarray, name: str) -> None:
    """Refuse NaN and infinity with an `InputError`."""
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise InputError(
            f"{name} holds NaN or infinity. Remove it, or save it anew, 0 to 255 as uint8."
        )


def check_range(low: float, high: float, where: str) -> tuple[float, float]:
    """The two, unless they are one value or none: then raises an `InputError`."""
    if low < high:
        return low, high
    raise InputError(
        f"{where}: every pixel has the value {low:g}, so that no range follows from the "
        "images. Give two numbers in place of --levels auto."
    )


def check_one_unit(notes: Notes, where: str) -> None:
    """Refuse with an `InputError` images whose values are in several units."""
    if len(notes.units) > 1:
        kinds = " and ".join(
            f"{counted(number, 'image')} of {unit} values"
            for unit, number in sorted(notes.units.items())
        )
        raise InputError(
            f"{where} holds {kinds}: one range cannot be right for all. Leave out --levels, "
            "or read them apart."
        )

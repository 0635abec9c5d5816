"""Whether arrays from a file are images."""

from collections.abc import Callable, Sequence

import numpy as np

from ganzoo.data.messages import printable
from ganzoo.errors import InputError

UNSIGNED_BITS = (8, 10, 12, 14, 16)  # That cameras and scanners give.


def as_nhwc(array: np.ndarray, name: str, report: Callable[[str], None]) -> np.ndarray:
    """An array of any type as images [N, H, W, C], C = 1 or 3.

    Args:
        array: [N, H, W], [N, H, W, C], or [N, C, H, W] where H, W > 3.
        name: The array, for messages.
        report: Called with a line where channels come first.

    Raises:
        InputError: If it has another shape.
    """
    shape = list(array.shape)
    if array.ndim == 3 and shape[2] > 4:
        array = array[..., None]
    elif array.ndim != 4:
        raise InputError(_wrong_shape(shape, name))
    if not array.size:
        raise InputError(f"{name} has the shape {shape}, which holds no pixels.")
    first, last = array.shape[1] in (1, 3), array.shape[3] in (1, 3)
    if first and last:
        raise InputError(
            f"{name} has the shape {shape}, which may be [N, H, W, C] or [N, C, H, W]. Make "
            "H and W larger than 3; for channels first write images.transpose(0, 2, 3, 1)."
        )
    if first:
        report(f"images of the shape {shape} were read as channels first, [N, C, H, W]")
        return array.transpose(0, 2, 3, 1)
    if not last:
        raise InputError(_wrong_shape(shape, name))
    return array


def check_shape(shape: Sequence[int], name: str, report: Callable[[str], None]) -> None:
    """Refuse a shape with an `InputError`, before the array is read."""
    if len(shape) not in (3, 4):  # NumPy itself has a limit of axes.
        raise InputError(_wrong_shape(list(shape), name))
    as_nhwc(np.broadcast_to(np.uint8(0), tuple(shape)), name, report)


def _wrong_shape(shape: list[int], name: str) -> str:
    needed = "uint8 [N, H, W] or [N, H, W, C] with C = 1 or 3 is needed"
    hint = "See ganzoo data build --help."
    side = int(max(shape[-1:], default=0) ** 0.5)
    if len(shape) == 2 and side * side == shape[1]:
        hint = f"Write images.reshape(-1, {side}, {side})."
    elif len(shape) == 3:
        hint = "If this is one image, give a set of them: numpy.stack(images)."
    elif len(shape) == 4 and shape[3] in (2, 4):
        hint = f"Leave out the alpha channel: images[..., :{shape[3] - 1}]."
    elif len(shape) == 4 and shape[1] in (2, 4):
        hint = f"Leave out the alpha channel: images[:, :{shape[1] - 1}].transpose(0, 2, 3, 1)."
    return f"{name} has the shape {printable(str(shape), 80)}; {needed}. {hint}"


def check_type(array: np.ndarray, name: str) -> None:
    """Refuse all but uint8, with the expression that makes it of what was given."""
    if array.dtype == np.uint8:
        return
    check_numbers(array, name)
    low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)
    levels, conversion = _conversion(array.dtype, low, high)
    raise InputError(
        f"{name} is {array.dtype}, {low:g} to {high:g}; uint8, 0 to 255, is needed"
        f"{f' (--levels {levels} scales them)' if levels else ''}. {conversion}"
    )


def check_numbers(array: np.ndarray, name: str) -> None:
    """Refuse with an `InputError` what is no number."""
    check_kind(array.dtype, name)
    if not np.isfinite(array).all():
        raise InputError(
            f"{name} holds NaN or infinity. Remove those images, then save as uint8, 0 to 255."
        )


def check_kind(dtype: np.dtype, name: str) -> None:
    """Refuse with an `InputError` a type that is none of numbers."""
    if dtype.kind not in "biuf":
        kind = printable(str(dtype), 40)
        raise InputError(f"{name} holds {kind}; numbers of type uint8 are needed.")


def _conversion(dtype: np.dtype, low: float, high: float) -> tuple[str, str]:
    """The range for `Reading.levels`, where it takes thought, and what makes uint8 of it."""
    levels = ""
    if low >= 0 and high <= 1:
        wanted = "images * 255"
    elif dtype.kind == "f" and low >= -1 and high <= 1:
        wanted = "(images + 1) * 127.5"
    elif low >= 0 and high <= 255:
        wanted = "images"
    elif low >= 0 and high <= 65535 and dtype.kind in "iu":
        most = next(2**bits - 1 for bits in UNSIGNED_BITS if high < 2**bits)
        wanted = "images / 257" if most == 65535 else f"images / {most} * 255"
        levels = "" if most == 65535 else f"0,{most}"
    else:
        levels = "auto"
        shift = f"- {low:g}" if low >= 0 else f"+ {-low:g}"
        wanted = f"(images.astype(float) {shift}) / {high - low or 1:g} * 255"
        save = f"such as numpy.round({wanted}).astype('uint8')."
        return levels, f"Scale them to 0 to 255, {save}"
    return levels, f"Save numpy.round({wanted}).astype('uint8')."


def text_of_each(texts: np.ndarray, count: int, where: str) -> np.ndarray:
    """Texts [N], one an image; `InputError` where they are others or not as many."""
    if texts.ndim != 1 or texts.dtype.kind != "U" or len(texts) != count:
        raise InputError(
            f"{where} is {printable(str(texts.dtype), 40)} {list(texts.shape)} beside {count} "
            "images. Save one text an image: numpy.array(texts, dtype=str)."
        )
    if not all(text.strip() for text in texts.tolist()):
        raise InputError(f"{where} has an empty text. Say something of each image.")
    return texts

"""Decoded images of mixed sizes, made square and of one size."""

from collections.abc import Iterable, Iterator
from math import ceil

import numpy as np
from PIL import Image

from ganzoo.data.checks import check_resolution
from ganzoo.data.notes import Notes
from ganzoo.data.reading import Reading
from ganzoo.errors import InputError

DEFAULT = Reading()
BAND = 2**20  # Pixels that are worked on at a time: a large image is in memory once.


def fit(
    images: Iterable[np.ndarray],
    resolution: int,
    notes: Notes | None = None,
    reading: Reading = DEFAULT,
) -> np.ndarray:
    """Fit images into one array.

    Each is made square as `reading.fit` says, by its central square if nothing is said, then
    smaller by the mean of k x k boxes where the sides are whole multiples, by antialiased
    Lanczos otherwise: Pillow's box filter gives pixels on an edge all or nothing, so at other
    factors some of them count twice. An image of the right size passes bit for bit.

    Args:
        images: uint8 arrays [H, W, C], C = 1 or 3, any sizes; read one at a time.
        resolution: Height and width R of the result, in pixels.
        notes: Where what was unusual is noted.
        reading: What a person chose.

    Returns:
        uint8 array [N, R, R, C]. C is 1 if all images are gray (an RGB image whose
        channels are equal everywhere is gray), else 3 for all.

    Raises:
        InputError: If `resolution` is not positive or there are no images.
    """
    notes = Notes() if notes is None else notes
    fitted = list(fit_each(images, resolution, notes, reading))
    if not fitted:
        raise InputError("There are no images to fit.")
    channels = max(image.shape[2] for image in fitted)
    result = np.empty((len(fitted), resolution, resolution, channels), np.uint8)
    for place, image in zip(result, fitted, strict=True):
        place[...] = image  # one gray channel is repeated among colours
    return result


def fit_each(
    images: Iterable[np.ndarray], resolution: int, notes: Notes, reading: Reading = DEFAULT
) -> Iterator[np.ndarray]:
    """The images as `fit` makes them, uint8 [R, R, C] each with a C of its own."""
    check_resolution(resolution)
    return _fit_each(images, resolution, notes, reading)


def _fit_each(
    images: Iterable[np.ndarray], resolution: int, notes: Notes, reading: Reading
) -> Iterator[np.ndarray]:
    for image in images:
        notes.see(image)
        _note_size(image, resolution, notes, reading)
        fitted = FITS[reading.fit](_gray_if_gray(image), resolution, reading)
        del image  # The next may be as large.
        yield fitted


def _note_size(image: np.ndarray, resolution: int, notes: Notes, reading: Reading) -> None:
    height, width = image.shape[:2]
    if height != width:
        notes.count(f"not square: {NOT_SQUARE[reading.fit]}")
    side = max(height, width) if reading.fit == "pad" else min(height, width)
    if side < resolution:
        notes.count(f"smaller than {resolution}x{resolution}: enlarged")


def _gray_if_gray(image: np.ndarray) -> np.ndarray:
    rows = max(1, BAND // max(1, image.shape[1]))
    bands = (image[top : top + rows] for top in range(0, len(image), rows))
    if image.shape[2] == 3 and all((band == band[:, :, :1]).all() for band in bands):
        return image[:, :, :1]
    return image


def _crop(image: np.ndarray, resolution: int, reading: Reading) -> np.ndarray:
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return _resized(image[top : top + side, left : left + side], resolution, resolution)


def _pad(image: np.ndarray, resolution: int, reading: Reading) -> np.ndarray:
    long = max(image.shape[:2])
    # Made smaller before there are bars: those of a thin image would be huge.
    height, width = (
        min(resolution, max(1, round(side * resolution / long))) for side in image.shape[:2]
    )
    inner = _resized(image, height, width)
    if height == width:
        return inner
    ground = np.array(reading.ground, np.uint8)
    colour = len(set(reading.ground)) > 1 or inner.shape[2] == 3
    result = np.empty((resolution, resolution, 3 if colour else 1), np.uint8)
    result[...] = ground[: result.shape[2]]
    top, left = (resolution - height) // 2, (resolution - width) // 2
    result[top : top + height, left : left + width] = inner
    return result


def _stretch(image: np.ndarray, resolution: int, reading: Reading) -> np.ndarray:
    return _resized(image, resolution, resolution)


FITS = {"crop": _crop, "pad": _pad, "stretch": _stretch}
NOT_SQUARE = {
    "crop": "centre-cropped (--fit pad or --fit stretch keeps all of it)",
    "pad": "padded to a square",
    "stretch": "stretched to a square",
}


def _resized(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """The image at another size: uint8 [height, width, C]."""
    if image.shape[0] % height == 0 and image.shape[1] % width == 0:
        return _box_mean(image, height, width)
    rows = ceil(BAND / max(1, image.shape[1]))
    if len(image) > rows:
        # Row by row, as Pillow's first pass goes over the whole image, to the same bits.
        bands = [
            _lanczos(image[top : top + rows], len(image[top : top + rows]), width)
            for top in range(0, len(image), rows)
        ]
        image = np.concatenate(bands)
    return _lanczos(image, height, width)


def _box_mean(image: np.ndarray, height: int, width: int) -> np.ndarray:
    down, right, channels = (
        image.shape[0] // height,
        image.shape[1] // width,
        image.shape[2],
    )
    boxes = image.reshape(height, down, width, right, channels)
    area = down * right
    total = boxes.sum(axis=(1, 3), dtype=np.uint32 if area < 2**24 else np.uint64)
    return ((total + area // 2) // area).astype(np.uint8)


def _lanczos(image: np.ndarray, height: int, width: int) -> np.ndarray:
    channels = image.shape[2]
    picture = Image.fromarray(np.ascontiguousarray(image[:, :, 0] if channels == 1 else image))
    resized = picture.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(resized).reshape(height, width, channels)

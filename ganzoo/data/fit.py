"""Decoded images of mixed sizes, made square and of one size."""

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
from PIL import Image

from ganzoo.errors import InputError


def fit(
    images: Iterable[np.ndarray], resolution: int, notes: Counter[str] | None = None
) -> np.ndarray:
    """Fit images into one array.

    Each is cropped to its central square, then made smaller by the mean of k x k
    boxes where the sides are whole multiples, by antialiased Lanczos otherwise:
    Pillow's box filter gives pixels on an edge all or nothing, so at other factors
    some of them count twice. An image of the right size passes bit for bit.

    Args:
        images: uint8 arrays [H, W, C], C = 1 or 3, any sizes; read one at a time.
        resolution: Height and width R of the result, in pixels.
        notes: Counts what was unusual, by a phrase that completes "the image was ...".

    Returns:
        uint8 array [N, R, R, C]. C is 1 if all images are gray (an RGB image whose
        channels are equal everywhere is gray), else 3 for all.

    Raises:
        InputError: If `resolution` is not positive or there are no images.
    """
    notes = Counter() if notes is None else notes
    fitted = list(fit_each(images, resolution, notes))
    if not fitted:
        raise InputError("There are no images to fit.")
    channels = max(image.shape[2] for image in fitted)
    result = np.empty((len(fitted), resolution, resolution, channels), np.uint8)
    for place, image in zip(result, fitted, strict=True):
        place[...] = image  # one gray channel is repeated among colours
    return result


def fit_each(
    images: Iterable[np.ndarray], resolution: int, notes: Counter[str]
) -> Iterator[np.ndarray]:
    """The images as `fit` makes them, uint8 [R, R, C] each with a C of its own."""
    check_resolution(resolution)
    return (_fit_one(image, resolution, notes) for image in images)


def check_resolution(resolution: int) -> None:
    """Refuse a resolution below 1 with an `InputError`."""
    if resolution < 1:
        raise InputError(f"The resolution must be 1 pixel or more, not {resolution}.")


def sentences(notes: Counter[str], total: int) -> Iterator[str]:
    """The notes as lines such as `"37 of 120 images were not square: centre-cropped"`."""
    for phrase, count in sorted(notes.items()):
        yield f"{count} of {total} images {'was' if count == 1 else 'were'} {phrase}"


def _fit_one(image: np.ndarray, resolution: int, notes: Counter[str]) -> np.ndarray:
    height, width = image.shape[:2]
    if height != width:
        notes["not square: centre-cropped"] += 1
    if min(height, width) < resolution:
        notes[f"smaller than {resolution}x{resolution}: enlarged"] += 1
    return _resized(_square(_gray_if_gray(image)), resolution)


def _gray_if_gray(image: np.ndarray) -> np.ndarray:
    if image.shape[2] == 3 and (image == image[:, :, :1]).all():
        return image[:, :, :1]
    return image


def _square(image: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return image[top : top + side, left : left + side]


def _resized(image: np.ndarray, resolution: int) -> np.ndarray:
    side, channels = image.shape[1:]
    if side % resolution == 0:
        factor = side // resolution
        boxes = image.reshape(resolution, factor, resolution, factor, channels)
        area = factor * factor
        total = boxes.sum(axis=(1, 3), dtype=np.uint32)
        return ((total + area // 2) // area).astype(np.uint8)
    picture = Image.fromarray(np.ascontiguousarray(image[:, :, 0] if channels == 1 else image))
    resized = picture.resize((resolution, resolution), Image.Resampling.LANCZOS)
    return np.asarray(resized).reshape(resolution, resolution, channels)

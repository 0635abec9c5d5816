"""Images of any size, at the size that a network was fitted to."""

from collections.abc import Iterator

import numpy as np

from ganzoo.data.fit import fit
from ganzoo.data.points import are_points
from ganzoo.errors import InputError


def resize(images: np.ndarray, resolution: int, channels: int) -> np.ndarray:
    """Images at `resolution`, by means that add no detail and take none away.

    Smaller ones whose size divides `resolution` have their pixels repeated; larger
    ones are averaged over boxes where the sides are multiples. Other sizes go through
    `ganzoo.data.fit`. One gray channel is repeated among colours.

    Args:
        images: uint8 [N, H, W, C], C = 1 or 3, H = W.
        resolution: Height and width wanted.
        channels: 1 or 3.

    Returns:
        uint8 [N, resolution, resolution, channels].

    Raises:
        InputError: If `images` are not such an array, or are in colour where the set
            is gray.
    """
    images = in_channels_of(images, channels)
    side = images.shape[1]
    if resolution % side == 0:
        factor = resolution // side
        images = images.repeat(factor, axis=1).repeat(factor, axis=2)
    else:
        images = fit(images, resolution)
    return np.broadcast_to(images, (*images.shape[:3], channels))


def in_channels_of(images: np.ndarray, channels: int) -> np.ndarray:
    """Images of a set in gray or in colour.

    Gray images are left as they are; RGB images whose channels are equal everywhere are gray.

    Args:
        images: uint8 [N, S, S, C], C = 1 or 3.
        channels: Of the set, 1 or 3.

    Returns:
        uint8 [N, S, S, C], C = 1 or `channels`.

    Raises:
        InputError: If `images` are not such an array, or are in colour where the set is gray.
    """
    if are_points(images) and channels == images.shape[3]:
        return images
    check_images(images)
    if images.shape[3] in (1, channels):
        return images
    if (images == images[..., :1]).all():
        return images[..., :1]
    raise InputError(
        f"The images have {images.shape[3]} channels and the data set has {channels}. "
        "Give gray images, or measure them against a set in colour."
    )


def network_batches(
    images: np.ndarray, resolution: int, channels: int, size: int
) -> Iterator[tuple[np.ndarray, int]]:
    """Images for a network, `size` at a time: memory is bounded, nothing compiled twice.

    Yields:
        float32 [size, resolution, resolution, channels], values 0 to 255, and how many of
        them are images; the rest is 0.

    Raises:
        InputError: As `resize`, also where there are no images.
    """
    for start in range(0, max(len(images), 1), size):
        part = resize(images[start : start + size], resolution, channels)
        padded = np.zeros((size, *part.shape[1:]), np.float32)
        padded[: len(part)] = part
        yield padded, len(part)


def check_images(images: np.ndarray) -> None:
    """Refuse with an `InputError` what is not uint8 [N, S, S, 1 or 3] with N >= 1."""
    square = images.ndim == 4 and images.shape[1] == images.shape[2]
    if images.dtype != np.uint8 or not square or images.shape[3] not in (1, 3):
        raise InputError(
            f"Images are {images.dtype} {list(images.shape)}; uint8 [N, S, S, C] with C = 1 "
            "or 3 is needed. Values from -1 to 1 become bytes with np.rint((x + 1) * 127.5)."
        )
    if not images.size:
        raise InputError(f"There are no images in an array {list(images.shape)}. Give some.")

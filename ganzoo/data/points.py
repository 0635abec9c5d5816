"""Sets of points in the plane, drawn from round Gaussians, which train in a minute or two.

A point is an image of one pixel with two channels, x and y, so that everything that trains and
measures images takes it: uint8 [N, 1, 1, 2], 0 to 255 for -1 to 1. A class is a Gaussian, which
is a mode of the set.
"""

from collections.abc import Sequence

import numpy as np

from ganzoo.data.image_file import ImageFile
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError

CHANNELS = 2
MIDDLE = 127.5


def are_points(images: np.ndarray | ImageFile) -> bool:
    """Whether images [N, H, W, C] are points."""
    return images.shape[1:] == (1, 1, CHANNELS)


def gaussians(
    name: str,
    centres: Sequence[tuple[float, float]],
    deviation: float,
    half_width: float,
    resolution: int,
    counts: tuple[int, int],
) -> ImageSet:
    """A set of points around `centres`.

    Args:
        name: The set's name.
        centres: Of the Gaussians, x and y.
        deviation: Standard deviation of each along each axis.
        half_width: The square of points that bytes can say ends at this x and y.
        resolution: What was asked for; points have 1 pixel alone.
        counts: Points to train with and held-out ones, of each class.

    Raises:
        ganzoo.errors.InputError: If another resolution is asked for.
    """
    if resolution != 1:
        raise InputError(
            f"{name} holds points, which are images of 1 pixel, not {resolution}. Use a "
            "schedule of 1 pixel, and networks of dense layers: --schedule 1:2000 --arch "
            "mlp:width=128,latent_size=64"
        )
    names = tuple(f"{x:g},{y:g}" for x, y in np.round(centres, 2) + 0.0)
    training, held_out = (
        _drawn(centres, deviation, half_width, count, split)
        for split, count in enumerate(counts)
    )
    return ImageSet(name, *training, names, ImageSet(name, *held_out, names))


def _drawn(
    centres: Sequence[tuple[float, float]],
    deviation: float,
    half_width: float,
    count: int,
    split: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Points and classes, each class in its turn."""
    labels = np.tile(np.arange(len(centres), dtype=np.int32), count)
    random = np.random.Generator(np.random.Philox(key=split))
    noise = random.standard_normal((len(labels), 2))
    places = np.asarray(centres)[labels] + deviation * noise
    pixels = np.rint(MIDDLE * (1 + places / half_width))
    return np.clip(pixels, 0, 255).astype(np.uint8).reshape(-1, 1, 1, CHANNELS), labels

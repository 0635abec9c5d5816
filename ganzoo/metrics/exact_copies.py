"""Images that are training images pixel for pixel, also moved by a few pixels or mirrored.

Two images are taken as equal if two sums of their pixels, with random whole weights, are. The
sums are below 2^53 and so exact in float64 in any order, and all moves of an image are one
product of matrices. Of a training image the middle counts, so that what a move brings in at the
edges does not.
"""

from functools import lru_cache

import numpy as np

from ganzoo import seeds
from ganzoo.data.fit import fit
from ganzoo.metrics.resize import resize

MOST = 3  # Pixels that an image is moved by, but no more than a sixteenth of its side.
AT_ONCE = 2**22  # Values in float64 at a time: 32 MiB.
SUMS = 2
LARGEST = 2**19  # Of the weights: times 255, times 2^26 pixels, is below 2^53.
MIXED = np.int64(0x9E3779B97F4A7C15 - 2**64)  # Odd, so that no two sums fall together.


def middles(images: np.ndarray, resolution: int, channels: int) -> np.ndarray:
    """A number int64 [N] for the middle of each image.

    Args:
        images: uint8 [N, S, S, C].
        resolution: Height and width that the images are brought to.
        channels: 1 or 3.
    """
    margin = _margin(resolution)
    weights = _at(margin, margin, resolution, channels)
    return _numbers(images, weights[:, :, None], resolution, channels)[:, 0]


def is_among(
    images: np.ndarray, known: np.ndarray, resolution: int, channels: int
) -> np.ndarray:
    """Whether each image has the middle of a known one: anywhere near, or in its mirror image.

    Args:
        images: uint8 [N, S, S, C].
        known: `middles` of other images at the same resolution.
        resolution: As in `middles`.
        channels: As in `middles`.

    Returns:
        bool [N].
    """
    moves = range(2 * _margin(resolution) + 1)
    found = np.zeros(len(images), bool)
    for down in moves:
        weights = np.stack([_at(down, r, resolution, channels) for r in moves], axis=2)
        upright = weights.reshape(resolution, resolution, channels, -1)
        mirrored = upright[:, ::-1].reshape(weights.shape)
        for side in (weights, mirrored):
            numbers = _numbers(images, side, resolution, channels)
            found |= np.isin(numbers, known).any(axis=1)
    return found


def _margin(resolution: int) -> int:
    return min(MOST, resolution // 16)


@lru_cache
def _weights(side: int, channels: int) -> np.ndarray:
    rng = seeds.rng(0, "exact copies")
    return rng.integers(1, LARGEST, (side, side, channels, SUMS)).astype(float)


def _at(down: int, right: int, resolution: int, channels: int) -> np.ndarray:
    """Weights [pixels, SUMS] of a middle whose corner is at a place."""
    side = resolution - 2 * _margin(resolution)
    full = np.zeros((resolution, resolution, channels, SUMS))
    full[down : down + side, right : right + side] = _weights(side, channels)
    return full.reshape(-1, SUMS)


def _numbers(
    images: np.ndarray, weights: np.ndarray, resolution: int, channels: int
) -> np.ndarray:
    """Numbers int64 [N, M] of images, of M sets of weights [pixels, SUMS, M]."""
    places = weights.shape[2]
    flat = weights.reshape(len(weights), -1)
    parts = [np.zeros((0, places), np.int64)]
    step = max(1, AT_ONCE // len(weights))
    for start in range(0, len(images), step):
        part = images[start : start + step]
        if part.shape[1] > resolution:
            part = fit(part, resolution)
        pixels = resize(part, resolution, channels).reshape(len(part), -1)
        sums = (pixels.astype(float) @ flat).astype(np.int64).reshape(-1, SUMS, places)
        parts.append(sums[:, 0] * MIXED + sums[:, 1])
    return np.concatenate(parts)

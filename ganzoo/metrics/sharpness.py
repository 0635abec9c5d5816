"""How sharp a sample is, against real images: 1 as sharp, below it blurred, above it noisy.

The mean squared step from a pixel to the next, by the variance of pixels: by Parseval's
theorem this is the mean squared spatial frequency, weighted by power. Neither contrast
nor the amount of ink changes it; blur lowers it and speckle raises it.
"""

import numpy as np

from ganzoo.data.fit import fit

AT_ONCE = 500  # Images in float32 at a time.


def energies(images: np.ndarray, resolution: int) -> np.ndarray:
    """Mean squared step from pixel to pixel, and variance of pixels, of each image.

    Args:
        images: uint8 [N, S, S, C].
        resolution: Height and width at which they are looked at.

    Returns:
        Float64 [N, 2]; 0 for images of one pixel.
    """
    if resolution == 1:
        return np.zeros((len(images), 2))
    if images.shape[1] != resolution:
        images = fit(images, resolution)
    found = [np.zeros((0, 2))]
    for start in range(0, len(images), AT_ONCE):
        x = images[start : start + AT_ONCE].astype(np.float32)
        down, right = (np.square(np.diff(x, axis=axis)) for axis in (1, 2))
        steps = sum(step.mean(axis=(1, 2, 3), dtype=float) for step in (down, right))
        found.append(np.stack([steps, x.var(axis=(1, 2), dtype=float).mean(axis=1)], axis=1))
    return np.concatenate(found)


def ratio(found: np.ndarray) -> float:
    """Steepness, see `steepness`, of the images whose `energies` are given, [N, 2]."""
    steps, variance = found.sum(axis=0)
    return float(steps / variance) if variance else 0.0


def steepness(images: np.ndarray) -> float:
    """Mean squared difference of neighbouring pixels over pixel variance.

    Args:
        images: uint8 [N, S, S, C].

    Returns:
        Float64, 0 or more; 4 for independent pixels (two differences, each of variance 2),
        0 for images without any contrast.
    """
    return ratio(energies(images, images.shape[1]))


def sharpness(images: np.ndarray, real: np.ndarray) -> float:
    """Steepness of images by that of real ones, at the smaller of the two sizes.

    Smaller images, such as those of an early stage, are compared with box means of real
    ones, so that their coarse pixels count neither as edges nor as blur.
    """
    size = min(images.shape[1], real.shape[1])
    return ratio(energies(images, size)) / max(ratio(energies(real, size)), 1e-12)

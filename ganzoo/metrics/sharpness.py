"""How sharp a sample is, against real images: 1 as sharp, below it blurred, above it noisy.

The mean squared step from a pixel to the next, by the variance of pixels: by Parseval's
theorem this is the mean squared spatial frequency, weighted by power. Neither contrast
nor the amount of ink changes it; blur lowers it and speckle raises it.
"""

import numpy as np

from ganzoo.data.fit import fit


def steepness(images: np.ndarray) -> float:
    """Mean squared difference of neighbouring pixels over pixel variance.

    Args:
        images: uint8 [N, H, W, C].

    Returns:
        Float64, 0 or more; 4 for independent pixels (two differences, each of variance 2),
        0 for images without any contrast.
    """
    energy = variance = 0.0
    for start in range(0, len(images), 500):
        x = images[start : start + 500].astype(np.float32)
        energy += len(x) * float(np.square(np.diff(x, axis=1)).mean(dtype=float))
        energy += len(x) * float(np.square(np.diff(x, axis=2)).mean(dtype=float))
        variance += float(x.var(axis=(1, 2), dtype=float).mean(axis=1).sum())
    return energy / variance if variance else 0.0


def sharpness(images: np.ndarray, real: np.ndarray) -> float:
    """Steepness of images by that of real ones, at the smaller of the two sizes.

    Smaller images, such as those of an early stage, are compared with box means of real
    ones, so that their coarse pixels count neither as edges nor as blur.
    """
    if real.shape[1] > images.shape[1]:
        real = fit(real, images.shape[1])
    elif real.shape[1] < images.shape[1]:
        images = fit(images, real.shape[1])
    return steepness(images) / max(steepness(real), 1e-12)

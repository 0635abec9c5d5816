"""Noise for images of any size, while networks grow too."""

from typing import Any

import keras
from keras import ops

from ganzoo.growth import Fade
from ganzoo.models.generative_model import box_mean, upsample

UNIT_SIDE = 28  # Pixels at which noise has a deviation of 1.


def fade_of(network: keras.Model) -> Fade | None:
    """The fade inside a network that grows."""
    return next((layer for layer in network.layers if isinstance(layer, Fade)), None)


def sized(noise: Any, fade: Fade | None) -> Any:
    """Noise of the size that fits the images, faded as they are.

    Its deviation is 1 at 28 px and doubles with the side, so that its 2 x 2 means are the noise
    of half the size: an image of either resolution is as hard to see at one time (Hoogeboom et
    al., arXiv:2301.11093, section 3.1; Esser et al., arXiv:2403.03206, section 5.3.2). While
    networks grow, noise is faded as real images are. So at alpha 0 noise, images, and what the
    denoiser says of both are those of the old resolution, upsampled.

    Args:
        noise: Standard normal, [N, H, W, C].
        fade: The fade inside the denoiser, or `None`.
    """
    noise = noise * (noise.shape[1] / UNIT_SIDE)
    return noise if fade is None else fade(upsample(box_mean(noise, 2)), noise)


def deviation(side: int, fade: Fade | None) -> Any:
    """The standard deviation of `sized` noise in a pixel."""
    full = side / UNIT_SIDE
    if fade is None:
        return full
    # Of the means a quarter of the variance, which is also their covariance with the pixels.
    return full * ops.sqrt((1 + 3 * ops.square(fade.alpha)) / 4)

"""Images without their details: what two images share if they are alike from afar."""

import functools
from typing import Any

import numpy as np
from keras import ops

SHARE_OF_SIDE = 1 / 16  # The Gaussian's standard deviation.


def smoothed(images: Any) -> Any:
    """Images under a Gaussian blur of a sixteenth of their side.

    Weights outside of an image are shared out among those inside.

    Args:
        images: Float [N, H, W, C], any H and W that are known.

    Returns:
        Float32 [N, H, W, C].
    """
    x = ops.cast(images, "float32")
    x = ops.einsum("hi,nijc->nhjc", _blur(x.shape[1]), x)
    return ops.einsum("wj,nhjc->nhwc", _blur(x.shape[2]), x)


@functools.lru_cache
def _blur(side: int) -> np.ndarray:
    """What a column of `side` pixels is multiplied with, float32 [side, side]."""
    places = np.arange(side) / (side * SHARE_OF_SIDE)
    weights = np.exp(-0.5 * np.square(places[:, None] - places))
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)

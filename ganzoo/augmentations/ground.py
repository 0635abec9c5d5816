"""The colour of the ground behind what an image shows."""

from typing import Any

from keras import ops


def ground(images: Any) -> Any:
    """The median of each image's edge pixels, [N, 1, 1, C], without a gradient.

    What comes in at an edge has this colour: black around a letter on black, where the zero
    that papers fill in would be a grey bar in images in [-1, 1].

    Args:
        images: [N, H, W, C].
    """
    edges = [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]]
    ordered = ops.sort(ops.stop_gradient(ops.concatenate(edges, axis=1)), axis=1)
    return ordered[:, ordered.shape[1] // 2][:, None, None]

"""Images moved, scaled and turned, by products of matrices: with a gradient, on every backend
and device the same each time, as sums of scattered gradients on a GPU are not.
"""

from typing import Any

from keras import ops

from ganzoo.augmentations.ground import ground


def moved(images: Any, down: Any, right: Any) -> Any:
    """Images [N, H, W, C] moved by whole pixels; the ground comes in.

    Args:
        images: The images.
        down: Pixels, whole numbers as float32 [N, 1, 1, 1].
        right: The same to the right.
    """
    behind = ground(images)
    rows, columns = (_places(images.shape[axis]) for axis in (1, 2))
    # Each row of a matrix holds one 1, or none where the ground comes in.
    of_rows = _near(rows[None, :, None] - down[:, 0], rows)
    of_columns = _near(columns[None, :, None] - right[:, 0], columns)
    found = _of_columns(of_columns[:, None], _of_rows(of_rows[:, None], images - behind))
    return found + behind


def mapped(images: Any, matrix: Any, offset: Any) -> Any:
    """Images [N, H, W, C] seen through an affine map from output to input; the ground around.

    Sampled bilinearly in two passes, first along columns and then along rows (Catmull and
    Smith 1980), which suits maps that turn by less than 45 degrees or so.

    Args:
        images: The images.
        matrix: ((a, b), (d, e)): the output's (x, y) shows the input's
            (a x + b y + c, d x + e y + f), counted from the middle; each [N, 1, 1, 1].
        offset: (c, f) in pixels.
    """
    (a, b), (d, e) = matrix
    c, f = offset
    behind = ground(images)
    height, width = images.shape[1:3]
    y, x = (_places(side) - (side - 1) / 2 for side in (height, width))
    y, x = y[None, :, None, None], x[None, None, :, None]
    # In the first pass x is the input's: the output's is solved for.
    rows = d * (x - b * y - c) / a + e * y + f + (height - 1) / 2
    columns = a * x + b * y + c + (width - 1) / 2
    by_column = ops.transpose(_near(rows, _places(height)), (0, 2, 1, 3))
    found = ops.transpose(images - behind, (0, 2, 1, 3))
    found = ops.transpose(ops.matmul(by_column, found), (0, 2, 1, 3))
    return ops.matmul(_near(columns, _places(width)), found) + behind


def _places(side: int) -> Any:
    return ops.arange(side, dtype="float32")


def _near(wanted: Any, places: Any) -> Any:
    """Bilinear weights of `places`, [..., 1] and [M] to [..., M]; 0 outside of the image."""
    return ops.relu(1.0 - ops.abs(wanted - places))


def _of_rows(weights: Any, images: Any) -> Any:
    """Weights [N, 1, H, H] on rows of images [N, H, W, C]."""
    found = ops.matmul(weights, ops.transpose(images, (0, 2, 1, 3)))
    return ops.transpose(found, (0, 2, 1, 3))


def _of_columns(weights: Any, images: Any) -> Any:
    """Weights [N, 1, W, W] on columns of images [N, H, W, C]."""
    return ops.matmul(weights, images)

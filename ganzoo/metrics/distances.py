"""Distances between rows, in blocks, so that thousands of images fit in memory."""

from collections.abc import Iterator

import numpy as np

BLOCK = 512  # Rows at a time: 512 x 20,000 distances are 80 MB.


def squared(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Squared Euclidean distances [N, M] of rows [N, F] and [M, F], never below 0."""
    product = x @ y.T
    product *= -2.0
    product += (x * x).sum(axis=1)[:, None]
    product += (y * y).sum(axis=1)
    return np.maximum(product, 0.0, out=product)


def blocks(x: np.ndarray, y: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Rows of `squared(x, y)`, some at a time, and which ones they are."""
    for start in range(0, len(x), BLOCK):
        rows = slice(start, min(start + BLOCK, len(x)))
        yield rows, squared(x[rows], y)


def nearest(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Distance [N] of each row of `x` to the nearest row of `y`."""
    return nearest_row(x, y)[0]


def nearest_row(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distance [N] of each row of `x` to the nearest row of `y`, and which row [N] that is."""
    return _nearest(blocks(x, y))


def nearest_other(x: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As `nearest_row`, of the rows `x[places]` among all others of `x`."""
    return _nearest(_without_itself(x, places))


def _without_itself(x: np.ndarray, places: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    for rows, block in blocks(x[places], x):
        block[np.arange(len(block)), places[rows]] = np.inf
        yield rows, block


def _nearest(
    found: Iterator[tuple[slice, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray]:
    squares, places = [], []
    for _, block in found:
        place = block.argmin(axis=1)
        places.append(place)
        squares.append(block[np.arange(len(block)), place])
    return np.sqrt(np.concatenate(squares)), np.concatenate(places)


def kth_neighbour(x: np.ndarray, k: int) -> np.ndarray:
    """Distance [N] of each row to its k-th nearest other row; copies count, too."""
    found = np.empty(len(x))
    for rows, block in blocks(x, x):
        block[np.arange(len(block)), np.arange(rows.start, rows.stop)] = np.inf
        found[rows] = np.partition(block, k - 1, axis=1)[:, k - 1]
    return np.sqrt(found)

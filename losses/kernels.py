"""Distances, kernels and means over pairs, which the losses on a batch's features share.

Features are logits [N, ...], of which each sample's numbers are one vector. Differences are
taken element by element: products of matrices would cancel where two samples are close.
"""

from collections.abc import Callable
from typing import Any

from keras import ops


def vectors(logits: Any) -> Any:
    """[N, ...] to [N, E]."""
    return ops.reshape(logits, (-1, _size(logits)))


def _size(logits):
    size = 1
    for side in logits.shape[1:]:
        size *= side
    return size


def squared_distances(one: Any, other: Any) -> Any:
    """|x_i - y_j|^2 of all pairs: [N, E] and [M, E] to [N, M]."""
    return ops.sum(ops.square(one[:, None] - other[None]), axis=-1)


def distances(one: Any, other: Any) -> Any:
    """|x_i - y_j| of all pairs: [N, E] and [M, E] to [N, M]."""
    return root(squared_distances(one, other))


def lengths(one: Any) -> Any:
    """|x_i|: [N, E] to [N]."""
    return root(ops.sum(ops.square(one), axis=-1))


def root(squares: Any) -> Any:
    """The square root, with a gradient of 0 at 0."""
    nonzero = squares > 0
    return ops.where(nonzero, ops.sqrt(ops.where(nonzero, squares, 1.0)), 0.0)


def products(one: Any, other: Any) -> Any:
    """<x_i, y_j> of all pairs: [N, E] and [M, E] to [N, M]."""
    return ops.sum(one[:, None] * other[None], axis=-1)


def without_self(pairs: Any) -> Any:
    """Row means [N] of [N, N] over the other samples: the diagonal counts for nothing.

    The mean of them is the unbiased one over pairs. Of a batch of 1 it is 0.
    """
    n = ops.shape(pairs)[0]
    off_diagonal = pairs * (1.0 - ops.eye(n, dtype=pairs.dtype))
    others = ops.maximum(ops.cast(n, pairs.dtype) - 1.0, 1.0)
    return ops.sum(off_diagonal, axis=1) / others


def mmd(kernel: Callable[[Any, Any], Any], real: Any, fake: Any) -> Any:
    """The unbiased squared MMD of two batches [N, E]; it may be below 0.

    Gretton et al., Journal of Machine Learning Research 13 (2012), lemma 6.
    """
    within = ops.mean(without_self(kernel(real, real))) + ops.mean(
        without_self(kernel(fake, fake))
    )
    return within - 2.0 * ops.mean(kernel(real, fake))


def rational_quadratic(one: Any, other: Any) -> Any:
    """The sum over a of (1 + |x - y|^2 / (2 a))^-a, plus <x, y>: [N, M].

    Binkowski et al., arXiv:1801.01401, their k_rq*, with a = 0.2, 0.5, 1, 2 and 5.
    """
    squares = squared_distances(one, other)
    kernel = products(one, other)
    for a in (0.2, 0.5, 1.0, 2.0, 5.0):
        kernel = kernel + ops.exp(-a * ops.log1p(squares / (2 * a)))
    return kernel


def gaussian(squares: Any, sigma: float = 1.0) -> Any:
    """exp(-d^2 / (2 sigma^2)) of squared distances, shape as they."""
    return ops.exp(-squares / (2 * sigma**2))

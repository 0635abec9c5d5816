"""Batches through a network in one pass, each as if it were alone.

A step of small networks is many small operations, and one pass of two batches can take less
time than two passes (`backend.scores_jointly`). Samples of the batches alternate, so that
devices which share a batch by rows keep theirs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import keras
from keras import layers, ops

_count: ContextVar[int] = ContextVar("batches in one pass", default=1)

# Keras's layers that treat each sample by itself, whatever their options.
EACH_ALONE = (
    layers.Activation,
    layers.Add,
    layers.AveragePooling2D,
    layers.Concatenate,
    layers.Conv2D,
    layers.Conv2DTranspose,
    layers.Dense,
    layers.DepthwiseConv2D,
    layers.Flatten,
    layers.GlobalAveragePooling2D,
    layers.GlobalMaxPooling2D,
    layers.GroupNormalization,
    layers.InputLayer,
    layers.LayerNormalization,
    layers.LeakyReLU,
    layers.MaxPooling2D,
    layers.PReLU,
    layers.ReLU,
    layers.Rescaling,
    layers.Reshape,
    layers.SeparableConv2D,
    layers.UpSampling2D,
    layers.ZeroPadding2D,
)


def possible(network: keras.Model) -> bool:
    """Whether all that it is made of is known to treat each batch as if it were alone.

    A layer of yours, or a model with a `call` of its own, says so by an attribute
    `joint_batch = True`: because it treats each sample by itself, or because what it compares
    it takes from `by_batch`. Keras's operations outside of layers are not known.
    """
    return all(_known(layer) for layer in network._flatten_layers())


def _known(layer: layers.Layer) -> bool:
    if type(layer) in EACH_ALONE or getattr(layer, "joint_batch", False):
        return True
    # Keras's own models do what their parts do; those that are layers are looked at themselves.
    keras_s = isinstance(layer, keras.Model) and type(layer).__module__.startswith("keras.")
    parts = getattr(layer, "operations", ())
    return keras_s and all(isinstance(part, layers.Layer) for part in parts)


def join(*batches: Any) -> Any:
    """Batches [N, ...] to rows [N * count, ...] that alternate."""
    return ops.reshape(ops.stack(batches, axis=1), (-1, *batches[0].shape[1:]))


def split(rows: Any, count: int) -> list[Any]:
    """The batches of `join`."""
    apart = ops.reshape(rows, (-1, count, *rows.shape[1:]))
    return [apart[:, i] for i in range(count)]


@contextmanager
def joined(count: int) -> Iterator[None]:
    """Within, what networks are given is `count` batches, joined."""
    token = _count.set(count)
    try:
        yield
    finally:
        _count.reset(token)


def by_batch(rows: Any) -> Any:
    """What a layer that compares samples works on: [N * count, ...] to [N, count, ...]."""
    return ops.reshape(rows, (-1, _count.get(), *rows.shape[1:]))

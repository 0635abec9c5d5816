"""Where a latent enters a generator: its first layers, and its styles."""

from dataclasses import dataclass
from typing import Any

import keras

from ganzoo.architectures.modulated import Modulated
from ganzoo.errors import InputError
from ganzoo.networks import node_of


@dataclass(frozen=True)
class Entry:
    """A place where the code that a generator makes of a latent meets a kernel.

    Attributes:
        layer: The dense layer with the kernel.
        given: Symbolic tensor [N, W]: the code.
        made: What the layer makes of it.
        size: Pixels of the features that are scaled by it; 0 where it scales none.
    """

    layer: keras.layers.Layer
    given: Any
    made: Any
    size: int = 0


def styles(generator: keras.Model) -> list[Entry]:
    """The dense layers whose results scale features, from the smallest size to the largest."""
    found = []
    for layer in generator.layers:
        if isinstance(layer, Modulated):
            features, style = layer.input
            node = node_of(style)
            found.append(
                Entry(node.operation, node.input_tensors[0], style, int(features.shape[1]))
            )
    return sorted(found, key=lambda entry: entry.size)


def entries(generator: keras.Model) -> list[Entry]:
    """Where the code enters: at all styles, or at the first layer behind a mapping network.

    Raises:
        InputError: If no dense layer has the latent, or what a mapping network makes of it.
    """
    if found := styles(generator):
        return found
    for layer in generator.layers:
        if not isinstance(layer, keras.layers.Dense):
            continue
        given = layer.input
        # A layer of a mapping network keeps the length of the latent.
        if len(given.shape) == 2 and layer.units != given.shape[-1]:
            return [Entry(layer, given, layer.output)]
    raise InputError(
        f"The generator {generator.name!r} has no dense layer that a latent alone goes into."
    )

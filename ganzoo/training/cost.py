"""What networks and their training cost: weights and floating-point operations."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras
from keras import layers

from ganzoo.networks import node_of
from ganzoo.passes import Passes


@dataclass(frozen=True)
class LayerCost:
    """One layer of a network.

    Attributes:
        name: The layer's name.
        shape: Shape of its first output in the network, without the batch.
        parameters: Number of weights.
        flops: Floating-point operations of one image's forward pass; a multiply-add
            counts as two. Only dense layers and 2-D convolutions are counted, those of
            functional and sequential models inside too.
    """

    name: str
    shape: tuple[int, ...]
    parameters: int
    flops: int


def layer_costs(network: keras.Model) -> list[LayerCost]:
    """The layers of a functional model, in order; each as it is called first."""
    calls: dict[int, Any] = {}
    for node in _nodes(network):
        calls.setdefault(id(node.operation), node)
    return [
        LayerCost(
            name=layer.name,
            shape=tuple(calls[id(layer)].outputs[0].shape[1:]),
            parameters=layer.count_params(),
            flops=_flops(calls[id(layer)]),
        )
        for layer in network.layers
        if not isinstance(layer, layers.InputLayer)
    ]


@dataclass(frozen=True)
class NetworkCost:
    """Operations of one image in a network.

    Attributes:
        forward: Of a pass forward. The gradient by the input alone has the same number.
        backward: Of the gradient by the trainable weights.
    """

    forward: int
    backward: int

    @classmethod
    def of(cls, network: keras.Model) -> "NetworkCost":
        """The cost of a functional or sequential model."""
        forward = backward = 0
        for node, behind_weights in _calls(network, behind_weights=False):
            flops = _flops(node)
            forward += flops
            backward += flops * (bool(node.operation.trainable_weights) + behind_weights)
        return cls(forward, backward)

    def flops(self, passes: Passes) -> float:
        """Operations of these passes."""
        return passes.single * self.forward + passes.backward * self.backward


@dataclass(frozen=True)
class NetworkCosts:
    """What the networks of a model cost.

    Attributes:
        by_role: Operations of each network for one image.
        parameters: Weights of all.
        features: Numbers that their layers give for one image.
    """

    by_role: Mapping[str, NetworkCost]
    parameters: int
    features: int

    @classmethod
    def of(cls, networks: Mapping[str, keras.Model]) -> "NetworkCosts":
        """The costs of functional models, by role."""
        layers = [cost for network in networks.values() for cost in layer_costs(network)]
        return cls(
            by_role={role: NetworkCost.of(network) for role, network in networks.items()},
            parameters=sum(network.count_params() for network in networks.values()),
            features=sum(math.prod(cost.shape) for cost in layers),
        )

    def flops(self, passes: Mapping[str, Passes]) -> int:
        """Operations of these passes, by role, for one image.

        Products of matrices and convolutions are counted, as PyTorch's counter does; what is
        done element by element is not: activations, comparisons within a batch, optimizers,
        averages. What is done to weights once a batch is not either (spectral normalization).
        """
        return round(sum(self.by_role[role].flops(own) for role, own in passes.items()))


def _calls(network: keras.Model, behind_weights: bool) -> Iterator[tuple[Any, bool]]:
    """Nodes at which a model calls layers, and whether trainable weights lie before each.

    Args:
        network: A functional or sequential model. Models inside are entered.
        behind_weights: Whether trainable weights lie before its inputs.
    """
    learned: dict[int, bool] = {}
    for node in _nodes(network):
        behind = any(learned[id(tensor)] for tensor in node.input_tensors)
        layer = node.operation
        if isinstance(layer, layers.InputLayer):
            behind = behind_weights
        elif isinstance(layer, keras.Model) and hasattr(layer, "inputs"):
            yield from _calls(layer, behind)
        elif isinstance(layer, layers.Layer):
            yield node, behind
        behind = behind or bool(getattr(layer, "trainable_weights", ()))
        learned |= {id(tensor): behind for tensor in node.outputs}


def _nodes(network: keras.Model) -> list[Any]:
    """Keras's nodes between the inputs of a model and its outputs, inputs first."""
    found: dict[int, Any] = {}
    waiting = [(tensor, False) for tensor in network.outputs]
    while waiting:
        tensor, ready = waiting.pop()
        node = node_of(tensor)
        if id(node) in found:
            continue
        if ready or not node.input_tensors:
            found[id(node)] = node
        else:
            waiting.append((tensor, True))
            waiting += [(each, False) for each in node.input_tensors]
    return list(found.values())


def _flops(node: Any) -> int:
    """Operations of one call of a layer: one that serves several sizes has a node for each."""
    layer = node.operation
    if isinstance(layer, keras.Model) and hasattr(layer, "inputs"):
        return sum(_flops(inner) for inner in _nodes(layer))
    taken = [tensor.shape for tensor in node.input_tensors]
    given = node.outputs[0].shape
    if hasattr(layer, "flops"):
        return layer.flops(taken, given)
    if isinstance(layer, layers.Dense):
        return 2 * math.prod(layer.kernel.shape) * math.prod(given[1:-1])
    if isinstance(layer, layers.Conv2DTranspose):
        return 2 * math.prod(layer.kernel.shape) * math.prod(taken[0][1:3])
    if isinstance(layer, layers.SeparableConv2D):
        kernels = [layer.depthwise_kernel, layer.pointwise_kernel]
    elif isinstance(layer, (layers.Conv2D, layers.DepthwiseConv2D)):
        kernels = [layer.kernel]
    else:
        return 0
    return 2 * sum(math.prod(kernel.shape) for kernel in kernels) * math.prod(given[1:3])

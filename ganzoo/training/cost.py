"""What networks and their training cost: weights and floating-point operations."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras
from keras import layers

from ganzoo import joint_batch
from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.penalty import Penalty, due_together, one_sided
from ganzoo.models.gan import faster_joined
from ganzoo.passes import Passes


@dataclass(frozen=True)
class LayerCost:
    """One layer of a network.

    Attributes:
        name: The layer's name.
        shape: Shape of its output without the batch.
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
    """The layers of a functional model, in order."""
    return [
        LayerCost(
            name=layer.name,
            shape=tuple(layer.output.shape[1:]),
            parameters=layer.count_params(),
            flops=_flops(layer),
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
        for layer, behind_weights in _calls(network, behind_weights=False):
            flops = _flops(layer)
            forward += flops
            backward += flops * (bool(layer.trainable_weights) + behind_weights)
        return cls(forward, backward)

    def flops(self, passes: Passes) -> float:
        """Operations of these passes."""
        return passes.single * self.forward + passes.backward * self.backward


@dataclass(frozen=True)
class NetworkCosts:
    """What a generator and a discriminator cost.

    Attributes:
        generator: Operations of the generator for one image.
        discriminator: Operations of the discriminator for one image.
        parameters: Weights of both.
        features: Numbers that their layers give for one image.
        joins: Whether the discriminator can score two batches in one pass; see
            `ganzoo.joint_batch`.
    """

    generator: NetworkCost
    discriminator: NetworkCost
    parameters: int
    features: int
    joins: bool

    @classmethod
    def of(cls, generator: keras.Model, discriminator: keras.Model) -> "NetworkCosts":
        """The costs of two functional models, from latents to images and on to scores."""
        layers = (*layer_costs(generator), *layer_costs(discriminator))
        return cls(
            generator=NetworkCost.of(generator),
            discriminator=NetworkCost.of(discriminator),
            parameters=generator.count_params() + discriminator.count_params(),
            features=sum(math.prod(cost.shape) for cost in layers),
            joins=joint_batch.possible(discriminator),
        )


def _calls(
    network: keras.Model, behind_weights: bool
) -> Iterator[tuple[keras.layers.Layer, bool]]:
    """Layers of a model as they are called, and whether trainable weights lie before each.

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
            yield layer, behind
        behind = behind or bool(getattr(layer, "trainable_weights", ()))
        learned |= {id(tensor): behind for tensor in node.outputs}


def _nodes(network: keras.Model) -> list[Any]:
    """Keras's nodes between the inputs of a model and its outputs, inputs first."""
    found: dict[int, Any] = {}
    waiting = [(tensor, False) for tensor in network.outputs]
    while waiting:
        tensor, ready = waiting.pop()
        operation, index, _ = tensor._keras_history
        node = operation._inbound_nodes[index]
        if id(node) in found:
            continue
        if ready or not node.input_tensors:
            found[id(node)] = node
        else:
            waiting.append((tensor, True))
            waiting += [(each, False) for each in node.input_tensors]
    return list(found.values())


def _flops(layer: keras.layers.Layer) -> int:
    if hasattr(layer, "flops"):
        return layer.flops
    if isinstance(layer, keras.Model) and hasattr(layer, "inputs"):
        return sum(_flops(inner) for inner in layer.layers)
    if isinstance(layer, layers.Dense):
        return 2 * math.prod(layer.kernel.shape)
    if isinstance(layer, layers.Conv2DTranspose):
        return 2 * math.prod(layer.kernel.shape) * math.prod(layer.input.shape[1:3])
    if isinstance(layer, layers.SeparableConv2D):
        kernels = [layer.depthwise_kernel, layer.pointwise_kernel]
    elif isinstance(layer, (layers.Conv2D, layers.DepthwiseConv2D)):
        kernels = [layer.kernel]
    else:
        return 0
    weights = sum(math.prod(kernel.shape) for kernel in kernels)
    return 2 * weights * math.prod(layer.output.shape[1:3])


def training_flops(
    networks: NetworkCosts, loss: Loss, penalties: Sequence[Penalty], critic_steps: int
) -> int:
    """Operations of training for one real image shown, as the step on this backend does them.

    The discriminator's step makes a fake without a gradient, and scores a real image and the
    fake with one by its weights. The generator's step makes another fake and scores it: the
    gradient goes through the discriminator by its input, and on by the generator's weights.

    Products of matrices and convolutions are counted, as PyTorch's counter does; what is done
    element by element is not: activations, comparisons within a batch, optimizers, averages.
    What is done to weights once a batch is not either (spectral normalization).

    Args:
        networks: Costs of the two networks.
        loss: The loss, whose `relativistic` says whether the generator's step scores real
            images too.
        penalties: All penalties of a step, the loss's own among them.
        critic_steps: Discriminator updates for each generator update.
    """
    jointly = networks.joins and faster_joined(penalties)
    generator, discriminator = networks.generator, networks.discriminator
    own = Passes(single=2, backward=2)
    discriminator_step = generator.forward + discriminator.flops(
        own + penalty_passes(penalties, jointly, apart=loss.witness is not None)
    )
    scored = Passes(single=2)
    if loss.relativistic:
        # The gradient by the inputs of a joint pass is of the real images too.
        scored += Passes(single=2 if jointly else 1)
    generator_step = generator.flops(Passes(single=1, backward=1)) + discriminator.flops(scored)
    return round(discriminator_step + generator_step / critic_steps)


def penalty_passes(penalties: Sequence[Penalty], jointly: bool, apart: bool = False) -> Passes:
    """Passes of the discriminator that penalties take, on average over the steps.

    Args:
        penalties: Penalties of a step; `every` says how often each is due.
        jointly: Whether the loss scores real images and fakes in one pass.
        apart: Whether what penalties price are not the loss's scores.
    """
    total = Passes()
    known: set[str | None] = set()
    for every, due in due_together({str(i): p for i, p in enumerate(penalties)}).items():
        # Within a joint pass the gradient at one of two batches is not to be had alone.
        shared = not apart and (every == 1 or not (jointly and one_sided(due.values())))
        seen = set(known)
        for penalty in due.values():
            if penalty.at is None or penalty.at not in seen:  # A gradient is taken once.
                total += penalty.passes(shared) * (1 / every)
            seen.add(penalty.at)
        if every == 1:
            known = seen
    return total

"""What a network costs: parameters and floating-point operations of each layer."""

import math
from dataclasses import dataclass

import keras
from keras import layers


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
class NetworkCosts:
    """What a generator and a discriminator cost.

    Attributes:
        generator: Operations of one image's forward pass.
        discriminator: The same.
        parameters: Weights of both.
        features: Numbers that their layers give for one image.
    """

    generator: int
    discriminator: int
    parameters: int
    features: int

    @classmethod
    def of(cls, generator: keras.Model, discriminator: keras.Model) -> "NetworkCosts":
        """The costs of two functional models, from latents to images and on to scores."""
        g, d = layer_costs(generator), layer_costs(discriminator)
        return cls(
            generator=sum(cost.flops for cost in g),
            discriminator=sum(cost.flops for cost in d),
            parameters=generator.count_params() + discriminator.count_params(),
            features=sum(math.prod(cost.shape) for cost in (*g, *d)),
        )


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
    generator: int,
    discriminator: int,
    critic_steps: int,
    penalties: float,
    relativistic: bool = False,
) -> int:
    """Operations of training for one real image shown, an estimate.

    A backward pass counts as two forward ones. The discriminator's step makes fakes and
    scores reals and fakes, forward and backward; a penalty takes a forward pass, the gradient's
    backward pass, and back through both. (R1 and R2 have the first of them from the loss, so
    theirs is counted twice.) The generator's step goes through both networks.

    Args:
        generator: Operations of the generator's forward pass for one image.
        discriminator: The same of the discriminator.
        critic_steps: Discriminator updates for each generator update.
        penalties: Penalties of a step: one that is used every fourth step is 0.25.
        relativistic: Whether the generator's step scores the real images too.
    """
    g, d = generator, discriminator
    discriminator_step = g + 2 * 3 * d + round(penalties * 3 * 3 * d)
    generator_step = 3 * (g + d) + relativistic * d
    return discriminator_step + generator_step // critic_steps

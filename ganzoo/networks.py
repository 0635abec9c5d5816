"""Checks and copies of the networks that a model is given."""

import inspect
import warnings
from functools import cached_property
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo.architectures.reconstruction import Code
from ganzoo.conditions.layers import Embedding
from ganzoo.errors import InputError, first_line
from ganzoo.growth import Fade

BOUNDED = ("sigmoid", "hard_sigmoid", "softmax")  # Activations that end in [0, 1].


def asked_shape(network: keras.Model) -> tuple[int, ...] | None:
    """Shape of what a built network is asked for, of one image.

    `()` for a label, `(T,)` for a caption of T words; `None` where nothing can be asked.
    """
    return tuple(_shapes(network)[1][1:]) if takes_labels(network) else None


def class_count(generator: keras.Model) -> int:
    """Classes that can be asked of a built generator; 0 where none can be asked."""
    return _embedded(generator) if asked_shape(generator) == () else 0


def word_count(generator: keras.Model) -> int:
    """Words that a built generator knows; 0 where it is not asked in words."""
    return _embedded(generator) if asked_shape(generator) else 0


def _embedded(generator: keras.Model) -> int:
    layers = generator._flatten_layers()
    return max((layer.classes for layer in layers if isinstance(layer, Embedding)), default=0)


def latent_size(generator: keras.Model, labels: bool | None = False) -> int:
    """Length L of the latents [N, L] that the generator takes.

    Args:
        generator: A built network.
        labels: Whether it takes labels [N] as well; `None` for either.

    Raises:
        InputError: If the generator has not been built, or takes something else.
    """
    labels = takes_labels(generator) if labels is None else labels
    shape = _input_shape(generator, "generator", "latents [N, L]", labels)
    if len(shape) != 2 or shape[1] is None:
        raise InputError(
            f"The generator takes latents [N, L] of a known length. Received one of {shape}."
        )
    return shape[1]


def image_shape(
    discriminator: keras.Model, labels: bool = False
) -> tuple[int | None, int | None, int | None]:
    """Height, width and channels of the images that the discriminator takes.

    Args:
        discriminator: A built network.
        labels: Whether it takes labels [N] as well.

    Raises:
        InputError: If the discriminator has not been built, or takes something else.
    """
    shape = _input_shape(discriminator, "discriminator", "images [N, H, W, C]", labels)
    if len(shape) != 4:
        raise InputError(
            f"The discriminator takes images [N, H, W, C]. Received one of {shape}."
        )
    return shape[1], shape[2], shape[3]


def takes_labels(network: keras.Model) -> bool:
    """Whether a built network has a second input, of labels [N] or words [N, T]."""
    return len(_shapes(network)) == 2


def _shapes(network):
    """Shapes of a network's inputs; a shape that is none where it has other inputs."""
    try:
        shape = network.input_shape
    except (AttributeError, ValueError):  # A class of one's own, called on arrays alone.
        shape = (network.get_build_config() or {}).get("input_shape")
    several = isinstance(shape, list | tuple) and shape and isinstance(shape[0], list | tuple)
    return list(map(tuple, shape)) if several else [shape]


def _input_shape(network, player, wanted, labels):
    if not network.built:
        raise InputError(
            f"The {player} {network.name!r} has no weights yet. Call it once on {wanted}, or "
            "let it begin with a keras.Input."
        )
    shape, *others = _shapes(network)
    if labels and (len(others) != 1 or len(others[0]) not in (1, 2)):
        raise InputError(
            f"With a condition the {player} takes [{wanted}, labels [N]]. {network.name!r} was "
            f"built for {_brief(shape, others)}; give it both inputs, as an architecture with "
            "a condition does."
        )
    known = isinstance(shape, tuple) and all(n is None or isinstance(n, int) for n in shape)
    if not known or (others and not labels):
        hint = ", or the model a condition" if others else ""
        raise InputError(
            f"The {player} {network.name!r} takes {wanted} and nothing else. It was built for "
            f"{_brief(shape, others)}; give it one input, `call(self, inputs, "
            f"training=False)`{hint}."
        )
    return shape


def _brief(shape, others):
    return [shape, *others] if others else shape


def copy_network(network: keras.Model) -> keras.Model:
    """A network with the same layers and weights; it shares only the `Fade` with `network`.

    Raises:
        InputError: If a layer or the network cannot be made again from its config.
    """
    try:
        copy = _copy(network)
        copy.set_weights(network.get_weights())
    except Exception as error:  # Whatever a constructor of somebody's raises.
        raise InputError(
            f"The generator {network.name!r} cannot be copied for its average: "
            f"{first_line(error)} Give its class a `get_config` with the "
            "arguments of its constructor."
        ) from error
    return copy


def _copy(network):
    # Keras's own models, whose layers a function copies one by one. `operations` is theirs.
    if hasattr(network, "operations") or isinstance(network, keras.Sequential):
        return keras.models.clone_model(network, clone_function=_copy_layer)
    copy = _remade(network)
    asked = asked_shape(network)
    size = latent_size(network, labels=None)
    copy(generator_inputs(ops.zeros((1, size)), asked))
    if _has_no_config(network):  # Keras forgets the arguments of a constructor then.
        copy.set_weights(network.get_weights())
        inputs = generator_inputs(ops.linspace(-2.0, 2.0, size)[None], asked)
        one, other = (ops.convert_to_numpy(n(inputs, training=False)) for n in (network, copy))
        if not np.allclose(one, other, atol=1e-4):
            raise ValueError("A copy with the same weights gives other images.")
    return copy


def generator_inputs(latents: Any, asked: tuple[int, ...] | None) -> Any:
    """What a generator takes: latents [N, L], and the first class or word if it is asked.

    Args:
        latents: What it begins with.
        asked: Its `asked_shape`.
    """
    if asked is None:
        return latents
    return [latents, ops.zeros((*ops.shape(latents)[:1], *asked), "int32")]


def _has_no_config(network):
    return type(network).get_config is keras.Model.get_config


def _copy_layer(layer):
    return layer if isinstance(layer, Fade) else _remade(layer)


def _remade(layer):
    """A new one of the layer's class, from its config.

    Keras's config has a name and a dtype also where a constructor takes neither.
    """
    cls, config = layer.__class__, layer.get_config()
    if cls.from_config.__func__ in (
        keras.Model.from_config.__func__,
        keras.Layer.from_config.__func__,
    ):
        known = inspect.signature(cls.__init__).parameters
        if not any(p.kind is p.VAR_KEYWORD for p in known.values()):
            config = {key: value for key, value in config.items() if key in known}
    return cls.from_config(config)


class Features:
    """What the last layer with weights of a network is given, in training.

    Of a discriminator that is an autoencoder it is the code.

    Args:
        network: Functional or sequential.
    """

    def __init__(self, network: keras.Model):
        self.network = network

    @property
    def last(self) -> keras.layers.Layer:
        """The last layer with weights; `InputError` as `inside`."""
        return self._node.operation

    @cached_property
    def inside(self) -> keras.Model:
        """The network up to there.

        Raises:
            InputError: If the network is a class with a `call` of its own.
        """
        node = self._node
        return keras.Model(*map(alone, (self.network.inputs, node.input_tensors)))

    @cached_property
    def _node(self) -> Any:
        if not getattr(self.network, "outputs", None):
            raise InputError(
                f"The network {self.network.name!r} shows no layers inside. Build it of layers "
                "as a keras.Model(inputs, outputs) or a keras.Sequential."
            )
        marked = [layer for layer in self.network.layers if isinstance(layer, Code)]
        if marked:
            return node_of(marked[0].output)
        node = node_of(self.network.outputs[0])
        while not node.operation.weights:
            # Of several, as where a label's product is added, the score itself comes first.
            node = node_of(node.input_tensors[0])
        return node

    def __call__(self, inputs: Any) -> Any:
        """Of a network's inputs, float32 [N, F]."""
        found = ops.cast(self.inside(inputs, training=True), "float32")
        return ops.reshape(found, (ops.shape(found)[0], -1))


def node_of(tensor: Any) -> Any:
    """Keras's node at which a layer made this tensor; the layer has others elsewhere."""
    operation, index, _ = tensor._keras_history
    return operation._inbound_nodes[index]


def alone(tensors: list[Any]) -> Any:
    """A network's only input or output itself, several as a list."""
    return tensors if len(tensors) > 1 else tensors[0]


def warn_of_probabilities(discriminator: keras.Model) -> None:
    """Warn where a discriminator's last activation leaves no logits for the loss."""
    activation = _last_activation(discriminator)
    if activation in BOUNDED:
        warnings.warn(
            f"The discriminator {discriminator.name!r} ends in {activation!r}, and losses take "
            "logits: a second squashing leaves hardly a gradient. End it in a layer without an "
            "activation.",
            stacklevel=4,
        )


def _last_activation(network) -> str | None:
    """Name of the activation that gives the output, if a layer with one does."""
    layer = network
    while isinstance(layer, keras.Model):
        parts = [part for part in layer.layers if not _keeps_values(part)]
        if hasattr(layer, "operations") and not isinstance(layer, keras.Sequential):
            parts = [_before_reshapes(layer.outputs[0])]
        if not parts:
            return None
        layer = parts[-1]
    activation: Any = getattr(layer, "activation", None)
    if activation is None:  # `ops.sigmoid` in a functional model, or `layers.Softmax`.
        return type(layer).__name__.lower()
    return getattr(activation, "__name__", None)


def _before_reshapes(tensor):
    operation = tensor._keras_history.operation
    while _keeps_values(operation) and operation.input is not None:
        operation = operation.input._keras_history.operation
        if isinstance(operation, keras.layers.InputLayer):
            break
    return operation


def _keeps_values(operation) -> bool:
    return isinstance(
        operation, keras.layers.Flatten | keras.layers.Reshape | keras.layers.Permute
    )


def after_update(discriminator: keras.Model, constraint: Any) -> None:
    """What follows an update of a discriminator.

    Args:
        discriminator: Its layers that have a method `after_update` have it called.
        constraint: Of its trainable weights, or `None`.
    """
    for layer in discriminator._flatten_layers():
        if hasattr(layer, "after_update"):
            layer.after_update()
    if constraint is not None:
        for variable in discriminator.trainable_variables:
            variable.assign(constraint(variable))


def refuse_float16(**networks: keras.Model) -> None:
    """Raises `InputError` if a network computes in float16."""
    for player, network in networks.items():
        for layer in network._flatten_layers():
            if layer.compute_dtype == "float16" and not isinstance(layer, keras.Model):
                raise InputError(
                    f"The {player} computes in float16 (its layer {layer.name!r}), whose small "
                    "gradients become 0 without a scaled loss. Use "
                    'keras.mixed_precision.set_global_policy("mixed_bfloat16"), or float32.'
                )

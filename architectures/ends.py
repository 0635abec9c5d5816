"""What the network of a role takes and gives, checked as soon as it is built."""

from collections.abc import Mapping
from typing import Any

import keras

from ganzoo.errors import InputError

ANY = None  # A length that the architecture chooses.
TRANSLATORS = ("translator_ab", "translator_ba")


def check_network(
    network: Any,
    role: str,
    image: tuple[int, int, int],
    kept: Mapping[str, keras.layers.Layer],
    fade: keras.layers.Layer | None,
) -> None:
    """Raises `InputError` if a network is not what its role promises.

    Args:
        network: What the method of the role gave.
        role: The role; of one that is none of ganzoo's, shapes are not known.
        image: Height, width and channels of the images.
        kept: The layers that were made by `Architecture.keep`, by name.
        fade: The layer that is the stage's alone.
    """
    if not isinstance(network, keras.Model):
        raise InputError(f"Its {role} is a keras.Model. Received: {type(network).__name__}.")
    for layer in network.layers:
        if layer.variables and layer is not fade and kept.get(layer.name) is not layer:
            raise InputError(
                f"The layer {layer.name!r} of its {role} has weights and was not made by "
                "`keep`: they would be lost when it grows, and differ from run to run. Write "
                "self.keep(Layer, ..., name=..., kernel_initializer=self.initializer(...))."
            )
    if getattr(network, "inputs", None):  # A model with a `call` of its own shows its shapes
        _check_ends(network, role, image)  # when it is used.


def _check_ends(network: keras.Model, role: str, image: tuple[int, int, int]) -> None:
    for what, wanted, tensor in (
        ("takes", _taken(role, image), network.inputs[0]),
        ("gives", _given(role, image), network.outputs[0]),
    ):
        shape, dtype = tuple(tensor.shape), keras.backend.standardize_dtype(tensor.dtype)
        if dtype != "float32":
            raise InputError(
                f"Its {role} {what} {dtype}. Make the layer at that end with dtype='float32', "
                "whatever the precision of the others is."
            )
        if wanted is not None and not _fits(shape[1:], wanted):
            text = ", ".join(["N", *(str(length or "L") for length in wanted)])
            raise InputError(f"Its {role} {what} [{text}] here. Received: {shape}.")


def _taken(role: str, image: tuple[int, int, int]) -> tuple[int | None, ...] | None:
    height, width, channels = image
    shapes = {"generator": (ANY,), "discriminator_ab": (height, width, 2 * channels)}
    images = ("discriminator_a", "discriminator_b", "discriminator", "encoder", "denoiser")
    return (dict.fromkeys((*images, *TRANSLATORS), image) | shapes).get(role)


def _given(role: str, image: tuple[int, int, int]) -> tuple[int | None, ...] | None:
    # Of a discriminator logits of any shape: of patches, say.
    images = dict.fromkeys(("generator", "denoiser", *TRANSLATORS), image)
    return (images | {"encoder": (ANY,)}).get(role)


def _fits(shape: tuple[int | None, ...], wanted: tuple[int | None, ...]) -> bool:
    return len(shape) == len(wanted) and all(
        need in (ANY, have) for have, need in zip(shape, wanted, strict=True)
    )

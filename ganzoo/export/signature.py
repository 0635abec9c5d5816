"""A generator as TensorFlow's function from `latents`, and `labels` or `words`, to `images`."""

from typing import Any

import keras

from ganzoo.export.format import SIGNATURE
from ganzoo.networks import asked_shape, latent_size


def archive(generator: keras.Model) -> tuple[keras.export.ExportArchive, Any]:
    """What Keras writes as a SavedModel, and the function in it.

    Args:
        generator: Model from latents [N, L], and labels [N] or words [N, T] if it has a
            condition, to images.

    Returns:
        The archive, whose only function is the signature `serving_default`, and that function,
        which gives `{"images": float32 [N, H, W, C]}` for any N.
    """
    archive = keras.export.ExportArchive()
    archive.track(generator)

    def images(latents):
        return {"images": generator(latents, training=False)}

    def asked(latents, labels):
        return {"images": generator([latents, labels], training=False)}

    def said(latents, words):
        return {"images": generator([latents, words], training=False)}

    shape = asked_shape(generator)
    function = images if shape is None else said if shape else asked
    inputs = [
        keras.InputSpec(dtype=dtype, shape=shape, name=name)
        for name, (shape, dtype) in input_shapes(generator).items()
    ]
    return archive, archive.add_endpoint(SIGNATURE, function, inputs)


def input_shapes(generator: keras.Model) -> dict[str, tuple[tuple[int | None, ...], str]]:
    """Shape and dtype of each input of a generator, by its name in an exported file."""
    shapes: dict[str, tuple[tuple[int | None, ...], str]]
    shapes = {"latents": ((None, latent_size(generator, labels=None)), "float32")}
    asked = asked_shape(generator)
    if asked is None:
        return shapes
    return shapes | {"words" if asked else "labels": ((None, *asked), "int32")}

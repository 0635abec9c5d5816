"""A generator as TensorFlow's function from `latents` to `images`."""

from typing import Any

import keras

from ganzoo.export.format import SIGNATURE


def archive(generator: keras.Model) -> tuple[keras.export.ExportArchive, Any]:
    """What Keras writes as a SavedModel, and the function in it.

    Args:
        generator: Model from latents [N, L] to images.

    Returns:
        The archive, whose only function is the signature `serving_default`, and that function,
        which gives `{"images": float32 [N, H, W, C]}` for any N.
    """
    latents = keras.InputSpec(
        dtype="float32", shape=(None, generator.input_shape[-1]), name="latents"
    )
    archive = keras.export.ExportArchive()
    archive.track(generator)

    def images(latents):
        return {"images": generator(latents, training=False)}

    return archive, archive.add_endpoint(SIGNATURE, images, [latents])

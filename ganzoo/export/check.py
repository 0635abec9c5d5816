"""Compares the images of an exported file with ganzoo's own."""

import math
from pathlib import Path

import keras
import numpy as np

from ganzoo import samples
from ganzoo.errors import RunError, first_line
from ganzoo.export.format import Format
from ganzoo.export.silence import silence
from ganzoo.networks import asked_shape, class_count, latent_size, word_count

COUNT = 8
TOLERANCE = 1  # Of 255 levels: float32 is rounded otherwise in other runtimes.


def check(form: Format, path: Path, generator: keras.Model) -> int:
    """Play `path` in its own runtime and compare with what `ganzoo generate` makes.

    Args:
        form: The format.
        path: The exported file or folder.
        generator: The model it was made from.

    Returns:
        The largest difference of a pixel, in levels of 255.

    Raises:
        RunError: If the runtime cannot play it, or an image differs by more than `TOLERANCE`.
    """
    latents = samples.draw_latents(0, "export", COUNT, latent_size(generator, labels=None))
    inputs = {"latents": latents}
    if classes := class_count(generator):
        inputs["labels"] = samples.in_turn(COUNT, classes)
    if words := word_count(generator):
        shape = COUNT, *(asked_shape(generator) or ())
        inputs["words"] = samples.in_turn(math.prod(shape), words).reshape(shape)
    asked = inputs.get("words", inputs.get("labels"))
    expected = samples.generate(generator, latents, labels=asked)
    try:
        with silence():  # One image, then several: any number must do.
            parts = [
                form.play(path, {name: value[rows] for name, value in inputs.items()})
                for rows in (slice(1), slice(1, None))
            ]
    except Exception as error:  # Whatever a runtime raises at a file that it does not like.
        raise RunError(
            f"{form.runtime} does not play the exported file, so it was not kept: "
            f"{first_line(error)}"
        ) from error
    shapes = [part.shape for part in parts]
    if shapes != [(1, *expected.shape[1:]), (COUNT - 1, *expected.shape[1:])]:
        raise RunError(
            f"In {form.runtime} the exported file gives images of the shapes {shapes[0]} and "
            f"{shapes[1]} for 1 and for {COUNT - 1} latents, so it was not kept."
        )
    return _difference(form, np.concatenate(parts), expected)


def _difference(form: Format, images: np.ndarray, expected: np.ndarray) -> int:
    if not np.isfinite(images).all():
        raise RunError(f"In {form.runtime} the exported file gives NaN, so it was not kept.")
    levels = samples.to_uint8(images).astype(int) - expected
    largest = int(np.abs(levels).max())
    if largest > TOLERANCE:
        raise RunError(
            f"In {form.runtime} the exported file gives other images than ganzoo, by up to "
            f"{largest} of 255, so it was not kept."
        )
    return largest

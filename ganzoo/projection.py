"""Projection: the latent at which a generator comes nearest to an image.

The latent with the nearest image of many random ones is improved by Adam on the mean squared
difference of pixels. Zhu et al., arXiv:1609.03552, section 3.1, with pixels alone and without
a network that guesses the latent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo import backend, samples
from ganzoo.conditions.checks import check_labels
from ganzoo.errors import InputError
from ganzoo.models.codes import Codes
from ganzoo.networks import asked_shape, class_count, latent_size
from ganzoo.variant import check_whole

STARTS = 512  # Random latents among which the first one is looked for.
RATE = 0.05  # Adam's, which falls to 0 along half a cosine.


@dataclass(frozen=True)
class Projection:
    """Latents and what the generator makes of them.

    Attributes:
        latents: float32 [N, L].
        labels: Of a conditional generator the classes, int32 [N]; else `None`.
        images: uint8 [N, H, W, C].
        errors: Root mean squared difference of pixels to the images that were asked for,
            float64 [N], in levels of 255.
        first_errors: The same of the random latents that were improved.
    """

    latents: np.ndarray
    labels: np.ndarray | None
    images: np.ndarray
    errors: np.ndarray
    first_errors: np.ndarray


def project(
    generator: keras.Model,
    images: np.ndarray,
    steps: int = 200,
    seed: int = 0,
    labels: np.ndarray | None = None,
    report: Callable[[int], None] = lambda made: None,
) -> Projection:
    """Find the latents at which a generator comes nearest to some images.

    Args:
        generator: Model from latents float32 [N, L], and labels where it is conditional, to
            images in [-1, 1].
        images: uint8 [N, H, W, C], of the generator's size.
        steps: Of Adam, 0 or more.
        seed: Decides the random latents.
        labels: Of a conditional generator the classes of the images, int32 [N]; `None`: each
            image has the class of the nearest random sample.
        report: Called with 1 after each step.

    Raises:
        ValueError: If `labels` are no classes of the generator.
        ganzoo.errors.InputError: If steps are asked for, and latents are choices.

    Example:

    ```python
    run = ganzoo.load("runs/00000-unown-hinge")
    found = project(run.generator, run.sample(2, seed=1), steps=50)
    print(found.errors, found.latents.shape)
    ```
    """
    check_whole(0, steps=steps)
    if steps and any(isinstance(layer, Codes) for layer in generator.layers):
        raise InputError(
            "This generator's latents choose among codes, and no step improves a choice. Take "
            "0 steps, for the nearest of random samples; or encode the images."
        )
    wanted = images.astype(np.float32) / 127.5 - 1
    latents, classes = _starts(generator, images, seed, labels)
    before = _differences(generator, images, latents, classes)
    target = ops.convert_to_tensor(wanted)
    asked = None if classes is None else ops.convert_to_tensor(classes)

    def difference(z: Any) -> Any:
        made = generator(z if asked is None else [z, asked], training=False)
        return ops.mean(ops.square(made - target), axis=(1, 2, 3))

    rate = keras.optimizers.schedules.CosineDecay(RATE, max(steps, 1))
    optimizer = keras.optimizers.Adam(rate)
    z = keras.Variable(latents, name="latents")
    for _ in range(steps):
        _, gradient = backend.with_input_gradient(difference, z.value)
        optimizer.apply([gradient()], [z])
        report(1)
    found = ops.convert_to_numpy(z.value)
    after = _differences(generator, images, found, classes)
    better = after < before  # A step may have led an image astray.
    found = np.where(better[:, None], found, latents)
    made = samples.generate(generator, found, labels=classes)
    return Projection(found, classes, made, np.minimum(after, before), before)


def _starts(
    generator: keras.Model, images: np.ndarray, seed: int, labels: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray | None]:
    """For each image the random latent, and its class, whose sample is nearest."""
    latents = samples.draw_latents(seed, "project", STARTS, latent_size(generator, None))
    made_of = None
    if asked_shape(generator):
        raise ValueError(
            "Latents of a generator that is asked in words are not searched for: its images "
            "are of a caption, which nobody knows of an image."
        )
    if count := class_count(generator):
        if labels is not None:
            check_labels(labels, len(images), count)
        among = np.arange(count) if labels is None else np.unique(labels)
        made_of = among[samples.in_turn(STARTS, len(among))].astype(np.int32)
    made = samples.generate(generator, latents, labels=made_of).astype(np.float32)
    best = []
    for i, image in enumerate(images.astype(np.float32)):
        apart = np.square(made - image).mean(axis=(1, 2, 3))
        if made_of is not None and labels is not None:
            apart[made_of != labels[i]] = np.inf
        best.append(int(apart.argmin()))
    return latents[best], None if made_of is None else made_of[best]


def _differences(
    generator: keras.Model, images: np.ndarray, latents: np.ndarray, labels: np.ndarray | None
) -> np.ndarray:
    """Root mean squared differences of pixels, float64 [N], in levels."""
    made = samples.generate(generator, latents, labels=labels).astype(np.float64)
    return np.sqrt(np.square(made - images).mean(axis=(1, 2, 3)))

"""Images from a generator, as bytes."""

import math
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from scipy.special import ndtr, ndtri

from ganzoo import seeds
from ganzoo.conditions.checks import check_labels
from ganzoo.errors import InputError
from ganzoo.memory import gigabytes, usable_memory
from ganzoo.networks import asked_shape, class_count, latent_size
from ganzoo.variant import check_positive, check_seed, check_whole

DRAWN = 256  # Latents that are drawn at a time where only the images are wanted.


def draw_latents(
    seed: int, purpose: str, count: int, size: int, truncation: float | None = None
) -> np.ndarray:
    """Standard normal latents, float32 [count, size]; equal on every backend.

    The first n of them do not depend on `count`.

    Args:
        seed: Decides them, together with `purpose`.
        purpose: What they are for.
        count: How many.
        size: Numbers in each.
        truncation: See `truncate`; `None` for none.
    """
    latents = seeds.rng(seed, purpose).standard_normal((count, size), np.float32)
    return latents if truncation is None else truncate(latents, truncation)


def truncate(latents: np.ndarray, bound: float) -> np.ndarray:
    """Latents of a normal that is cut off at `bound` on both sides, in place of a whole one.

    Brock et al., arXiv:1809.11096, section 3.1: images of truncated latents are more usual and
    less varied. There numbers beyond the bound are drawn again; here each number keeps its
    quantile, so that the same seed gives images of the same kind under any bound.

    Args:
        latents: Standard normal, float32 [N, L].
        bound: Above 0; the largest number that there may be.
    """
    check_positive(truncation=bound)
    low, high = ndtr(-bound), ndtr(bound)
    cut = ndtri(low + ndtr(latents.astype(np.float64)) * (high - low))
    return np.clip(cut, -bound, bound).astype(np.float32)


def check_memory(generator: keras.Model, count: int) -> None:
    """Raises `InputError` if `count` images do not fit in memory with their latents."""
    memory = usable_memory()
    numbers = 4 * latent_size(generator, None) + 2 * math.prod(generator.output_shape[1:])
    if memory is not None and count * numbers > memory:
        raise InputError(
            f"{count:,} images take {gigabytes(count * numbers)}, and the memory has "
            f"{gigabytes(memory)}. Make fewer at a time, each part with a seed of its own."
        )


def generate(
    generator: keras.Model,
    latents: np.ndarray,
    batch: int = 64,
    report: Callable[[int], None] = lambda made: None,
    labels: np.ndarray | None = None,
) -> np.ndarray:
    """The generator's images, uint8 [N, H, W, C].

    Args:
        generator: Model from latents to images in [-1, 1].
        latents: float32 [N, L].
        batch: Images made at a time; all batches have this size, so that a sample
            does not depend on how many are made.
        report: Called with the number of images after each batch.
        labels: Of a conditional generator, the classes that are asked for, int32 [N], `None`
            for each class in turn; or words, int32 [N, T].
    """
    labels = asked_for(generator, len(latents), labels)
    images = []
    for start in range(0, len(latents), batch):
        part = latents[start : start + batch]
        padded: Any = np.resize(part, (batch, part.shape[1]))
        if labels is not None:
            asked = labels[start : start + batch]
            padded = [padded, np.resize(asked, (batch, *asked.shape[1:]))]
        made = keras.ops.convert_to_numpy(generator(padded, training=False))
        images.append(to_uint8(made[: len(part)]))
        report(len(part))
    return np.concatenate(images)


def encode(encoder: keras.Model, images: np.ndarray, batch: int = 64) -> np.ndarray:
    """Latents of images, float32 [N, L].

    Args:
        encoder: Model from images to latents.
        images: uint8 [N, H, W, C], or float32 in [-1, 1].
        batch: Images encoded at a time; all batches have this size.
    """
    found = []
    for start in range(0, len(images), batch):
        part = images[start : start + batch]
        if part.dtype == np.uint8:
            part = part.astype(np.float32) / 127.5 - 1.0
        padded = np.resize(part, (batch, *part.shape[1:]))
        latents = keras.ops.convert_to_numpy(encoder(padded, training=False))
        found.append(latents[: len(part)].astype(np.float32))
    return np.concatenate(found)


def translate(translator: keras.Model, images: np.ndarray, batch: int = 64) -> np.ndarray:
    """What a translator makes of images, uint8 [N, H, W, C].

    Args:
        translator: Model from images of one domain to images of another, in [-1, 1].
        images: float32 [N, H, W, C] in [-1, 1].
        batch: Images made at a time; all batches have this size, so that a translation does
            not depend on how many are made.
    """
    made = [np.empty((0, *translator.output_shape[1:]), np.uint8)]
    for start in range(0, len(images), batch):
        part = images[start : start + batch]
        padded = np.resize(part, (batch, *part.shape[1:]))
        found = keras.ops.convert_to_numpy(translator(padded, training=False))
        made.append(to_uint8(found[: len(part)]))
    return np.concatenate(made)


def translate_bytes(translator: keras.Model, images: np.ndarray) -> np.ndarray:
    """The same of uint8 images [N, H, W, C]."""
    return translate(translator, images.astype(np.float32) / 127.5 - 1.0)


def draw_images(
    generator: keras.Model,
    seed: int,
    purpose: str,
    count: int,
    labels: np.ndarray | None = None,
    truncation: float | None = None,
) -> np.ndarray:
    """`count` images of the generator at its `draw_latents`, uint8 [N, H, W, C].

    Raises:
        InputError: If `count` is no whole number above 0, or `seed` is none.
    """
    check_whole(count=count)
    check_seed(seed)
    size, draw = latent_size(generator, None), seeds.rng(seed, purpose)
    labels = asked_for(generator, count, labels)
    images = []
    for start in range(0, count, DRAWN):  # A latent may be larger than its image.
        latents = draw.standard_normal((min(DRAWN, count - start), size), np.float32)
        latents = latents if truncation is None else truncate(latents, truncation)
        asked = labels if labels is None else labels[start : start + DRAWN]
        images.append(generate(generator, latents, labels=asked))
    return np.concatenate(images)


def asked_for(
    generator: keras.Model, count: int, labels: np.ndarray | None
) -> np.ndarray | None:
    """What a generator is asked for `count` images, int32 [count, ...]; `None` for nothing.

    Args:
        generator: The generator.
        count: Number of images.
        labels: What a person asked for; `None`: each class in its turn.

    Raises:
        InputError: If nothing of the kind can be asked for.
    """
    shape, classes = asked_shape(generator), class_count(generator)
    if not shape:
        labels = in_turn(count, classes) if classes and labels is None else labels
        if classes:
            labels = np.asarray(labels, np.int32)
            check_labels(labels, count, classes)
        return labels if classes else None
    given = None if labels is None else np.asarray(labels)
    if given is None or given.shape != (count, *shape) or given.dtype.kind not in "iu":
        received = "nothing" if given is None else f"{given.dtype} {list(given.shape)}"
        raise InputError(
            f"The generator is asked in words, int32 [{count}, {shape[0]}]: those of "
            f"condition.encode(captions). Received: {received}."
        )
    return given.astype(np.int32)


def proportional(labels: np.ndarray, count: int) -> np.ndarray:
    """`count` labels, int32, each as frequent as among `labels` but for rounding, shuffled."""
    places = (seeds.rng(0, "asked").permutation(count) + 0.5) * len(labels) / count
    return np.sort(labels)[places.astype(int)].astype(np.int32)


def in_turn(count: int, classes: int) -> np.ndarray:
    """Labels that ask for each class in turn, int32 [count]."""
    return (np.arange(count) % classes).astype(np.int32)


def to_uint8(images: np.ndarray) -> np.ndarray:
    """From [-1, 1] to 0 ... 255, rounded: the inverse of what training reads."""
    return np.clip(np.rint((images + 1.0) * 127.5), 0, 255).astype(np.uint8)


def enlarge(images: np.ndarray, resolution: int) -> np.ndarray:
    """Repeat pixels up to `resolution`, so that sheets of all stages compare."""
    factor = max(1, resolution // images.shape[1])
    return images.repeat(factor, axis=1).repeat(factor, axis=2)


def slerp(start: np.ndarray, end: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Spherical interpolation, the path on which latents keep a likely length.

    White, arXiv:1609.04468, section 2.1.

    Args:
        start: Latent [L].
        end: Latent [L].
        share: Places between 0 and 1, [N].

    Returns:
        Latents, [N, L].
    """
    cosine = start @ end / (np.linalg.norm(start) * np.linalg.norm(end))
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    share = share[:, None]
    if np.sin(angle) < 1e-6:
        return (1 - share) * start + share * end
    return (np.sin((1 - share) * angle) * start + np.sin(share * angle) * end) / np.sin(angle)

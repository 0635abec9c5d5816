"""Samples that the discriminator keeps: discriminator rejection sampling.

Azadi et al., arXiv:1810.06758, section 3.2. With d the logit of a sample and M the largest one
known, a sample is kept with the probability sigmoid(F), where

    F = d - M - log(1 - exp(d - M - epsilon)) - gamma

The paper takes a percentile of F for gamma. Here gamma is where a given share of samples is
kept on average.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from ganzoo import samples, seeds
from ganzoo.errors import InputError
from ganzoo.networks import latent_size, takes_labels
from ganzoo.variant import check_between, check_whole

FIRST = 512  # Samples that M and gamma are estimated from: the paper's burn-in.
EPSILON = 1e-8
BATCH = 64
LEAST = 0.01  # Share that is kept: an image takes a hundred samples.
PATIENCE = 50  # Times as many samples as are expected, before it is given up.


@dataclass(frozen=True)
class Kept:
    """Samples that were kept.

    Attributes:
        latents: float32 [N, L].
        images: uint8 [N, H, W, C].
        drawn: How many samples were drawn for them.
    """

    latents: np.ndarray
    images: np.ndarray
    drawn: int


def acceptance(logits: np.ndarray, largest: float, gamma: float) -> np.ndarray:
    """The probability with which samples of these logits are kept, float64 [N]."""
    return expit(_ratio(logits, largest) - gamma)


def find_gamma(logits: np.ndarray, share: float) -> float:
    """The gamma at which samples of these logits are kept with a mean probability `share`."""
    _check_share(share)
    ratio = _ratio(logits, float(np.max(logits)))
    bound = float(np.abs(ratio).max()) + 50.0
    return float(brentq(lambda gamma: expit(ratio - gamma).mean() - share, -bound, bound))


def _check_share(share: float) -> None:
    check_between(0, 1, share=share)
    if not LEAST <= share < 1:
        raise InputError(
            f"The share that is kept is {LEAST} or more, and below 1. Received: {share}"
        )


def _ratio(logits: np.ndarray, largest: float) -> np.ndarray:
    apart = np.minimum(np.asarray(logits, np.float64) - largest, 0.0)
    return apart - np.log(-np.expm1(apart - EPSILON))


def keep_samples(
    generator: keras.Model,
    discriminator: keras.Model,
    count: int,
    share: float,
    seed: int = 0,
    labels: np.ndarray | None = None,
    truncation: float | None = None,
    report: Callable[[int], None] = lambda kept: None,
) -> Kept:
    """Draw samples until the discriminator has kept `count`.

    Args:
        generator: Model from latents, and labels where it is conditional, to images.
        discriminator: Model from images, and labels where it takes them, to logits; of several
            outputs the first.
        count: How many are kept.
        share: Of the samples, that are kept on average; from `LEAST` on, and below 1.
        seed: Decides latents and what is kept.
        labels: Of a conditional generator, what is asked for, int32 [count] or [count, T];
            `None`: each class in turn.
        truncation: See `ganzoo.samples.truncate`.
        report: Called with how many more are kept.

    Raises:
        InputError: If the share is none, or hardly a sample is kept.
    """
    check_whole(count=count)
    _check_share(share)
    size = latent_size(generator, None)
    labels = samples.asked_for(generator, count, labels)

    def scored(latents: np.ndarray, asked: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        images = samples.generate(generator, latents, BATCH, labels=asked)
        return images, _logits(discriminator, images, asked)

    first = samples.draw_latents(seed, "reject", FIRST, size, truncation)
    rows = np.resize(np.arange(count), FIRST)
    known = scored(first, None if labels is None else labels[rows])[1]
    gamma, largest = find_gamma(known, share), float(known.max())
    draw, chance = seeds.rng(seed, "generate"), seeds.rng(seed, "kept")
    found: dict[int, tuple[np.ndarray, np.ndarray]] = {}
    drawn, most = 0, PATIENCE * (count / share + FIRST)
    while len(found) < count:
        if drawn > most:
            raise InputError(
                f"Of {drawn:,} samples the discriminator kept {len(found):,}. Keep a larger "
                "share."
            )
        latents = draw.standard_normal((BATCH, size), np.float32)
        latents = latents if truncation is None else samples.truncate(latents, truncation)
        places = np.resize([i for i in range(count) if i not in found], BATCH)
        images, logits = scored(latents, None if labels is None else labels[places])
        largest = max(largest, float(logits.max()))
        kept = chance.random(BATCH) < acceptance(logits, largest, gamma)
        before, drawn = len(found), drawn + BATCH
        for i in np.flatnonzero(kept):
            if places[i] not in found:
                found[int(places[i])] = latents[i], images[i]
        report(len(found) - before)
    every = [found[i] for i in range(count)]
    return Kept(np.stack([e[0] for e in every]), np.stack([e[1] for e in every]), drawn)


def _logits(
    discriminator: keras.Model, images: np.ndarray, labels: np.ndarray | None
) -> np.ndarray:
    """The mean logit of each image, [N]."""
    found = []
    for start in range(0, len(images), BATCH):
        given: Any = images[start : start + BATCH].astype(np.float32) / 127.5 - 1.0
        if takes_labels(discriminator) and labels is not None:
            given = [given, labels[start : start + BATCH]]
        outputs = discriminator(given, training=False)
        first = outputs[0] if isinstance(outputs, list | tuple) else outputs
        logits = keras.ops.convert_to_numpy(first).astype(np.float64)
        found.append(logits.reshape(len(logits), -1).mean(1))
    return np.concatenate(found)

"""All measures of a sample of images, each beside what real images give.

Fakes are measured against held-out real images, the reference. The floor is the same
measures of as many training images, drawn at random as a perfect generator would draw them:
what is better than the floor is better by chance. A reference with equal numbers of each form
is a little nearer to everything than a random one, so that KID of reals against reals is about
-6 / N on `unown`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ganzoo import seeds
from ganzoo.data.image_set import ImageSet
from ganzoo.data.sheet import by_turns
from ganzoo.errors import InputError
from ganzoo.metrics.distances import kth_neighbour
from ganzoo.metrics.feature_network import FeatureNetwork
from ganzoo.metrics.fit_features import features_for
from ganzoo.metrics.forms import forms
from ganzoo.metrics.frechet import frechet, moments
from ganzoo.metrics.kid import kid, mean_within
from ganzoo.metrics.memorisation import deviation, memorisation, near_copies, near_copy_distance
from ganzoo.metrics.prdc import K, prdc
from ganzoo.metrics.sharpness import sharpness
from ganzoo.metrics.verdict import verdict

FEWEST = 2 * (K + 1)  # Images below which neighbours mean nothing.


class Evaluator:
    """Measures samples of images against one set.

    Real images are prepared at the first call and kept.

    Args:
        data: The set. Its held-out images are the reference; where it has none, every
            second training image is, which the generator may have been trained on: then
            memorisation is not measured, and `reference` in the result says so.
        count: Images of a sample at most; fewer where there are fewer real ones, since
            each figure is for equal numbers of fakes and of reals.
        features: The feature network, of no classes or of those of the set; that of the
            set if `None`.
        report: Called with a line where something takes long.
        option: What a message calls `count`.

    Raises:
        InputError: If the set has too few images, `count` is too small, or `features` know
            other classes.
    """

    def __init__(
        self,
        data: ImageSet,
        count: int = 2800,
        features: FeatureNetwork | None = None,
        report: Callable[[str], None] = lambda line: None,
        option: str = "--count",
    ):
        self.data = data
        if data.held_out is not None:
            self.reference = "held-out images"
            training, held_out = by_turns(data.labels), by_turns(data.held_out.labels)
        else:
            self.reference = "every second training image"
            training, held_out = (
                rows[by_turns(data.labels[rows])] for rows in _halves(data.labels)
            )
        self.count = min(count, len(training), len(held_out))
        if self.count < FEWEST:
            raise InputError(
                f"Measures need {FEWEST} images or more and as many held out; {data.name} and "
                f"{option} allow {self.count}. Add images, or raise {option}."
            )
        if features is not None and features.classes not in ((), data.classes):
            raise InputError(
                f"The feature network was fitted to {len(features.classes)} classes and "
                f"{data.name} has {len(data.classes)}: names and order are not the same. Fit "
                "one to this set (ganzoo data features DATASET --out FILE), or leave "
                "--features out."
            )
        # As a perfect generator gives them: forms at random, not in equal numbers.
        order = seeds.rng(0, "floor").permutation(len(training))
        # Rows: there may be more images than memory.
        self._training, self._held_out = training[order], held_out
        self._given, self._report = features, report
        self._prepared: dict[int, _Reals] = {}

    @cached_property
    def features(self) -> FeatureNetwork:
        """The feature network, fitted now if there is none yet."""
        return self._given or features_for(self.data, self._report)

    @cached_property
    def _training_sample(self) -> "_Sample":
        rows = self._training[: max(self.features.max_images, self.count)]
        return self._sample(self.data.images[rows])

    @cached_property
    def _reference_sample(self) -> "_Sample":
        data = self.data if self.data.held_out is None else self.data.held_out
        return self._sample(
            data.images[self._held_out[: max(self.features.max_images, self.count)]]
        )

    @cached_property
    def _shares(self) -> np.ndarray:
        labels = np.bincount(self.data.labels, minlength=len(self.data.classes))
        return np.maximum(labels, 1) / np.maximum(labels, 1).sum()

    def _sample(self, images: np.ndarray) -> "_Sample":
        return _Sample(images, *self.features.of(images))

    def __call__(self, images: np.ndarray) -> dict[str, Any]:
        """All measures of a sample.

        Args:
            images: uint8 [N, S, S, C] of any size S; the first `count` are measured.

        Returns:
            Plain numbers and strings, ready for JSON; `None` where a measure does not
            exist for this set:

            * `count`, `classes`, `resolution` of the images given
            * `forms`, `recognised`, `kl`, `histogram`: see `ganzoo.metrics.forms`
            * `kid`, `frechet`, `precision`, `recall`, `density`, `coverage`
            * `memorisation`, `near_copies`, `sharpness`
            * `floor`: the same measures of real images, a dict
            * `verdict`, `reason`: see `ganzoo.metrics.verdict`
            * `features`, `feature_kind`: checksum and kind of the feature network
            * `reference`: which real images the sample was measured against

        Raises:
            InputError: If `images` are not such an array, or fewer than 12.
        """
        if len(images) < FEWEST:
            raise InputError(f"{len(images)} images cannot be measured. Give {FEWEST} or more.")
        sample = self._sample(images[: self.count])
        reals = self._at(len(sample.images))
        measures = self._measure(sample, reals, self._copied(sample.features))
        classes = len(self.features.classes)
        word, reason = verdict(measures, reals.floor, classes, self._chance(len(sample.images)))
        return {
            "count": len(sample.images),
            "classes": classes,
            "resolution": images.shape[1],
            **measures,
            "floor": reals.floor,
            "verdict": word,
            "reason": reason,
            "features": self.features.sha256,
            "feature_kind": self.features.kind,
            "reference": self.reference,
        }

    def _at(self, count: int) -> "_Reals":
        """What is needed of `count` real images."""
        if count not in self._prepared:
            x = self._reference_sample.features[:count]
            reals = _Reals(
                sample=self._reference_sample.first(count),
                radii=kth_neighbour(x, K),
                moments=moments(x),
                within=mean_within(x),
                near=near_copy_distance(x),
                floor={},
            )
            stand_in = self._training_sample.first(count)
            reals.floor.update(self._measure(stand_in, reals, self._floor_of_copies()))
            self._prepared[count] = reals
        return self._prepared[count]

    def _measure(
        self, sample: "_Sample", reals: "_Reals", copied: float | None
    ) -> dict[str, Any]:
        x, y = sample.features, reals.sample.features
        four = prdc(y, x, radii=reals.radii)
        return {
            **self._forms(sample),
            "kid": kid(x, y, reals.within),
            "frechet": frechet(x, y, reals.moments),
            "precision": four.precision,
            "recall": four.recall,
            "density": four.density,
            "coverage": four.coverage,
            "memorisation": copied,
            "near_copies": near_copies(x, reals.near),
            "sharpness": sharpness(sample.images, reals.sample.images),
        }

    def _forms(self, sample: "_Sample") -> dict[str, Any]:
        if sample.probabilities is None:
            return dict.fromkeys(("forms", "recognised", "kl", "histogram"))
        found = forms(sample.probabilities, self._shares)
        return {
            "forms": found.covered,
            "recognised": found.recognised,
            "kl": found.kl,
            "histogram": found.histogram.tolist(),
        }

    def _copied(self, features: np.ndarray) -> float | None:
        if self.data.held_out is None:
            return None
        return memorisation(features, *self._seen)

    def _chance(self, count: int) -> float:
        """By how much memorisation differs from 0 by chance."""
        return 0.0 if self.data.held_out is None else deviation(count, *self._seen)

    @property
    def _seen(self) -> tuple[np.ndarray, np.ndarray, float]:
        """Inputs of the memorisation measure.

        Features of training and of held-out images, and the fraction of training images
        sampled.
        """
        training = self._training_sample.features
        return (
            training,
            self._reference_sample.features,
            len(training) / len(self.data.images),
        )

    def _floor_of_copies(self) -> float | None:
        """Half of the held-out images in the place of fakes, the others as held out."""
        if self.data.held_out is None:
            return None
        training, held_out, part = self._seen
        labels = self.data.held_out.labels
        one, two = _halves(labels[by_turns(labels)][: len(held_out)])
        return memorisation(held_out[one], training, held_out[two], part)


def _halves(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of two halves, which have each class in common."""
    by_class = np.argsort(labels, kind="stable")
    return np.sort(by_class[0::2]), np.sort(by_class[1::2])


@dataclass(frozen=True)
class _Sample:
    """Images uint8 [N, S, S, C], features [N, F] and probabilities [N, classes]."""

    images: np.ndarray
    features: np.ndarray
    probabilities: np.ndarray | None

    def first(self, count: int) -> "_Sample":
        p = self.probabilities
        return _Sample(
            self.images[:count], self.features[:count], None if p is None else p[:count]
        )


@dataclass(frozen=True)
class _Reals:
    """The reference at one count, what is known of its features, and the floor."""

    sample: _Sample
    radii: np.ndarray
    moments: tuple[np.ndarray, np.ndarray]
    within: float
    near: float
    floor: dict[str, Any]


def headline(result: dict[str, Any]) -> str:
    """The result in a few words, for a line of a log."""
    parts = [result["verdict"]]
    if result["forms"] is not None:
        parts += [
            f"{result['forms']}/{result['classes']} forms",
            f"{result['recognised']:.0%} recognised",
        ]
    parts.append(f"KID {result['kid']:.4f}")
    return ", ".join(parts)

"""All measures of a sample of images, each beside what real images give.

Fakes are measured against held-out real images, the reference. The floor is the same
measures of as many real images that no measure has seen: what is better than the floor is
better by chance, and the floor's deviation says by how much chance decides. A reference with
equal numbers of each form is a little nearer to everything than a random one, so that KID of
reals against reals is about -6 / N on `unown`.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from ganzoo import seeds
from ganzoo.data.fit import fit
from ganzoo.data.image_set import ImageSet
from ganzoo.data.sheet import by_turns
from ganzoo.errors import InputError
from ganzoo.metrics import authenticity
from ganzoo.metrics.exact_copies import is_among, middles
from ganzoo.metrics.feature_network import FeatureNetwork
from ganzoo.metrics.fit_features import features_for
from ganzoo.metrics.floor import Floor, chance
from ganzoo.metrics.forms import CONFIDENT
from ganzoo.metrics.groups import Groups, groups
from ganzoo.metrics.memorisation import (
    Neighbours,
    deviation,
    excess,
    held_out_neighbours,
    neighbours,
)
from ganzoo.metrics.nearness import Limits, limits
from ganzoo.metrics.prdc import K
from ganzoo.metrics.reference import Reference, reference
from ganzoo.metrics.resize import in_channels_of
from ganzoo.metrics.sample import Sample
from ganzoo.metrics.sharpness import energies, ratio
from ganzoo.metrics.verdict import BLIND_RECOGNISED, Evidence, verdict

FEWEST = 2 * (K + 1)  # Images below which neighbours mean nothing.
RATED = 1000  # Real images that are looked for among the others, pixel for pixel.


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
        self._training_rows, self._held_out_rows = training[order], held_out
        self._given, self._report = features, report
        self._references: dict[int, Reference] = {}
        self._floors: dict[int, Floor] = {}
        self._middles: dict[int, tuple[np.ndarray, float]] = {}

    @cached_property
    def features(self) -> FeatureNetwork:
        """The feature network, fitted now if there is none yet."""
        return self._given or features_for(self.data, self._report)

    def __call__(self, images: np.ndarray) -> dict[str, Any]:
        """All measures of a sample.

        Args:
            images: uint8 [N, S, S, C] of any size S; the first `count` are measured.

        Returns:
            Plain numbers and strings, ready for JSON; `None` where a measure does not
            exist for this set:

            * `count`, `classes`, `resolution` of the images given
            * `measured_at`: height and width at which features are taken
            * `forms`, `recognised`, `kl`, `histogram`: see `ganzoo.metrics.forms`
            * `kid`, `frechet`, `sliced_wasserstein`
            * `precision`, `recall`, `density`, `coverage`, `vendi`
            * `memorisation`, `memorisation_deviation`, `authenticity`, `near_copies`
            * `sharpness`
            * `groups`: see `ganzoo.metrics.groups`, of sets without classes
            * `copies`, `outliers`: see `ganzoo.metrics.nearness`
            * `floor`: the same measures of real images, a dict
            * `floor_deviation`: by how much chance moves the floor, a dict
            * `verdict`, `reason`: see `ganzoo.metrics.verdict`
            * `features`, `feature_kind`: checksum and kind of the feature network
            * `reference`: which real images the sample was measured against

        Raises:
            InputError: If `images` are not such an array, or fewer than 12.
        """
        if len(images) < FEWEST:
            raise InputError(f"{len(images)} images cannot be measured. Give {FEWEST} or more.")
        # Before any features are fitted, which takes minutes.
        images = in_channels_of(images[: self.count], self.data.channels)
        return self.judge(self.look_at(images), images.shape[1])

    def look_at(self, images: np.ndarray) -> Sample:
        """What the measures need to know of images, uint8 [N, S, S, C], one by one."""
        resolution = self._common(images.shape[1])
        features, probabilities = self.features.of(images)
        known, _ = self._known_middles(resolution)
        return Sample(
            features=features,
            probabilities=probabilities,
            energies=energies(_at(images, resolution)),
            neighbours=neighbours(features, self._training.features, self._held_out.features),
            exact=is_among(images, known, resolution, self.data.channels),
        )

    def judge(self, sample: Sample, resolution: int) -> dict[str, Any]:
        """All measures of images that were looked at, and the verdict, as `__call__` gives.

        Args:
            sample: `count` images at most.
            resolution: Of the images.
        """
        count = len(sample)
        floor = self._floor(count)
        measures = self._measure(sample, resolution)
        evidence = Evidence(
            count=count,
            measures=measures,
            floor=floor.mean,
            deviation=floor.deviation,
            shares=self._shares if self.features.classes else np.zeros(0),
            exact=0 if sample.exact is None else int(sample.exact.sum()),
            exact_rate=self._known_middles(self._common(resolution))[1],
            garbage=self._garbage(sample),
            close_rate=self._limits.close_rate,
            far_rate=self._limits.far_rate,
        )
        word, reason = verdict(evidence)
        return {
            "count": count,
            "classes": len(self.features.classes),
            "resolution": resolution,
            "measured_at": self.features.resolution,
            **measures,
            "floor": floor.mean,
            "floor_deviation": floor.deviation,
            "verdict": word,
            "reason": reason,
            "features": self.features.sha256,
            "feature_kind": self.features.kind,
            "reference": self.reference,
        }

    def _measure(self, sample: Sample, resolution: int) -> dict[str, Any]:
        measures = self._reference(len(sample)).measure(
            sample, self._steepness(len(sample), resolution)
        )
        return measures | self._known(sample)

    def _known(self, sample: Sample) -> dict[str, Any]:
        """Measures by the nearest real images, of which the sample may be copies."""
        found, part = sample.neighbours, self._part
        assert found is not None
        exact = np.zeros(len(sample), bool) if sample.exact is None else sample.exact
        kept = self.data.held_out is not None
        return {
            "memorisation": excess(found, part) if kept else None,
            "memorisation_deviation": deviation(found, part) if kept else None,
            "authenticity": self._authenticity(found),
            "copies": float((self._limits.copies(found) | exact).mean()),
            "outliers": float((self._limits.outliers(found) & ~exact).mean()),
        }

    def _authenticity(self, found: Neighbours) -> float:
        """Share of images that are no nearer to a training image than another one is.

        Where nothing was held out, the generator may have seen all real images.
        """
        asked = found.to_training, self._beside(found), self._seen
        if self.data.held_out is None:
            asked = found.distance, *asked[1:]
        return float(authenticity.authentic(*asked).mean())

    def _beside(self, found: Neighbours) -> np.ndarray:
        """Which of the images that the generator may have seen is nearest, int64 [N]."""
        return found.row if self.data.held_out is None else found.of_training

    @cached_property
    def _seen(self) -> np.ndarray:
        """Features of the images that the generator may have seen."""
        if self.data.held_out is not None:
            return self._training.features
        return np.concatenate([self._training.features, self._held_out.features])

    def _garbage(self, sample: Sample) -> float:
        """Share of images that are as far from real ones as noise is."""
        assert sample.neighbours is not None
        return float(self._limits.garbage(sample.neighbours).mean())

    def _floor(self, count: int) -> Floor:
        """Measures of `count` real images, and their deviation by chance."""
        if count not in self._floors:
            of_reals = self._reference(count).measure
            steepness = self._steepness(count, self.data.resolution)
            drawn = chance(partial(of_reals, steepness=steepness), self._training, count)
            self._floors[count] = Floor(
                drawn.mean | self._known(self._held_out_as_fakes),
                drawn.deviation | self._known_deviation(count),
            )
        return self._floors[count]

    def _known_deviation(self, count: int) -> dict[str, Any]:
        """Deviation of the measures by the nearest real images, of `count` real images."""
        rates = {"copies": self._limits.close_rate, "outliers": self._limits.far_rate}
        counted = {n: float(np.sqrt(rate * (1 - rate) / count)) for n, rate in rates.items()}
        few = self._held_out_as_fakes.first(count)
        assert few.neighbours is not None
        share = self._known(self._held_out_as_fakes)["authenticity"]
        return {
            "memorisation": self._known(few)["memorisation_deviation"],
            "authenticity": authenticity.deviation(share, self._beside(few.neighbours)),
        } | counted

    def _reference(self, count: int) -> Reference:
        """What is needed of the first `count` real images."""
        if count not in self._references:
            features = self._held_out.features[:count]
            self._references[count] = reference(features, self._shares, self._groups)
        return self._references[count]

    def _steepness(self, count: int, resolution: int) -> float:
        """Of `count` real images at a resolution no larger than their own."""
        if resolution >= self.data.resolution:
            return ratio(self._held_out.energies[:count])
        images = self._kept_back.images[self._held_out_rows[:count]]
        return ratio(energies(_at(images, resolution)))

    # Real images.

    @cached_property
    def _training(self) -> Sample:
        return self._look_at_real(self.data, self._training_rows)

    @cached_property
    def _held_out(self) -> Sample:
        return self._look_at_real(self._kept_back, self._held_out_rows)

    @property
    def _kept_back(self) -> ImageSet:
        return self.data if self.data.held_out is None else self.data.held_out

    def _look_at_real(self, data: ImageSet, rows: np.ndarray) -> Sample:
        images = data.images[rows[: max(self.features.max_images, self.count)]]
        return Sample(*self.features.of(images), energies(images))

    @property
    def _part(self) -> float:
        """Share of the training images that was looked at."""
        return len(self._training) / len(self.data.images)

    @cached_property
    def _shares(self) -> np.ndarray:
        labels = np.bincount(self.data.labels, minlength=len(self.data.classes))
        return np.maximum(labels, 1) / np.maximum(labels, 1).sum()

    @cached_property
    def _groups(self) -> Groups | None:
        """Groups of real images, where no classifier tells its classes."""
        p = self._held_out.probabilities
        if p is not None and (p.max(axis=1) >= CONFIDENT).mean() >= BLIND_RECOGNISED:
            return None
        return groups(self._training.features)

    @cached_property
    def _held_out_as_fakes(self) -> Sample:
        """Held-out images, each beside all other real ones: no generator copied any."""
        found = self._held_out_neighbours
        order = seeds.rng(0, "floor of copies").permutation(len(found.row))
        return replace(self._held_out, neighbours=found).take(order)

    @cached_property
    def _held_out_neighbours(self) -> Neighbours:
        return held_out_neighbours(self._training.features, self._held_out.features)

    def _common(self, resolution: int) -> int:
        """The smaller of a resolution and the set's."""
        return min(resolution, self.data.resolution)

    def _known_middles(self, resolution: int) -> tuple[np.ndarray, float]:
        """Middles of training images, and the share of other real images among them."""
        if resolution not in self._middles:
            size = resolution, self.data.channels
            rows = self._training_rows[: len(self._training)]
            known = middles(self.data.images[rows], *size)
            others = self._kept_back.images[self._held_out_rows[: len(self._held_out)]]
            rate = float(is_among(others[:RATED], known, *size).mean())
            if self.data.held_out is None:  # The generator may have seen these, too.
                known = np.concatenate([known, middles(others, *size)])
            self._middles[resolution] = known, rate
        return self._middles[resolution]

    @cached_property
    def _limits(self) -> Limits:
        real = self._training.features, self._held_out.features
        return limits(*real, self._held_out_neighbours, both=self.data.held_out is None)


def _at(images: np.ndarray, resolution: int) -> np.ndarray:
    return images if images.shape[1] == resolution else fit(images, resolution)


def _halves(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of two halves, which have each class in common."""
    by_class = np.argsort(labels, kind="stable")
    return np.sort(by_class[0::2]), np.sort(by_class[1::2])


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

"""All measures of a sample of images, each beside what real images give.

Fakes are measured against held-out real images, the reference. The floor is the same
measures of as many real images that no measure has seen: what is better than the floor is
better by chance, and the floor's deviation says by how much chance decides. A reference with
equal numbers of each class is a little nearer to everything than a random one, so that KID of
reals against reals is about -6 / N on `unown`.
"""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import numpy as np

from ganzoo.data.image_set import ImageSet
from ganzoo.data.points import are_points
from ganzoo.errors import InputError
from ganzoo.metrics import attributes, authenticity
from ganzoo.metrics.attributes import Told
from ganzoo.metrics.exact_copies import is_among
from ganzoo.metrics.feature_network import FeatureNetwork
from ganzoo.metrics.fit_features import features_for
from ganzoo.metrics.floor import Floor, chance
from ganzoo.metrics.measures import OF_CAPTIONS
from ganzoo.metrics.memorisation import Neighbours, deviation, excess, neighbours
from ganzoo.metrics.prdc import K
from ganzoo.metrics.real_images import RealImages
from ganzoo.metrics.reference import Reference, reference
from ganzoo.metrics.resize import in_channels_of
from ganzoo.metrics.sample import Sample
from ganzoo.metrics.sharpness import energies
from ganzoo.metrics.verdict import Evidence, verdict

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
        features: The feature network, which knows no classes or the set's; `None`: the
            one fitted to the set.
        report: Called with a line where something takes long.
        option: What a message calls `count`.

    Raises:
        InputError: If the set has too few images, `count` is too small, or `features` know
            other classes.

    Example:

    ```python
    data = ganzoo.data.load("unown", resolution=28, per_class=50)
    evaluator = Evaluator(data, count=200)
    result = evaluator(data.held_out.images[:200])
    print(result["verdict"], result["modes"], result["kid"], result["floor"]["kid"])
    ```
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
        self._real = RealImages(data, count, lambda: self.features)
        self.reference, self.count = self._real.held_out_part, self._real.count
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
        self._given, self._report = features, report
        self._references: dict[int, Reference] = {}
        self._floors: dict[int, Floor] = {}

    @cached_property
    def features(self) -> FeatureNetwork:
        """The feature network, fitted now if there is none yet."""
        return self._given or features_for(self.data, self._report)

    def __call__(
        self, images: np.ndarray, asked: np.ndarray | None = None, told: Told | None = None
    ) -> dict[str, Any]:
        """All measures of a sample.

        Args:
            images: uint8 [N, S, S, C] of any size S; the first `count` are measured.
            asked: Of a conditional generator, the class that was asked for of each image,
                int [N]; `None` where nothing was asked.
            told: The captions that were asked for, where images were asked for by captions.

        Returns:
            Plain numbers and strings, ready for JSON; `None` where a measure does not
            exist for this set:

            * `count`, `classes`, `resolution` of the images given
            * `measured_at`: height and width at which features are taken
            * `modes`, `reached`, `recognised`, `as_asked`, `kl`, `histogram`: see
              `ganzoo.metrics.modes`
            * `size_as_asked` and so on: see `ganzoo.metrics.attributes`
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
        result = self.judge(self.look_at(images, asked), images.shape[1])
        return result if told is None else self._with_captions(result, images, told)

    def _with_captions(
        self, result: dict[str, Any], images: np.ndarray, told: Told
    ) -> dict[str, Any]:
        """The result with measures of what captions say, where their meaning is known."""
        captions = self.data.captions
        if captions is None or captions.grammar is None:
            return result
        found = attributes.shares(captions.grammar, images, told.captions[: len(images)])
        if told.never is not None:
            never = told.never, told.never_captions
            found |= attributes.shares(captions.grammar, *never, attributes.NEVER_TRAINED)
        real = attributes.floor(self.data, self.count)
        beside = {name: real.get(name) for name in found}
        spread = {name: attributes.spread(share, len(images)) for name, share in beside.items()}
        floors = {"floor": beside, "floor_deviation": spread}
        return result | found | {key: result[key] | new for key, new in floors.items()}

    def look_at(self, images: np.ndarray, asked: np.ndarray | None = None) -> Sample:
        """What the measures need to know of images, one by one.

        Args:
            images: uint8 [N, S, S, C].
            asked: The class that was asked for of each, int [N or more], or `None`.
        """
        real, resolution = self._real, self._real.common(images.shape[1])
        features, probabilities = self.features.of(images)
        exact = None
        if not are_points(self.data.images):  # Many points are equal by chance.
            known, _ = real.middles(resolution)
            exact = is_among(images, known, resolution, self.data.channels)
        return Sample(
            features=features,
            probabilities=probabilities,
            energies=energies(images, resolution),
            neighbours=neighbours(features, real.training.features, real.held_out.features),
            exact=exact,
            asked=None if asked is None else np.asarray(asked)[: len(images)],
        )

    def judge(self, sample: Sample, resolution: int) -> dict[str, Any]:
        """All measures of images that were looked at, and the verdict, as `__call__` gives.

        Args:
            sample: `count` images at most.
            resolution: Of the images.
        """
        count, real = len(sample), self._real
        floor = self._floor(count)
        if sample.asked is None:
            floor = floor.without("as_asked")
        measures = self._measure(sample, resolution)
        evidence = Evidence(
            count=count,
            measures=measures,
            floor=floor.mean,
            deviation=floor.deviation,
            shares=real.shares if self.features.classes else np.zeros(0),
            exact=0 if sample.exact is None else int(sample.exact.sum()),
            exact_rate=0.0 if sample.exact is None else real.exact_rate(resolution),
            garbage=self._garbage(sample),
            close_rate=real.limits.close_rate,
            far_rate=real.limits.far_rate,
        )
        word, reason = verdict(evidence)
        return {
            "count": count,
            "classes": len(self.features.classes),
            "resolution": resolution,
            "measured_at": self.features.resolution,
            **dict.fromkeys(OF_CAPTIONS),
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
        count = len(sample)
        steepness = self._real.steepness(count, resolution)
        return self._reference(count).measure(sample, steepness) | self._known(sample)

    def _known(self, sample: Sample) -> dict[str, Any]:
        """Measures by the nearest real images, of which the sample may be copies."""
        found, part, limits = sample.neighbours, self._real.part, self._real.limits
        assert found is not None
        exact = np.zeros(len(sample), bool) if sample.exact is None else sample.exact
        told = not self._real.all_seen
        return {
            "memorisation": excess(found, part) if told else None,
            "memorisation_deviation": deviation(found, part) if told else None,
            "authenticity": self._authenticity(found),
            "copies": float((limits.copies(found) | exact).mean()),
            "outliers": float((limits.outliers(found) & ~exact).mean()),
        }

    def _authenticity(self, found: Neighbours) -> float:
        """Share of images that are no nearer to a training image than another one is.

        Where nothing was held out, the generator may have seen all real images.
        """
        distance = found.distance if self._real.all_seen else found.to_training
        authentic = authenticity.authentic(distance, self._beside(found), self._real.seen)
        return float(authentic.mean())

    def _beside(self, found: Neighbours) -> np.ndarray:
        """Which of the images that the generator may have seen is nearest, int64 [N]."""
        return found.row if self._real.all_seen else found.of_training

    def _garbage(self, sample: Sample) -> float:
        """Share of images that are as far from real ones as noise is."""
        assert sample.neighbours is not None
        return float(self._real.limits.garbage(sample.neighbours).mean())

    def _floor(self, count: int) -> Floor:
        """Measures of `count` real images, and their deviation by chance."""
        if count not in self._floors:
            of_reals = self._reference(count).measure
            steepness = self._real.steepness(count, self.data.resolution)
            drawn = chance(partial(of_reals, steepness=steepness), self._real.training, count)
            self._floors[count] = Floor(
                drawn.mean | self._known(self._real.held_out_as_fakes),
                drawn.deviation | self._known_deviation(count),
            )
        return self._floors[count]

    def _known_deviation(self, count: int) -> dict[str, Any]:
        """Deviation of the measures by the nearest real images, of `count` real images."""
        limits, real = self._real.limits, self._real.held_out_as_fakes
        rates = {"copies": limits.close_rate, "outliers": limits.far_rate}
        counted = {n: float(np.sqrt(rate * (1 - rate) / count)) for n, rate in rates.items()}
        few = real.first(count)
        assert few.neighbours is not None
        share = self._known(real)["authenticity"]
        return {
            "memorisation": self._known(few)["memorisation_deviation"],
            "authenticity": authenticity.deviation(share, self._beside(few.neighbours)),
        } | counted

    def _reference(self, count: int) -> Reference:
        """What is needed of the first `count` real images."""
        if count not in self._references:
            real = self._real
            features = real.held_out.features[:count]
            self._references[count] = reference(features, real.shares, real.groups)
        return self._references[count]


def headline(result: dict[str, Any]) -> str:
    """The result in a few words, for a line of a log."""
    parts = [result["verdict"]]
    if result["modes"] is not None:
        parts += [
            f"{result['modes']}/{result['classes']} modes",
            f"{result['recognised']:.0%} recognised",
        ]
    if result["as_asked"] is not None:
        parts.append(f"{result['as_asked']:.0%} as asked")
    parts.append(f"KID {result['kid']:.4f}")
    return ", ".join(parts)

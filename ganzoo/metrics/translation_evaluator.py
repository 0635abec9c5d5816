"""Scores of translations between the two domains of a set that knows the right answers."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from ganzoo.data.image_set import ImageSet
from ganzoo.data.named_sets import sets
from ganzoo.data.two_domains import TwoDomainSource
from ganzoo.errors import InputError
from ganzoo.metrics.fit_features import features_for
from ganzoo.metrics.translation import Domain, Translate, scores
from ganzoo.samples import enlarge

WAYS = {"ab": "a_to_b", "ba": "b_to_a"}  # Figures of a direction.


class TranslationEvaluator:
    """Scores translations of held-out images.

    The classifiers of both domains are fitted at the first call, and kept in the cache.

    Args:
        data: Name of a set of two domains.
        resolution: At which images are judged.
        per_class: Training images a class, as of the training; `None`: all.
        count: Held-out images of each domain that are translated, at most.
        report: Called with a line where something takes long.

    Raises:
        InputError: If the set does not know what its images show.
    """

    def __init__(
        self,
        data: str,
        resolution: int,
        per_class: int | None = None,
        count: int = 2800,
        report: Callable[[str], None] = lambda line: None,
    ):
        self.source, self.resolution, self.count = source_of(data), resolution, count
        self._per_class, self._report = per_class, report

    @cached_property
    def sets(self) -> tuple[ImageSet, ImageSet]:
        """A and B, labelled."""
        return self.source.domains(self.resolution, self._per_class)

    @cached_property
    def domains(self) -> tuple[Domain, Domain]:
        """A and B with what judges them."""
        first, second = (
            Domain.of(each, self.count, _judge(features_for(each, self._report)))
            for each in self.sets
        )
        return first, second

    def __call__(self, ways: Mapping[str, Translate]) -> dict[str, Any]:
        """The `scores` of each direction, `"ab"` and perhaps `"ba"`.

        Args:
            ways: A translation of uint8 images by its direction; what it makes may be smaller
                than the images that it is given.
        """
        a, b = self.domains
        found = {}
        for way, start, end in (("ab", a, b), ("ba", b, a)):
            if way in ways:
                there, back = (
                    None if each is None else self._enlarged(each)
                    for each in (ways[way], ways.get(way[::-1]))
                )
                assert there is not None
                found[way] = scores(start, end, there, back, self.source.same_pixels)
        return found

    def figures(self, ways: Mapping[str, Translate]) -> dict[str, Any]:
        """The figures of a snapshot.

        Returns:
            * `count`: images translated, of all directions
            * `a_to_b`, `b_to_a`: share of the images that become what they should, 0 to 1
            * `classes_a_to_b`, `classes_b_to_a`: classes of which most images do
            * `returned`: share of the images that are of their class again on their way back
        """
        found = self(ways)
        returned = [each["returned"] for each in found.values() if "returned" in each]
        return {
            "count": sum(each["count"] for each in found.values()),
            **{WAYS[way]: each["right"] for way, each in found.items()},
            **{f"classes_{WAYS[way]}": each["classes_right"] for way, each in found.items()},
            **({"returned": float(np.mean(returned))} if returned else {}),
        }

    def _enlarged(self, translate: Translate) -> Translate:
        return lambda images: enlarge(translate(images), self.resolution)


def source_of(data: str) -> TwoDomainSource:
    """The set of two domains called `data`.

    Raises:
        InputError: If it is none that knows what its images show.
    """
    found = sets.get(data) if data.partition(":")[0] in sets else None
    if not isinstance(found, TwoDomainSource):
        raise InputError(
            "Translations are scored where it is known what an image should become, as in the "
            f"sets letters-unown and thin-bold; {data!r} does not say. Train on one of these, "
            "or leave score out."
        )
    return found


def _judge(network: Any) -> Callable[[np.ndarray], np.ndarray]:
    def probabilities(images: np.ndarray) -> np.ndarray:
        found: np.ndarray = network.of(images)[1]
        return found

    return probabilities


def headline(figures: Mapping[str, Any]) -> str:
    """The figures of a snapshot in a few words, for a line of a log."""
    parts = [
        f"{name} {figures[key]:.0%} right ({figures[f'classes_{key}']} classes)"
        for key, name in (("a_to_b", "A to B"), ("b_to_a", "B to A"))
        if key in figures
    ]
    parts += [f"{figures['returned']:.0%} return"] if "returned" in figures else []
    return ", ".join(parts)

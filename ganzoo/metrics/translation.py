"""How often a translation shows what it should, where that is known and no training saw it.

A set of two domains whose images have further labels (`ganzoo.data.two_domains`) is scored by
them: an image of A should become an image of B of its class. Where the right answer is known
pixel for pixel, the translation is compared with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo.data.image_set import ImageSet
from ganzoo.data.sheet import by_turns
from ganzoo.metrics.modes import CONFIDENT

Translate = Callable[[np.ndarray], np.ndarray]
Judge = Callable[[np.ndarray], np.ndarray]  # Images to probabilities of classes, [N, C].


@dataclass(frozen=True)
class Domain:
    """One domain, as scores need it.

    Attributes:
        images: uint8 [N, H, W, C], each class in its turn.
        labels: int [N], of `classes`.
        classes: Names.
        judge: Gives the probabilities of the classes of images of this domain.
    """

    images: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    judge: Judge

    @classmethod
    def of(cls, data: ImageSet, count: int, judge: Judge) -> "Domain":
        """The first `count` held-out images of a labelled set."""
        shown = data if data.held_out is None else data.held_out
        rows = by_turns(shown.labels)[:count]
        return cls(shown.images[rows], shown.labels[rows], data.classes, judge)


def scores(
    source: Domain,
    target: Domain,
    there: Translate,
    back: Translate | None,
    same_pixels: bool = False,
) -> dict[str, Any]:
    """Scores of the translation of `source` to `target`.

    An image is right if the judge of the target gives its own class a probability of 0.9 or
    more. A class is right if most of its images are.

    Args:
        source: What is translated.
        target: What it becomes, with a class of the same name for each of the source.
        there: The translation, of uint8 images.
        back: The translation of what was made; `None` where there is none.
        same_pixels: Whether `target.images` are the right answers, in the same order.

    Returns:
        * `count`, `classes`: images and classes
        * `right`: share of the images, 0 to 1; `classes_right`: number of classes
        * `by_class`: by class the share that is right, and what most of its images become,
          `None` where that is no class: `{"A": {"right": 0.9, "most": "A"}}`
        * `returned`, `classes_returned`, `returned_difference`: of the way there and back, the
          same by the judge of the source, and the mean difference of pixels, 0 to 1
        * `difference`, `untranslated`: mean difference of pixels, 0 to 1, of the translation
          and of the image itself to the right answer
    """
    made = there(source.images)
    wanted = _labels_in(source, target)
    probabilities = target.judge(made)
    right = _right(probabilities, wanted)
    found: dict[str, Any] = {
        "count": len(made),
        "classes": len(np.unique(source.labels)),
        "right": float(right.mean()),
        "classes_right": _most(right, source.labels),
        "by_class": _by_class(source, target, right, probabilities),
    }
    if back is not None:
        again = back(made)
        returned = _right(source.judge(again), source.labels)
        found |= {
            "returned": float(returned.mean()),
            "classes_returned": _most(returned, source.labels),
            "returned_difference": difference(again, source.images),
        }
    if same_pixels:
        found |= {
            "difference": difference(made, target.images),
            "untranslated": difference(source.images, target.images),
        }
    return found


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """Mean absolute difference of uint8 images, 0 to 1."""
    return float(np.abs(one.astype(np.float64) - other).mean() / 255)


def _labels_in(source: Domain, target: Domain) -> np.ndarray:
    """Labels of the source's images as indices of the target's classes."""
    names = (source.classes[label] for label in source.labels)
    return np.array([target.classes.index(name) for name in names])


def _right(probabilities: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return probabilities[np.arange(len(wanted)), wanted] >= CONFIDENT


def _shares(right: np.ndarray, labels: np.ndarray) -> dict[int, float]:
    return {int(label): float(right[labels == label].mean()) for label in np.unique(labels)}


def _most(right: np.ndarray, labels: np.ndarray) -> int:
    """Classes of which more than half of the images are right."""
    return sum(share > 0.5 for share in _shares(right, labels).values())


def _by_class(
    source: Domain, target: Domain, right: np.ndarray, probabilities: np.ndarray
) -> Mapping[str, Mapping[str, Any]]:
    none = 1 - probabilities.sum(axis=1, keepdims=True)
    likeliest = np.concatenate([probabilities, none], axis=1).argmax(axis=1)
    names = (*target.classes, None)
    return {
        source.classes[label]: {
            "right": share,
            "most": names[np.bincount(likeliest[source.labels == label]).argmax()],
        }
        for label, share in _shares(right, source.labels).items()
    }

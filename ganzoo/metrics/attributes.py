"""Whether images show what captions say of them, attribute by attribute.

Each is read off the image by the grammar of the captions (`ganzoo.data.drawn_reading`). Beside
its figure stands that of real images, which are as their captions say.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo.conditions.condition import Requests
from ganzoo.data.captions import Grammar
from ganzoo.data.image_set import ImageSet

AT_ONCE = 500  # Images that are read at a time.
NEVER_TRAINED = "never_trained"


@dataclass(frozen=True, eq=False)
class Told:
    """Captions of images that were asked for by them.

    Attributes:
        captions: Of each image.
        never: Images of combinations that no training has, uint8 [M, H, W, C], or `None`.
        never_captions: The captions of these.
    """

    captions: Sequence[str]
    never: np.ndarray | None = None
    never_captions: Sequence[str] = ()


def measured(
    evaluator: Callable[..., dict[str, Any]],
    images: np.ndarray,
    asked: Requests | None,
    make: Callable[[np.ndarray], np.ndarray],
) -> dict[str, Any]:
    """All measures of a sample, and of whether it is what it was asked for.

    Args:
        evaluator: A `ganzoo.metrics.Evaluator`.
        images: uint8 [N, H, W, C].
        asked: What they were asked for, or `None`.
        make: Makes images of what a generator is given, int32 [N, ...]: they are made of
            combinations that no training has.
    """
    if asked is None:
        return evaluator(images, None)
    if not asked.captions:
        return evaluator(images, asked.classes)
    never = None if asked.never is None else make(asked.never)
    told = Told(asked.captions, never, asked.never_captions)
    return evaluator(images, asked.classes, told)


def shares(
    grammar: Grammar, images: np.ndarray, captions: Sequence[str], suffix: str = "as_asked"
) -> dict[str, float]:
    """Share of the images that show each attribute as asked, 0 to 1: `size_as_asked` and so on.

    Args:
        grammar: What the captions mean.
        images: uint8 [N, H, W, C].
        captions: Of each.
        suffix: What the names end in.
    """
    right: dict[str, list[np.ndarray]] = {name: [] for name in grammar.attributes}
    for start in range(0, len(images), AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        found = grammar.as_said(images[rows], captions[rows])
        for name, each in right.items():
            each.append(found[name])
    return {f"{name}_{suffix}": float(np.concatenate(r).mean()) for name, r in right.items()}


def floor(data: ImageSet, count: int) -> dict[str, float]:
    """What real images score: held-out ones of a set, or training images.

    Those of combinations that no training has are not in the set: what others score stands for
    them, as an attribute is read off one image alone.

    Args:
        data: The set.
        count: Images at most.
    """
    real = data if data.held_out is None else data.held_out
    if real.captions is None or real.captions.grammar is None:
        return {}
    rows = np.arange(min(count, len(real)))
    known = shares(real.captions.grammar, real.images[rows], real.captions.rows(rows))
    new = {name.replace("as_asked", NEVER_TRAINED): share for name, share in known.items()}
    return {**known, **new}


def spread(share: float | None, count: int) -> float | None:
    """The standard deviation of a share of `count` images by chance."""
    return None if share is None else float(np.sqrt(share * (1 - share) / count))

"""The verdict on samples of the drawn set whose faults are known, from 20 images on.

A sample is a mixture of parts, each a kind of image and its share.
GANZOO_KNOWN_SAMPLES=all asks for larger samples as well, up to 2,800.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy import ndimage

from ganzoo.data.forms import FORMS as NAMES
from ganzoo.data.forms import draw
from ganzoo.data.recipe import SIDE, expand
from ganzoo.metrics import Evaluator
from ganzoo.metrics.sample import Sample, mixture
from ganzoo.metrics.verdict import TOO_FEW

ALL = os.environ.get("GANZOO_KNOWN_SAMPLES") == "all"
COUNTS = (20, 60, 200, 1000, 2800) if ALL else (20, 60, 200)
EACH = 2800 if ALL else 200  # Images looked at of each kind.
DRAWS = 200
MOST_DRAWN = 1000 if ALL else 200
GARBAGE = ("unrecognisable",)
UNCLEAR = ("unrecognisable", "unclear")
UNLIKE = ("unrecognisable", "unclear", "collapsed")
FORMS = 28


def as_bytes(x: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(x), 0, 255).astype(np.uint8)


def blurred(x: np.ndarray, sigma: float) -> np.ndarray:
    return as_bytes(ndimage.gaussian_filter(x.astype(float), (0, sigma, sigma, 0)))


def halves(x: np.ndarray) -> np.ndarray:
    found = x.copy()
    found[:, :, 28:] = np.roll(x, 1, axis=0)[:, :, 28:]
    return found


def shuffled(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return rng.permutation(x.reshape(len(x), -1), axis=1).reshape(x.shape)


def kinds(
    fresh: np.ndarray, training: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[str, np.ndarray]]:
    """Images of each kind, of fresh real images and of training images [N, 56, 56, 1]."""
    yield "noise", rng.integers(0, 256, fresh.shape, np.uint8)
    yield "black", np.zeros_like(fresh)
    yield "negative", 255 - fresh
    yield "gray", as_bytes(0.5 * fresh + 64)
    yield "halves", halves(fresh)
    yield "means", as_bytes(0.5 * fresh + 0.5 * np.roll(fresh, 1, axis=0))
    yield "shuffled", shuffled(fresh, rng)
    for contrast in (0.3, 0.5, 0.7):
        yield f"contrast {contrast}", as_bytes(contrast * fresh)
    for sigma in (0.7, 1.0, 1.5, 2.0):
        yield f"blur {sigma}", blurred(fresh, sigma)
    yield "mirror", fresh[:, :, ::-1]
    yield (
        "one a form",
        as_bytes(fresh[np.arange(len(fresh)) % FORMS] + rng.normal(0, 3, fresh.shape)),
    )
    yield "copies", training
    for pixels in (1, 3):
        yield f"copies moved {pixels}", np.roll(training, pixels, axis=2)
    yield "copies mirrored", training[:, :, ::-1]
    yield "copies with noise", as_bytes(training + rng.normal(0, 5, training.shape))


@dataclass(frozen=True)
class Known:
    """A sample and the verdicts that are right on it.

    Attributes:
        name: For messages.
        parts: Kinds of images by their share; the rest are fresh real images.
        words: The right verdicts.
        few: Below so many images "too few images to tell" is right as well.
        forms: How many of the forms the fresh images show.
    """

    name: str
    parts: dict[str, float]
    words: tuple[str, ...]
    few: int = 0
    forms: int = FORMS

    def right(self, count: int) -> tuple[str, ...]:
        return (*self.words, TOO_FEW) if count < self.few else self.words

    def of(self, count: int, looked_at: dict[str, Sample], rng: np.random.Generator) -> Sample:
        """So many images; fresh ones stand form by form, in turn."""
        parts = []
        for kind, share in self.parts.items():
            parts.append(_draw(looked_at[kind], round(share * count), rng))
        fresh = looked_at["fresh"]
        fresh = fresh.take(np.arange(len(fresh)) % FORMS < self.forms)
        return mixture([*parts, _draw(fresh, count - sum(map(len, parts)), rng)])


def _draw(sample: Sample, count: int, rng: np.random.Generator) -> Sample:
    return sample.take(rng.choice(len(sample), count, replace=count > len(sample)))


def _all(words: tuple[str, ...], *names: str) -> list[Known]:
    return [Known(name, {name: 1.0}, words) for name in names]


def _part(share: float, words: tuple[str, ...], *names: str) -> list[Known]:
    return [Known(f"{share:.0%} {name}", {name: share}, words) for name in names]


def _of_forms(forms: int, few: int) -> Known:
    return Known(f"{forms} forms", {}, ("collapsed",), few, forms)


def known_samples(labelled: bool) -> list[Known]:
    """Samples with the right verdicts, of the drawn set with its classes or without."""
    few = (60, 60, 100, 200) if labelled else (60, 200, 200, 200)
    forms = (1, 3, 7, 14) if labelled else (1, 3, 7, 10)
    return [
        Known("real", {}, ("healthy",), few=100),
        *_all(GARBAGE, "noise", "black", "negative", "gray", "halves", "means", "shuffled"),
        *_all(GARBAGE, "contrast 0.3", "contrast 0.5"),
        Known("contrast 0.7", {"contrast 0.7": 1.0}, UNCLEAR, few=60),
        *_part(0.2, GARBAGE, "noise", "negative"),
        *_part(0.45, GARBAGE, "negative"),
        *_part(0.5, GARBAGE, "noise", "black"),
        *_part(0.9, GARBAGE, "noise", "means"),
        *_part(0.3, UNCLEAR, "halves", "means", "shuffled"),
        *_all(("blurred",), "blur 0.7", "blur 1.0", "blur 1.5"),
        *_all(("blurred", "unrecognisable"), "blur 2.0"),
        *_all(UNLIKE, "mirror"),
        *map(_of_forms, forms, few),
        *([_of_forms(21, 200)] if labelled else []),
        Known("one a form", {"one a form": 1.0}, ("collapsed",), few=60),
        *_all(("memorised",), "copies", "copies moved 1", "copies moved 3", "copies mirrored"),
        *_all(("memorised",), "copies with noise"),
        *_part(0.05, ("memorised",), "copies"),
        *_part(0.1, ("memorised",), "copies", "copies mirrored"),
        *_part(0.5, ("memorised",), "copies", "copies with noise"),
    ]


@pytest.fixture(scope="module", params=["classes", "no classes"])
def judge(request, unown, evaluator, without_classes):
    if request.param == "classes":
        return Evaluator(unown, 2800, evaluator.features)
    held_out = replace(unown.held_out, labels=0 * unown.held_out.labels, classes=("image",))
    data = replace(unown, labels=0 * unown.labels, classes=("image",), held_out=held_out)
    return Evaluator(data, 2800, without_classes)


@pytest.fixture(scope="module")
def drawn(fresh):
    """Fresh images, as many as the largest sample: more than once is a near-copy."""
    if not ALL:
        return fresh
    originals = [draw(form, SIDE) for form in NAMES]
    return expand(originals, NAMES, 56, EACH // FORMS, seed=2).images


@pytest.fixture(scope="module")
def looked_at(judge, unown, drawn):
    fresh, rng = drawn, np.random.default_rng(1)
    training = unown.images[rng.choice(len(unown), EACH, replace=False)]
    found = {name: judge.look_at(x) for name, x in kinds(fresh[:EACH], training, rng)}
    return found | {"fresh": judge.look_at(fresh)}


@pytest.mark.parametrize("count", COUNTS)
def test_known_samples_get_the_right_verdict(judge, looked_at, count):
    rng = np.random.default_rng(count)
    wrong = []
    for sample in known_samples(labelled=bool(judge.features.classes)):
        result = judge.judge(sample.of(count, looked_at, rng), 56)
        if result["verdict"] not in sample.right(count):
            wrong.append(f"{sample.name}: {result['verdict']}, {result['reason']}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("count", [n for n in COUNTS if n <= MOST_DRAWN])
def test_real_images_are_called_faulty_in_fewer_than_1_of_200_draws(judge, looked_at, count):
    rng = np.random.default_rng(count)
    fresh = looked_at["fresh"]
    draws = (rng.choice(len(fresh), count, replace=False) for _ in range(DRAWS))
    words = Counter(judge.judge(fresh.take(rows), 56)["verdict"] for rows in draws)
    assert set(words) == {"healthy" if count >= 100 else "too few images to tell"}

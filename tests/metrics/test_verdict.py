"""Words and reasons, by figures of samples beside those of real images."""

from dataclasses import replace

import numpy as np
import pytest

from ganzoo.metrics.verdict import Evidence, enough, modes_by_chance, verdict

REAL = {
    **{"modes": 28.0, "recognised": 0.99, "kl": 0.02, "groups": None, "kid": 0.0},
    **{"precision": 0.97, "coverage": 0.97, "near_copies": 0.01, "sharpness": 1.0},
    **{"memorisation": 0.0, "memorisation_deviation": 0.05, "copies": 0.005, "outliers": 0.0},
}
GOOD = REAL | {
    **{"modes": 28, "recognised": 0.97, "precision": 0.9, "coverage": 0.9},
    **{"memorisation": 0.02, "sharpness": 0.95, "outliers": 0.02},
}
CHANCE = dict.fromkeys(REAL, 0.01) | {"modes": 0.1}


def evidence(classes=28, count=2800, **changes):
    own = {name: changes.pop(name) for name in list(changes) if name in REAL}
    if not classes:
        own = {"modes": None, "recognised": None, "kl": None, "groups": 20} | own
    shares = np.full(classes, 1 / classes) if classes else np.zeros(0)
    floor = REAL | {"groups": 20.0}
    return Evidence(count, GOOD | own, floor, CHANCE | {"groups": 0.1}, shares, **changes)


@pytest.mark.parametrize(
    ("changes", "word", "reason"),
    [
        ({}, "healthy", "28 of 28 modes, 97% of the images clear (real images: 99%, 97% to"),
        ({"recognised": 0.09}, "unrecognisable", "9% of the images show a mode (real images:"),
        (
            {"outliers": 0.9, "recognised": 0.15},
            "unrecognisable",
            "90% of the images are unlike",
        ),
        ({"outliers": 0.9}, "unclear", "90% of the images are unlike every real one"),
        ({"outliers": 0.2}, "unclear", "20% of the images are unlike every real one"),
        ({"outliers": 0.2, "garbage": 0.2}, "unrecognisable", "20% of the images are unlike"),
        (
            {"kid": 2.0, "precision": 0.2},
            "unrecognisable",
            "KID 2.00 (real images: 0.00, -0.02",
        ),
        ({"kid": 2.0}, "collapsed", "a part of the set is missing: KID 2.00"),
        ({"sharpness": 0.5}, "blurred", "sharpness 0.50 (real images: 1.00, 0.98 to 1.02)"),
        ({"sharpness": 0.3, "modes": 9}, "blurred", "sharpness 0.30"),
        ({"sharpness": 0.3, "recognised": 0.0}, "blurred", "sharpness 0.30"),
        ({"modes": 25}, "collapsed", "25 of 28 modes (real images: 28, 28 to 28)"),
        ({"modes": 24, "recognised": 0.3}, "unclear", "30% of the images show a mode clearly"),
        ({"modes": 16, "recognised": 0.3}, "collapsed", "16 of 28 modes"),
        ({"modes": 26}, "healthy", "26 of 28 modes"),
        ({"kl": 1.3}, "collapsed", "shares of the modes unlike the set's: KL 1.30"),
        ({"near_copies": 0.3}, "collapsed", "30% of the images are near-copies"),
        ({"memorisation": 0.5}, "memorised", "about 50% of the images are copies"),
        ({"memorisation": 0.5, "modes": 9}, "collapsed", "9 of 28 modes"),
        ({"copies": 0.2}, "memorised", "20% of the images are nearer to a training image"),
        ({"exact": 1}, "memorised", "1 of 2,800 images are training images, pixel for pixel"),
        ({"exact": 9, "exact_rate": 0.01}, "healthy", "28 of 28 modes"),
        ({"exact": 90, "exact_rate": 0.01}, "memorised", "90 of 2,800 images are training"),
        ({"memorisation": None, "memorisation_deviation": None}, "healthy", "28 of 28"),
        ({"recognised": 0.4}, "unclear", "40% of the images show a mode clearly"),
    ],
)
def test_verdicts(changes, word, reason):
    found = verdict(evidence(**changes))
    assert found[0] == word and reason in found[1]


@pytest.mark.parametrize(
    ("chance", "word"), [(0.05, "memorised"), (0.09, "memorised"), (0.11, "healthy")]
)
def test_what_chance_gives_is_not_called_memorised(chance, word):
    found = evidence(memorisation=0.5, memorisation_deviation=chance)
    assert verdict(found)[0] == word


@pytest.mark.parametrize("name", ["sharpness", "modes", "near_copies", "kid", "kl"])
def test_a_limit_is_passed_only_by_more_than_chance(name):
    bad = {"sharpness": 0.5, "modes": 9, "near_copies": 0.6, "kid": 2.0, "kl": 1.3}[name]
    known = evidence(**{name: bad})
    assert verdict(known)[0] in ("blurred", "collapsed")
    limit = 9.9 if name in ("kid", "kl") else 4.9
    wide = replace(known, deviation=CHANCE | {name: abs(bad - REAL[name]) / limit})
    assert verdict(wide)[0] == "healthy"


@pytest.mark.parametrize(
    ("changes", "word", "reason"),
    [
        ({}, "healthy", "90% near a real image (real images: 97%, 95% to 99%), 90% of these"),
        ({"outliers": 0.9}, "unrecognisable", "90% of the images are unlike every real one"),
        ({"groups": 9}, "collapsed", "9 groups of images (real images: 20, 20 to 20)"),
        ({"precision": 0.1}, "unclear", "10% of the images are near a real one"),
        ({"near_copies": 0.9}, "collapsed", "90% of the images are near-copies"),
    ],
)
def test_verdicts_without_classes(changes, word, reason):
    found = verdict(evidence(classes=0, **changes))
    assert found[0] == word and reason in found[1]


def test_where_not_even_real_images_are_recognised_classes_do_not_count():
    blind = evidence(modes=0, recognised=0.0, groups=20)
    blind = replace(blind, floor=REAL | {"recognised": 0.09, "modes": 3.0, "groups": 20.0})
    word, reason = verdict(blind)
    assert word == "healthy"
    assert reason.endswith(
        "; classes are not judged, as the features recognise 9% of the real images"
    )
    assert verdict(replace(blind, measures=blind.measures | {"groups": 5}))[0] == "collapsed"


@pytest.mark.parametrize(
    ("classes", "needed"), [(0, 100), (2, 100), (10, 100), (28, 100), (100, 300), (1000, 1000)]
)
def test_few_images_without_a_fault_are_too_few_to_tell(classes, needed):
    few = evidence(classes, count=needed - 1, **({"modes": classes} if classes else {}))
    few = replace(few, floor=few.floor | {"modes": classes})
    assert enough(few) == needed
    word, reason = verdict(few)
    assert word == "too few images to tell"
    assert reason == f"{needed - 1} show no fault, and {needed} would tell"
    assert verdict(replace(few, count=needed))[0] == "healthy"


def test_modes_by_chance_are_those_of_draws():
    rng = np.random.default_rng(0)
    shares = np.array([0.5, 0.3, 0.15, 0.05])
    for count in (3, 10, 100):
        least = np.maximum(0.1 * shares * count, 1.0)
        draws = (rng.multinomial(count, shares, 20_000) >= least).sum(axis=1)
        mean, deviation = modes_by_chance(shares, count)
        assert mean == pytest.approx(draws.mean(), abs=0.03)
        assert draws.std() <= deviation + 0.01 < draws.std() + 0.4

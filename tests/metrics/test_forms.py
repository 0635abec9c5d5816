"""Forms covered, recognised images, evenness; copies; sharpness; verdicts."""

import numpy as np
import pytest
from scipy import ndimage

from ganzoo.metrics.forms import forms
from ganzoo.metrics.memorisation import deviation, memorisation, near_copies, near_copy_distance
from ganzoo.metrics.sharpness import sharpness, steepness
from ganzoo.metrics.verdict import verdict


def one_hot(labels, classes, confidence=0.95):
    return np.eye(classes)[labels] * confidence


def test_a_form_counts_from_a_tenth_of_its_fair_share_on():
    # 200 images of 4 forms: a fair share is 50, a tenth of it 5.
    labels = np.repeat([0, 1, 2, 3], [150, 41, 5, 4])
    found = forms(one_hot(labels, 4))
    assert (found.covered, found.recognised) == (3, 1.0)
    assert found.histogram.tolist() == [150, 41, 5, 4]
    p = np.array([150, 41, 5, 4]) / 200
    assert found.kl == pytest.approx((p * np.log(4 * p)).sum(), rel=1e-12)


def test_images_without_confidence_count_for_no_form():
    unsure = one_hot(np.repeat([0, 1], 50), 2, confidence=0.89)
    sure = one_hot(np.repeat([0, 1], 50), 2, confidence=0.9)
    assert forms(np.concatenate([unsure, sure])).recognised == 0.5
    nothing = forms(unsure)
    assert (nothing.covered, nothing.recognised) == (0, 0.0)
    assert nothing.kl == pytest.approx(np.log(2))


def test_uneven_sets_are_measured_by_their_own_shares():
    labels = np.repeat([0, 1], [90, 10])
    found = forms(one_hot(labels, 2), np.array([0.9, 0.1]))
    assert found.kl == pytest.approx(0.0, abs=1e-12) and found.covered == 2


def test_memorisation_is_the_share_of_copies(rng):
    training, held_out = rng.standard_normal((600, 4)), rng.standard_normal((200, 4))
    fresh = rng.standard_normal((4000, 4))
    # Fakes share neighbours, hence more room than the deviation of independent ones.
    assert abs(memorisation(fresh, training, held_out)) < 0.15
    assert memorisation(training, training, held_out) == 1.0
    assert memorisation(held_out, training, held_out) == pytest.approx(-3.0)
    half = np.concatenate([fresh[:500], training[:500]])
    assert memorisation(half, training, held_out) == pytest.approx(0.5, abs=0.1)
    both = memorisation(training, training, training)
    assert both == 0.0  # nothing but ties


def test_of_a_part_of_the_training_images_copies_of_all_are_told(rng):
    everything, held_out = rng.normal(size=(2000, 8)), rng.normal(size=(250, 8))
    looked_at, part = everything[:500], 0.25
    assert memorisation(everything, looked_at, held_out, part) == pytest.approx(1.0, abs=0.3)
    fresh = rng.normal(size=(2000, 8))
    assert abs(memorisation(fresh, looked_at, held_out, part)) < 0.5


def test_memorisation_varies_by_chance_as_is_said(rng):
    values = []
    for _ in range(300):
        training, held_out, fresh = (rng.normal(size=(n, 8)) for n in (1000, 200, 20))
        values.append(memorisation(fresh, training, held_out))
    assert np.std(values) == pytest.approx(deviation(20, training, held_out), rel=0.15)


def test_near_copies_are_rare_among_real_images_and_all_of_repeated_ones(rng):
    real, other = rng.standard_normal((2, 1000, 4))
    distance = near_copy_distance(real)
    assert near_copies(real, distance) == pytest.approx(0.01, abs=0.001)
    assert near_copies(other, distance) == pytest.approx(0.01, abs=0.01)
    assert near_copies(np.concatenate([other[:500]] * 2), distance) == 1.0


def test_real_images_that_are_there_twice_do_not_hide_copies(rng):
    real, other = rng.standard_normal((2, 1000, 4))
    twice = np.concatenate([real, real[:50] + 1e-9])
    assert near_copy_distance(twice) == pytest.approx(near_copy_distance(real), rel=0.1)
    for reals in (twice, np.concatenate([real, real])):
        assert near_copies(np.concatenate([other[:500]] * 2), near_copy_distance(reals)) == 1.0


def test_sharpness_of_noise_is_known_and_blur_lowers_it(rng):
    noise = rng.integers(0, 256, (50, 40, 40, 1), np.uint8)
    assert steepness(noise) == pytest.approx(4.0, rel=0.02)
    assert steepness(noise // 2) == pytest.approx(4.0, rel=0.02)
    assert steepness(np.full((2, 8, 8, 3), 7, np.uint8)) == 0.0
    soft = ndimage.gaussian_filter(noise, (0, 1, 1, 0))
    assert sharpness(soft, noise) < 0.5
    assert sharpness(noise, noise) == 1.0


def test_sharpness_compares_at_the_smaller_size(rng):
    coarse = rng.integers(0, 256, (20, 10, 10, 3), np.uint8)
    fine = coarse.repeat(2, axis=1).repeat(2, axis=2)
    assert sharpness(coarse, fine) == 1.0
    assert sharpness(fine, coarse) == 1.0


REAL = {"forms": 28, "recognised": 0.99}
GOOD = {
    **{"forms": 28, "recognised": 0.97, "precision": 0.9, "coverage": 0.9},
    **{"near_copies": 0.01, "memorisation": 0.02, "sharpness": 0.95},
}


@pytest.mark.parametrize(
    ("changes", "word", "reason"),
    [
        ({}, "healthy", "28 of 28 forms, 97% of the images clear"),
        ({"recognised": 0.09, "forms": 28}, "unrecognisable", "9% of the images show a form"),
        ({"forms": 25}, "collapsed", "25 of 28 forms"),
        ({"forms": 24, "recognised": 0.3}, "unclear", "30% of the images show a form"),
        ({"forms": 16, "recognised": 0.3}, "collapsed", "16 of 28 forms"),
        ({"forms": 26}, "healthy", "26 of 28 forms"),
        ({"near_copies": 0.3}, "collapsed", "30% of the images are near-copies"),
        ({"memorisation": 0.5}, "memorised", "about 50% of the images are copies"),
        ({"memorisation": None}, "healthy", "28 of 28"),
        ({"sharpness": 0.5}, "blurred", "0.50 of the sharpness"),
        ({"recognised": 0.4}, "unclear", "40% of the images show a form clearly"),
    ],
)
def test_verdicts(changes, word, reason):
    found = verdict(GOOD | changes, REAL, 28)
    assert found[0] == word and reason in found[1]


@pytest.mark.parametrize(("chance", "word"), [(0.1, "memorised"), (0.15, "healthy")])
def test_what_chance_gives_is_not_called_memorised(chance, word):
    assert verdict(GOOD | {"memorisation": 0.5}, REAL, 28, chance)[0] == word


@pytest.mark.parametrize(
    ("forms", "recognised", "word"),
    [(26, 0.4, "healthy"), (24, 0.4, "healthy"), (23, 0.4, "collapsed"), (24, 0.3, "unclear")],
)
def test_verdicts_ask_no_more_than_real_images_give(forms, recognised, word):
    real = {"forms": 26, "recognised": 0.7}
    assert verdict(GOOD | {"forms": forms, "recognised": recognised}, real, 28)[0] == word


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "healthy"),
        ({"precision": 0.01}, "unrecognisable"),
        ({"coverage": 0.05}, "collapsed"),
    ],
)
def test_verdicts_without_classes(changes, word):
    none = {"forms": None, "recognised": None}
    assert verdict(GOOD | none | changes, none, 0)[0] == word


@pytest.mark.parametrize(
    ("recognised", "changes", "word"),
    [
        (0.09, {}, "healthy"),
        (0.09, {"precision": 0.01}, "unrecognisable"),
        (0.09, {"coverage": 0.05}, "collapsed"),
        (0.11, {}, "unrecognisable"),
    ],
)
def test_verdicts_where_not_even_real_images_are_recognised(recognised, changes, word):
    real = {"forms": 3, "recognised": recognised}
    none = {"forms": 0, "recognised": 0.0}
    assert verdict(GOOD | none | changes, real, 6)[0] == word

"""Modes covered, recognised images, evenness; copies; sharpness."""

import numpy as np
import pytest
from scipy import ndimage

from ganzoo.metrics.memorisation import (
    deviation,
    excess,
    held_out_neighbours,
    memorisation,
    near_copies,
    near_copy_distance,
    neighbours,
    training_neighbours,
)
from ganzoo.metrics.modes import as_asked, modes
from ganzoo.metrics.sharpness import sharpness, steepness


def one_hot(labels, classes, confidence=0.95):
    return np.eye(classes)[labels] * confidence


def test_a_mode_counts_from_a_tenth_of_its_fair_share_on():
    # 200 images of 4 modes: a fair share is 50, a tenth of it 5.
    labels = np.repeat([0, 1, 2, 3], [150, 41, 5, 4])
    found = modes(one_hot(labels, 4))
    assert (found.covered, found.recognised) == (3, 1.0)
    assert found.histogram.tolist() == [150, 41, 5, 4]
    p = np.array([150, 41, 5, 4]) / 200
    assert found.kl == pytest.approx((p * np.log(4 * p)).sum(), rel=1e-12)


def test_images_without_confidence_count_for_no_mode():
    unsure = one_hot(np.repeat([0, 1], 50), 2, confidence=0.89)
    sure = one_hot(np.repeat([0, 1], 50), 2, confidence=0.9)
    assert modes(np.concatenate([unsure, sure])).recognised == 0.5
    nothing = modes(unsure)
    assert (nothing.covered, nothing.recognised) == (0, 0.0)
    assert nothing.kl == pytest.approx(np.log(2))


def test_uneven_sets_are_measured_by_their_own_shares():
    labels = np.repeat([0, 1], [90, 10])
    found = modes(one_hot(labels, 2), np.array([0.9, 0.1]))
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


@pytest.mark.parametrize("spread", [1.0, 0.3], ids=["like real ones", "of little variety"])
def test_memorisation_varies_by_chance_as_is_said(rng, spread):
    values, stated = [], []
    for _ in range(300):
        training, held_out, fake = (rng.normal(size=(n, 8)) for n in (1000, 200, 100))
        found = neighbours(spread * fake, training, held_out)
        values.append(excess(found))
        stated.append(deviation(found))
    independent = np.sqrt(1000 / 200 / 100)
    assert np.std(values) == pytest.approx(np.mean(stated), rel=0.15)
    assert abs(np.mean(values)) < 4 * np.mean(stated) / np.sqrt(300)
    assert min(stated) >= independent
    assert np.mean(stated) > 1.5 * independent or spread == 1.0


def test_the_deviation_is_that_of_the_formula():
    training, held_out = np.array([[0.0], [10.0], [20.0]]), np.array([[30.0]])
    fake = np.array([[0.1], [0.2], [-0.1], [10.1], [29.0]])  # Of neighbours 3, 1, 0 and 1.
    found = neighbours(fake, training, held_out)
    assert found.row.tolist() == [0, 0, 0, 1, 3]
    assert deviation(found) == pytest.approx(np.sqrt(3 * (9 + 1 + 1)) / 5)
    assert deviation(found, part=0.5) == pytest.approx(2 * deviation(found))
    assert excess(found) == pytest.approx((4 / 5 - 3 / 4) / (1 / 4))


def test_real_images_have_no_copies_among_the_others(rng):
    training, held_out = rng.normal(size=(900, 8)), rng.normal(size=(300, 8))
    one = held_out_neighbours(training, held_out)
    assert one.null == 900 / 1199 and abs(excess(one)) < 4 * deviation(one)
    other = training_neighbours(training, held_out, 200)
    assert other.null == 899 / 1199 and abs(excess(other)) < 4 * deviation(other)
    assert (len(one.row), len(other.row)) == (300, 200)
    assert min(one.distance.min(), other.distance.min()) > 0


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


def test_as_asked_is_the_share_that_surely_shows_the_class_asked_for():
    probabilities = np.array([[0.95, 0.0], [0.9, 0.05], [0.89, 0.1], [0.02, 0.97]])
    assert as_asked(probabilities, np.array([0, 0, 0, 1])) == 0.75
    assert as_asked(probabilities, np.array([1, 1, 1, 0])) == 0.0
    assert as_asked(probabilities, np.array([0, 1, 0, 1])) == 0.5

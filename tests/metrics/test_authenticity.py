"""Authenticity, by known answers and by all distances."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from ganzoo.metrics.authenticity import authentic, authenticity, deviation
from ganzoo.metrics.distances import nearest_other, nearest_row


def test_points_on_a_line():
    training = np.array([[0.0], [10.0], [11.0]])
    fake = np.array([[1.0], [9.5], [8.0], [13.0], [-20.0]])
    # Nearest training point and its nearest other one: 0 (10), 10 (1), 10 (1), 11 (1), 0 (10).
    found = authentic(*nearest_row(fake, training), training)
    assert found.tolist() == [False, False, True, True, True]
    assert authenticity(fake, training) == 0.6


def test_copies_have_none_and_noise_has_all(rng):
    training = rng.standard_normal((2000, 8))
    assert authenticity(training[:500], training) == 0
    assert authenticity(training[:500] + 1e-4, training) == 0
    assert authenticity(training[:500] + 50, training) == 1
    # A copy of what is there twice is no nearer than the two are, and is a copy nevertheless.
    twice = np.concatenate([training, training])
    assert authenticity(training[:500], twice) == 0


def test_it_is_that_of_all_distances(rng):
    training, fake = rng.standard_normal((900, 5)), rng.standard_normal((700, 5))
    between, within = cdist(fake, training), cdist(training, training)
    np.fill_diagonal(within, np.inf)
    row = between.argmin(axis=1)
    expected = within.min(axis=1)[row] < between.min(axis=1)
    assert 0.3 < expected.mean() < 0.7
    np.testing.assert_array_equal(authentic(*nearest_row(fake, training), training), expected)


def test_an_image_of_the_set_itself_is_held_against_the_others(rng):
    real = rng.standard_normal((300, 3))
    places = np.arange(300)
    found = authentic(*nearest_other(real, places), real)
    for i in (0, 17, 299):
        others = np.delete(real, i, axis=0)
        alone = authentic(*nearest_row(real[i : i + 1], others), others)
        assert found[i] == alone[0]
    alone = [authenticity(real[[i]], np.delete(real, i, axis=0)) for i in range(300)]
    assert found.mean() == pytest.approx(np.mean(alone), abs=1e-12)


def test_the_stated_deviation_is_that_of_draws_and_a_little_more(rng):
    training = rng.standard_normal((400, 4))
    pool = rng.standard_normal((20_000, 4))
    distance, row = nearest_row(pool, training)
    answers = authentic(distance, row, training)
    draws = [rng.choice(20_000, 300) for _ in range(400)]
    seen = np.std([answers[draw].mean() for draw in draws])
    stated = np.mean([deviation(answers.mean(), row[draw]) for draw in draws])
    assert 1.0 < stated / seen < 1.6
    assert deviation(0.5, np.arange(100)) == pytest.approx(0.05)
    assert deviation(0.5, np.zeros(100, int)) == pytest.approx(0.5)

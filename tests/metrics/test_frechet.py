"""The Frechet distance where it is known exactly."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from ganzoo.metrics.frechet import frechet


def with_moments(rng, count, mean, covariance):
    """A sample whose mean and covariance are exactly these."""
    x = rng.standard_normal((count, len(mean)))
    x -= x.mean(axis=0)
    white = x @ np.linalg.inv(np.linalg.cholesky(np.cov(x, rowvar=False))).T
    return white @ np.linalg.cholesky(covariance).T + mean


def test_commuting_covariances_have_a_closed_form(rng):
    x = with_moments(rng, 50, np.zeros(3), np.diag([1.0, 4.0, 9.0]))
    y = with_moments(rng, 70, np.array([1.0, -2.0, 0.5]), np.diag([4.0, 1.0, 16.0]))
    # |means|^2 + sum of (deviation - deviation)^2
    assert frechet(x, y) == pytest.approx((1 + 4 + 0.25) + (1 + 1 + 1), rel=1e-12)


def test_other_covariances_agree_with_the_root_of_the_matrix(rng):
    a, b = rng.standard_normal((2, 5, 5))
    first, second = a @ a.T + np.eye(5), b @ b.T + np.eye(5)
    x = with_moments(rng, 40, np.zeros(5), first)
    y = with_moments(rng, 40, np.ones(5), second)
    expected = 5 + np.trace(first + second - 2 * np.real(sqrtm(first @ second)))
    assert frechet(x, y) == pytest.approx(expected, rel=1e-10)


def test_a_sample_is_at_no_distance_from_itself_even_where_it_is_flat(rng):
    x = rng.standard_normal((10, 30))  # fewer rows than features: a singular covariance
    assert abs(frechet(x, x)) < 1e-12
    shifted = x + np.array([3.0] + [0.0] * 29)
    assert frechet(x, shifted) == pytest.approx(9.0, rel=1e-12)
    assert frechet(x, 2 * x) == pytest.approx(frechet(2 * x, x), rel=1e-12)


@pytest.mark.parametrize("rows", [200, 1600])
def test_the_bias_at_64_features_is_2200_over_n(rng, rows):
    found = [frechet(*rng.standard_normal((2, rows, 64))) for _ in range(4)]
    assert np.mean(found) * rows == pytest.approx(2200, rel=0.04)


def test_one_row_has_no_covariance():
    with pytest.raises(ValueError, match="2 rows"):
        frechet(np.ones((1, 3)), np.ones((5, 3)))

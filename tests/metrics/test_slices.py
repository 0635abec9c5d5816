"""The sliced Wasserstein distance, by closed forms and by SciPy line by line."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from ganzoo.metrics.slices import directions, sliced_wasserstein, slices


@pytest.mark.parametrize("features, count", [(1, 256), (10, 260), (64, 256), (400, 256)])
def test_directions_are_orthonormal_bases_and_always_the_same(features, count):
    found = directions(features)
    size = min(features, 256)
    assert found.shape == (features, count)
    for start in range(0, count, size):
        basis = found[:, start : start + size]
        np.testing.assert_allclose(basis.T @ basis, np.eye(size), atol=1e-12)
    kept = found.copy()
    directions.cache_clear()
    np.testing.assert_array_equal(directions(features), kept)


@pytest.mark.parametrize("features", [2, 10, 64])
def test_a_sample_moved_by_s_in_every_feature_is_three_times_s_squared_times_f(rng, features):
    x = rng.standard_normal((300, features))
    move = rng.standard_normal(features)
    assert sliced_wasserstein(x, x) == 0
    found = sliced_wasserstein(x + 0.7, x)
    assert found == pytest.approx(3 * 0.7**2 * features, rel=1e-12)
    found = sliced_wasserstein(x, x - move)
    assert found == pytest.approx(3 * (move**2).sum(), rel=1e-12)


def test_shifted_normals(rng):
    x, y = rng.standard_normal((2, 8_000, 16))
    apart = sliced_wasserstein(x, y + 0.5)
    assert apart == pytest.approx(3 * 0.25 * 16, rel=0.04)
    # Deviations 1 and 2 are 1 apart on every line.
    assert sliced_wasserstein(x, 2 * y) == pytest.approx(3 * 16, rel=0.04)
    assert 0 < sliced_wasserstein(x, y) < 0.01 * apart


def test_with_2048_features_too(rng):
    x = rng.standard_normal((50, 2048))
    move = rng.standard_normal(2048)
    # 256 lines of 2,048 dimensions: 3 |m|^2 within chance.
    found = sliced_wasserstein(x + move, x)
    assert found == pytest.approx(3 * (move**2).sum(), rel=0.3)


@pytest.mark.parametrize("n, m", [(12, 12), (8, 12), (12, 5), (7, 1)])
def test_each_line_has_the_cheapest_of_all_assignments(rng, n, m):
    x, y = rng.standard_normal((n, 3)), 1.5 * rng.standard_normal((m, 3)) + 0.2
    whole = np.lcm(n, m)
    costs = []
    for line in directions(3).T[:9]:
        a, b = (np.repeat(z @ line, whole // len(z)) for z in (x, y))
        cost = np.square(a[:, None] - b)
        costs.append(cost[linear_sum_assignment(cost)].mean())
    found = [sliced_wasserstein_on(line, x, y) for line in directions(3).T[:9]]
    np.testing.assert_allclose(found, costs, rtol=1e-12)
    every = [sliced_wasserstein_on(line, x, y) for line in directions(3).T]
    assert sliced_wasserstein(x, y) == pytest.approx(9 * np.mean(every), rel=1e-12)
    assert sliced_wasserstein(x, y, slices(y)) == sliced_wasserstein(x, y)


def sliced_wasserstein_on(line, x, y):
    """W_2 squared on one line, from quantiles at the middle of every part."""
    whole = np.lcm(len(x), len(y))
    middles = (np.arange(whole) + 0.5) / whole
    a, b = (np.sort(z @ line)[(middles * len(z)).astype(int)] for z in (x, y))
    return float(np.square(a - b).mean())


def test_equal_moments_do_not_hide_a_difference(rng):
    from ganzoo.metrics.frechet import frechet

    x = rng.standard_normal((2000, 4))
    two = np.sign(rng.standard_normal((2000, 4)))  # Mean 0 and variance 1, too.
    two -= two.mean(axis=0)
    x = (x - x.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(x.T)).T)
    two = two @ np.linalg.inv(np.linalg.cholesky(np.cov(two.T)).T)
    assert frechet(x, two) == pytest.approx(0, abs=1e-9)
    assert sliced_wasserstein(x, two) > 0.5


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match="1 row or more"):
        sliced_wasserstein(np.zeros((0, 4)), np.zeros((3, 4)))

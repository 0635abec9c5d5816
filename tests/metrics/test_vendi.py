"""The Vendi score, by closed forms and by all similarities."""

import numpy as np
import pytest

from ganzoo.metrics.vendi import vendi


def test_images_that_are_alike_count_as_one(rng):
    one = rng.standard_normal((1, 64))
    assert vendi(np.repeat(one, 500, axis=0)) == pytest.approx(1, abs=1e-12)
    assert vendi(one * rng.uniform(0.1, 9, (500, 1))) == pytest.approx(1, abs=1e-12)
    assert vendi(one) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("groups", [2, 7, 64])
def test_orthogonal_groups_of_one_size_are_counted(rng, groups):
    axes = np.linalg.qr(rng.standard_normal((64, 64)))[0][:groups]
    assert vendi(np.repeat(axes, 10, axis=0)) == pytest.approx(groups, rel=1e-12)


def test_of_unequal_groups_the_entropy_counts():
    axes = np.eye(64)
    shares = np.array([0.7, 0.2, 0.1])
    expected = np.exp(-(shares * np.log(shares)).sum())
    found = vendi(np.repeat(axes[:3], [70, 20, 10], axis=0))
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("shape", [(200, 6), (64, 64), (30, 200)])
def test_it_is_that_of_all_similarities(rng, shape):
    x = rng.standard_normal(shape) + 0.3
    unit = x / np.linalg.norm(x, axis=1)[:, None]
    weights = np.linalg.eigvalsh(unit @ unit.T / len(x))
    weights = weights[weights > 1e-15]
    assert vendi(x) == pytest.approx(np.exp(-(weights * np.log(weights)).sum()), rel=1e-9)
    assert 1 < vendi(x) < min(shape)
    order = rng.permutation(len(x))
    assert vendi(3 * x[order]) == pytest.approx(vendi(x), rel=1e-12)


def test_rows_of_zeros_are_like_one_another_and_unlike_all_else(rng):
    assert vendi(np.zeros((9, 4))) == pytest.approx(1, abs=1e-12)
    half = np.repeat(rng.standard_normal((1, 4)), 9, axis=0)
    assert vendi(np.concatenate([np.zeros((9, 4)), half])) == pytest.approx(2, rel=1e-12)


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match="1 row or more"):
        vendi(np.zeros((0, 4)))

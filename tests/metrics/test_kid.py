"""KID by hand, without bias, and in blocks."""

import numpy as np
import pytest

from ganzoo.metrics import kid as module
from ganzoo.metrics.kid import kid, kid_of_subsets, mean_within


def test_three_points_by_hand():
    x = np.array([[0.0], [1.0], [2.0]])
    y = np.array([[1.0], [1.0], [3.0]])
    # F = 1: k = (xy + 1)^3
    within_x = (1 + 1 + 27) / 3
    within_y = (8 + 64 + 64) / 3
    between = (3 * 1 + (8 + 8 + 64) + (27 + 27 + 343)) / 9
    assert mean_within(x) == pytest.approx(within_x, rel=1e-14)
    assert kid(x, y) == pytest.approx(within_x + within_y - 2 * between, rel=1e-14)


def test_of_one_distribution_it_is_zero_on_average_and_not_clipped(rng):
    found = [kid(*rng.standard_normal((2, 50, 8))) for _ in range(400)]
    error = np.std(found) / 20
    assert abs(np.mean(found)) < 3.5 * error
    assert 0.3 < np.mean(np.array(found) < 0) < 0.8


def test_blocks_do_not_show(rng, monkeypatch):
    x, y = rng.standard_normal((2, 53, 8))
    whole = kid(x, y)
    monkeypatch.setattr(module, "BLOCK", 7)
    assert kid(x, y) == pytest.approx(whole, rel=1e-12)
    assert kid(x, y, within_y=mean_within(y)) == pytest.approx(whole, rel=1e-12)


def test_subsets_of_everything_are_the_whole(rng):
    x, y = rng.standard_normal((2, 20, 4))
    mean, deviation = kid_of_subsets(x, y, subsets=3, size=20)
    assert mean == pytest.approx(kid(x, y), rel=1e-12)
    assert deviation == pytest.approx(0.0, abs=1e-12)


def test_one_row_has_no_pairs():
    with pytest.raises(ValueError, match="2 rows"):
        kid(np.ones((1, 3)), np.ones((5, 3)))

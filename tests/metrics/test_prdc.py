"""Precision, recall, density, coverage and neighbours on points of a line."""

import numpy as np
import pytest

from ganzoo.metrics import distances
from ganzoo.metrics.distances import kth_neighbour, nearest, squared
from ganzoo.metrics.prdc import PRDC, prdc


def line(*places):
    return np.array(places, float)[:, None]


def test_points_on_a_line():
    # Balls of the reals, k = 1: [-1, 1], [0, 2], [7, 13], [10, 16]
    real, fake = line(0, 1, 10, 13), line(0.5, 12, 40, 41)
    # Balls of the fakes: [-11, 12], [0.5, 23.5], [39, 41], [40, 42]
    found = prdc(real, fake, k=1)
    assert found == PRDC(precision=2 / 4, recall=4 / 4, density=(2 + 2) / 4, coverage=4 / 4)
    # Their second ones reach from 0 to -10...10, from 1 to -8...10; from -9.5 to -29...10.
    far = prdc(real, line(-30, -29, -28, -9.5), k=2)
    assert far == PRDC(precision=1 / 4, recall=3 / 4, density=1 / 8, coverage=1 / 4)


def test_the_edge_of_a_ball_belongs_to_it():
    """Squared distances of 1, 2, 3, 5, 6: the square of a root is not always the number."""
    steps = np.array([[1, 0, 0], [1, 1, 0], [1, 1, 1], [2, 1, 0], [2, 1, 1]], float)
    for step in steps:
        real = np.array([[0, 0, 0], step, 100 * step, 101 * step])
        fake = np.array([-step, 2 * step, 102 * step, 103 * step])
        # In steps: balls of the reals [-1, 1], [0, 2], [99, 101], [100, 102], and of the fakes
        # [-4, 2], [-1, 5], [101, 103], [102, 104].
        assert prdc(real, fake, k=1) == PRDC(
            precision=3 / 4, recall=3 / 4, density=3 / 4, coverage=3 / 4
        )


def test_copies_lie_in_balls_without_extent():
    copies, others = np.tile([[3.0, 5.0]], (6, 1)), np.arange(24.0).reshape(12, 2)
    real = np.concatenate([copies, others + 100])
    assert kth_neighbour(real, 5)[:6].tolist() == [0] * 6
    found = prdc(real, np.concatenate([copies, others - 500]))
    assert found.precision == 6 / 18 and found.density == 6 * 6 / (5 * 18)
    assert found.coverage == 6 / 18


def test_prdc_leaves_the_edge_out():
    library = pytest.importorskip("prdc")
    real, fake = line(0, 1, 10, 13), line(2, 7, 40, 41)
    # Balls of the reals, k = 1: [-1, 1], [0, 2], [7, 13], [10, 16]
    assert prdc(real, fake, k=1).precision == 2 / 4
    assert library.compute_prdc(real, fake, 1)["precision"] == 0.0


def test_known_radii_change_nothing(rng):
    real, fake = rng.standard_normal((2, 40, 3))
    assert prdc(real, fake, radii=kth_neighbour(real, 5)) == prdc(real, fake)


def test_neighbours_are_not_oneself_but_a_copy_is():
    assert kth_neighbour(line(0, 1, 3, 3), 1).tolist() == [1, 1, 0, 0]
    assert kth_neighbour(line(0, 1, 3, 3), 3).tolist() == [3, 2, 3, 3]
    assert nearest(line(0, 5), line(1, 2, 9)).tolist() == [1, 3]


def test_distances_in_blocks_are_those_of_all(rng, monkeypatch):
    x, y = rng.standard_normal((31, 6)), rng.standard_normal((12, 6))
    direct = np.square(x[:, None] - y).sum(-1)
    np.testing.assert_allclose(squared(x, y), direct, rtol=1e-12)
    whole = prdc(x, y)
    monkeypatch.setattr(distances, "BLOCK", 4)
    np.testing.assert_allclose(nearest(x, y), np.sqrt(direct.min(axis=1)), rtol=1e-12)
    assert prdc(x, y) == whole


def test_too_few_rows_are_refused():
    with pytest.raises(ValueError, match="more than 5 rows"):
        prdc(np.ones((5, 2)), np.ones((9, 2)))

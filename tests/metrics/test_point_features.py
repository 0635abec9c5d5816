"""Modes of points, counted as in Srivastava et al., arXiv:1705.07761."""

import numpy as np
import pytest

from ganzoo.data import load
from ganzoo.errors import InputError
from ganzoo.metrics import Evaluator
from ganzoo.metrics.point_features import PointFeatures


@pytest.fixture(scope="module")
def ring():
    return load("ring8", resolution=1)


@pytest.fixture(scope="module")
def evaluator(ring):
    return Evaluator(ring, count=800)


def around(features, places):
    """Points at `places`, counted in deviations to the right of a mode: pairs of both."""
    at = [features.centres[mode] + (apart * features.deviation, 0) for mode, apart in places]
    return np.rint(at).astype(np.uint8).reshape(-1, 1, 1, 2)


def test_a_point_within_three_deviations_is_of_its_mode(ring):
    features = PointFeatures(ring)
    _, found = features.of(around(features, [(0, 0), (3, 2.4), (3, 3.6), (7, -2.4)]))
    assert found.shape == (4, 8)
    assert [row.argmax() if row.any() else None for row in found] == [0, 3, None, 7]
    assert set(found.ravel()) == {0.0, 1.0}


def test_features_are_places_of_mean_0_and_deviation_1_and_are_seldom_equal(ring):
    found, _ = PointFeatures(ring).of(ring.images)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=0.01)
    np.testing.assert_allclose(found.std(axis=0), 1, rtol=0.01)
    assert len(np.unique(found, axis=0)) == len(ring) > len(np.unique(ring.images, axis=0))


def test_images_are_no_points(ring):
    with pytest.raises(InputError, match=r"Points are uint8 \[N, 1, 1, 2\]"):
        PointFeatures(ring).of(np.zeros((3, 1, 1, 3), np.uint8))


def test_real_points_are_healthy(evaluator, ring):
    result = evaluator(ring.held_out.images[:800])
    assert (result["verdict"], result["modes"], result["reached"]) == ("healthy", 8, 8)
    # Of a Gaussian in the plane 98.9 % lie within three deviations.
    assert abs(result["recognised"] - 0.989) < 0.01
    assert result["kl"] < 0.01 and result["sharpness"] is None
    assert result["copies"] < 0.05 and result["feature_kind"] == "places"


def test_points_of_one_mode_are_a_collapse(evaluator, ring):
    result = evaluator(ring.images[ring.labels == 5][:800])
    assert result["verdict"] == "collapsed"
    assert (result["modes"], result["reached"]) == (1, 1)
    assert result["kl"] == pytest.approx(np.log(8))
    assert result["recognised"] > 0.97


def test_one_point_in_a_mode_reaches_it_and_does_not_cover_it(evaluator, ring):
    some = np.concatenate([ring.images[ring.labels == 5][:793], ring.images[:7]])
    result = evaluator(some)
    assert result["modes"] == 1 and 6 <= result["reached"] <= 7


def test_points_anywhere_are_unrecognisable(evaluator):
    anywhere = np.random.default_rng(0).integers(0, 256, (800, 1, 1, 2), np.uint8)
    result = evaluator(anywhere)
    assert result["verdict"] == "unrecognisable" and result["recognised"] < 0.02

"""A critic scores each batch once, for scores and gradients alike."""

import numpy as np
import pytest
from keras import ops

from ganzoo.losses.penalties.cached_scores import CachedScores

pytestmark = pytest.mark.backends


@pytest.fixture
def counted():
    """A critic of |x|^2 / 2 a sample, and a list that grows by one with each pass."""
    passes = []

    def score(x):
        passes.append(x)
        return ops.sum(ops.square(x), axis=1, keepdims=True) / 2

    return CachedScores(score), passes


def test_scores_and_slope_come_of_one_pass(counted):
    critic, passes = counted
    x = ops.convert_to_tensor(np.array([[1.0, 2.0], [3.0, -1.0]], "float32"))
    np.testing.assert_allclose(
        ops.convert_to_numpy(ops.stop_gradient(critic(x))), [[2.5], [5.0]]
    )
    for _ in range(2):  # The gradient of |x|^2 / 2 is x.
        np.testing.assert_allclose(
            ops.convert_to_numpy(ops.stop_gradient(critic.gradient(x))), x
        )
    assert len(passes) == 1


def test_other_images_are_scored_anew_even_if_they_are_equal(counted):
    critic, passes = counted
    for _ in range(2):
        critic(ops.convert_to_tensor(np.ones((1, 2), "float32")))
    assert len(passes) == 2

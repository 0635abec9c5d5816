"""Layers that compare the samples of a batch, in closed form."""

import numpy as np
import pytest
from keras import ops

from ganzoo.architectures.minibatch import MinibatchStddev, Similarity

pytestmark = pytest.mark.backends("tensorflow", "jax", "torch")


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def test_minibatch_stddev_appends_the_mean_deviation_over_the_batch():
    x = np.zeros((2, 1, 2, 2), "float32")
    x[0, 0, 0] = 1, 3
    x[1, 0, 0] = 5, 3  # Deviations: 2 at one of four places, 0 at the others.
    result = numpy(MinibatchStddev()(ops.convert_to_tensor(x)))
    np.testing.assert_array_equal(result[..., :2], x)
    np.testing.assert_allclose(result[..., 2], (2 + 3 * 1e-4) / 4, rtol=1e-5)
    assert MinibatchStddev().compute_output_shape((None, 1, 2, 2)) == (None, 1, 2, 3)


def test_minibatch_stddev_of_equal_samples_is_nothing():
    one = np.random.default_rng(4).uniform(-1, 1, (1, 3, 3, 2)).astype("float32")
    x = np.repeat(one, 4, axis=0)
    result = numpy(MinibatchStddev()(ops.convert_to_tensor(x)))
    np.testing.assert_allclose(result[..., 2], 1e-4, rtol=1e-2)  # sqrt(1e-8)


def test_a_sample_is_as_similar_to_the_others_as_their_distances_say():
    x = np.array([[0, 0, 1, 1], [0, 2, 1, 1], [1, 0, 5, 1]], "float32")
    # L1 distances of the first two features, 0-1: 2, 0-2: 1, 1-2: 3; of the others 0, 4, 4.
    near, far, twin, four = np.exp([-1, -2, 0, -4])
    expected = [
        [far + near, twin + four],
        [far + np.exp(-3), twin + four],
        [near + np.exp(-3), 2 * four],
    ]
    result = numpy(Similarity(2)(ops.convert_to_tensor(x)))
    np.testing.assert_allclose(result, expected, rtol=1e-5)
    assert Similarity(2).compute_output_shape((None, 4)) == (None, 2)

"""Pixel normalization, in closed form."""

import numpy as np
import pytest
from keras import ops

from ganzoo.architectures.normalization import PixelNormalization

pytestmark = pytest.mark.backends("tensorflow", "jax", "torch")


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def test_pixel_normalization_makes_each_mean_square_one():
    x = np.float32([[3, 4], [-30, 40], [0, 0]])
    expected = np.float32([[3, 4], [-3, 4], [0, 0]]) / np.sqrt(12.5)
    result = numpy(PixelNormalization()(ops.convert_to_tensor(x)))
    np.testing.assert_allclose(result, expected, rtol=1e-5)
    image = ops.convert_to_tensor(np.tile(x[0], (2, 3, 3, 1)))
    np.testing.assert_allclose(
        numpy(PixelNormalization()(image))[1, 2, 2], expected[0], rtol=1e-5
    )

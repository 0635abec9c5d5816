"""Channels become pixels."""

import itertools

import numpy as np
import pytest
from keras import ops

from ganzoo.architectures.upsampling import DepthToSpace

pytestmark = pytest.mark.backends("tensorflow", "jax", "torch")


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def test_depth_to_space_puts_each_channel_in_its_place():
    channels = 3
    x = np.arange(2 * 2 * 3 * 4 * channels, dtype="float32").reshape(2, 2, 3, 4 * channels)
    expected = np.empty((2, 4, 6, channels), "float32")
    for row, column in itertools.product(range(2), range(2)):
        first = (2 * row + column) * channels
        expected[:, row::2, column::2] = x[..., first : first + channels]
    np.testing.assert_array_equal(numpy(DepthToSpace()(ops.convert_to_tensor(x))), expected)
    shape = DepthToSpace().compute_output_shape((None, 2, 3, 12))
    assert shape == (None, 4, 6, 3)

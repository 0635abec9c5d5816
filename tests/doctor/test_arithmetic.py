"""The checks find a backend right, and a wrong operation wrong."""

import numpy as np
import pytest
from keras import ops

from ganzoo import backend
from ganzoo.doctor import arithmetic
from ganzoo.doctor.backends import Report


@pytest.mark.backends
def test_the_backend_computes_what_float64_says():
    found = arithmetic.check_all()
    assert found["backend"] == backend.name and found["version"] == backend.version
    assert found["errors"].keys() == arithmetic.CHECKS.keys()
    for name, error in found["errors"].items():
        assert 0 < error < 1e-5, name


def test_a_wrong_convolution_is_found(monkeypatch):
    right = backend.halve
    # What a device did that took the kernel's rows in the wrong order.
    monkeypatch.setattr(backend, "halve", lambda images, kernel: right(images, kernel[::-1]))
    report = Report("tensorflow", "2", "gpu", "float32", arithmetic.check_all()["errors"])
    assert report.wrong == ["strided convolution", "gradient of a convolution"]
    assert not report.is_well


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_wrong(value):
    error = arithmetic._error(ops.convert_to_tensor([1.0, value]), np.array([1.0, 2.0]))
    assert Report("jax", "1", "gpu", "float32", {"product": error}).wrong == ["product"]


def test_the_reference_by_hand():
    images, kernel = np.zeros((1, 4, 4, 1)), np.arange(16.0).reshape(4, 4, 1, 1)
    images[0, 1, 1, 0] = 1  # Under the kernel's row 2, column 2 for the first output pixel.
    np.testing.assert_array_equal(
        arithmetic.halve(images, kernel)[0, ..., 0], [[10, 8], [2, 0]]
    )
    one = np.zeros((1, 2, 2, 1))
    one[0, 0, 0, 0] = 1
    doubled = arithmetic.double(one, kernel)[0, ..., 0]
    np.testing.assert_array_equal(doubled[:3, :3], [[5, 6, 7], [9, 10, 11], [13, 14, 15]])
    assert doubled.shape == (4, 4) and not doubled[3].any() and not doubled[:, 3].any()

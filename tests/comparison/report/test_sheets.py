"""Strips: the first samples of a sheet in one row, pixel for pixel."""

import numpy as np
import pytest
from PIL import Image

from ganzoo.comparison.report.sheets import MOST_SAMPLES, strip
from ganzoo.data.sheet import sheet


def images(count, channels=1, size=12):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (count, size, size, channels), np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("count", "columns"), [(56, 8), (56, 7), (5, 3), (10, 10)])
def test_a_strip_is_the_first_samples_in_one_row(count, columns, channels):
    samples = images(count, channels)
    found = strip(sheet(samples, columns))
    expected = sheet(samples[:MOST_SAMPLES], min(count, MOST_SAMPLES))
    assert np.array_equal(np.asarray(found), np.asarray(expected))


def test_dark_samples_are_samples_and_what_is_no_grid_has_no_strip():
    samples = images(12)
    samples[3] = 0
    assert np.array_equal(np.asarray(strip(sheet(samples, 4))), np.asarray(sheet(samples, 12)))
    assert strip(Image.fromarray(images(1, size=90)[0, :, :, 0])) is None
    assert strip(Image.new("L", (60, 60), 40)) is None

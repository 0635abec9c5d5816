"""Latents: truncated ones keep their place in the distribution."""

import numpy as np
import pytest
from scipy import stats

from ganzoo.errors import InputError
from ganzoo.samples import draw_latents, truncate


@pytest.mark.parametrize("bound", [0.1, 1.0, 2.5])
def test_truncated_latents_are_of_the_normal_cut_off_at_the_bound(bound):
    latents = draw_latents(3, "test", 500, 40, truncation=bound)
    assert latents.dtype == np.float32 and np.abs(latents).max() <= bound
    assert stats.kstest(latents.ravel(), stats.truncnorm(-bound, bound).cdf).pvalue > 0.01


def test_the_order_of_numbers_stays_and_a_wide_bound_changes_nothing():
    whole = draw_latents(3, "test", 50, 8)
    cut = truncate(whole, 0.5)
    np.testing.assert_array_equal(whole.argsort(axis=1), cut.argsort(axis=1))
    np.testing.assert_allclose(truncate(whole, 20.0), whole, atol=1e-5)
    assert truncate(whole, 1e-6).max() <= 1e-6


@pytest.mark.parametrize("bound", [0, -1, float("nan"), float("inf"), "2"])
def test_a_bound_is_a_number_above_0(bound):
    with pytest.raises(InputError, match="`truncation` is a number above 0"):
        draw_latents(0, "test", 1, 1, truncation=bound)

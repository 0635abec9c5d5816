"""Statistics against known answers and against simulations."""

import itertools

import numpy as np
import pytest
from scipy import stats

from ganzoo.comparison.statistics.exact import (
    ALPHA,
    NOT_SEPARABLE,
    ONE_WAY,
    SEPARABLE,
    finding,
    holm,
    median,
    median_interval,
    paired,
    seeds_needed,
    sign_flip_p,
)
from ganzoo.comparison.statistics.pairs import Pair, compare_all, judge
from ganzoo.errors import InputError
from ganzoo.metrics.measures import KID

INF = float("inf")


@pytest.mark.parametrize(
    "differences, expected",
    [
        ([1, 2, 3], 2 / 8),  # only all + and all - are as far out
        ([-1, 2, 3], 4 / 8),  # positive ranks 5, 6, and as far below: 0, 1
        ([1, 1, 1, 1, 1, 1], 2 / 64),
        ([1, 2, 3, 4, 5, -6], 28 / 64),  # 15 of 21; sums of 0 to 6: 14 ways
        ([0, 0, 0], 1.0),
        ([0, 1, 2], 2 / 4),
        ([INF, 1, 2, 3, 4, 5], 2 / 64),
        ([INF, -INF], 1.0),
    ],
)
def test_sign_flip_by_hand(differences, expected):
    assert sign_flip_p(differences) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("n", [4, 7, 10])
def test_sign_flip_is_every_flip_and_scipys_wilcoxon(n):
    rng = np.random.default_rng(n)
    for _ in range(5):
        d = rng.normal(0.5, 1, n)
        ranks = stats.rankdata(abs(d))
        observed = abs(np.sign(d) @ ranks)
        flips = np.array(list(itertools.product((-1, 1), repeat=n))) @ ranks
        p = np.mean(abs(flips) >= observed - 1e-9)
        assert sign_flip_p(d) == pytest.approx(p, abs=1e-12)
        assert p == pytest.approx(stats.wilcoxon(d, method="exact").pvalue, abs=1e-12)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_seeds_needed():
    assert [seeds_needed(family) for family in (1, 2, 6, 7, 25, 26)] == [6, 7, 8, 9, 10, 11]


@pytest.mark.parametrize("n, coverage", [(3, 0.75), (5, 0.9375), (10, 0.978515625)])
@pytest.mark.parametrize("skewed", [False, True])
def test_median_interval_covers_as_often_as_it_says(n, coverage, skewed):
    rng = np.random.default_rng(n)
    drawn = rng.exponential(size=(3000, n)) if skewed else rng.normal(size=(3000, n))
    truth = np.log(2) if skewed else 0
    found = [median_interval(values) for values in drawn]
    assert found[0].coverage == pytest.approx(coverage)
    _close_to(np.mean([i.low <= truth <= i.high for i in found]), coverage, 3000)


@pytest.mark.parametrize("n, coverage", [(3, 0.75), (5, 0.9375), (6, 0.96875), (10, 0.951172)])
def test_paired_interval_covers_as_often_as_it_says(n, coverage):
    rng = np.random.default_rng(n)
    # Seeds differ far more than cells do: pairing takes that out.
    shared = 5 * rng.normal(size=(3000, n))
    one = shared + rng.normal(size=(3000, n)) + 0.7
    other = shared + rng.standard_t(3, size=(3000, n))
    found = [paired(a, b).interval for a, b in zip(one, other, strict=True)]
    assert found[0].coverage == pytest.approx(coverage, abs=1e-6)
    _close_to(np.mean([i.low <= 0.7 <= i.high for i in found]), coverage, 3000)


def _close_to(share, expected, n):
    """Within four standard deviations of a binomial share, on both sides."""
    assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / n)


def test_interval_and_test_agree():
    rng = np.random.default_rng(0)
    for n in (6, 8, 10):
        for _ in range(300):
            pair = paired(rng.normal(0.6, 1, n), np.zeros(n))
            assert pair.interval.excludes_zero == (pair.p < ALPHA)
            assert pair.interval.low <= pair.estimate <= pair.interval.high


@pytest.mark.parametrize("n", [6, 10])
def test_one_comparison_is_wrong_no_more_often_than_it_says(n):
    rng = np.random.default_rng(1)
    false = [_findings(rng.normal(size=(2, n)))[0] == SEPARABLE for _ in range(2000)]
    share, allowed = np.mean(false), {6: 2 / 64, 10: 0.0488}[n]
    _close_to(share, allowed, 2000)


def test_a_family_is_wrong_no_more_often_than_one_comparison():
    """Five cells against one reference, all alike: any finding is false."""
    rng = np.random.default_rng(2)
    wrong = [SEPARABLE in _findings(rng.normal(size=(6, 10))) for _ in range(1000)]
    _close_to(np.mean(wrong), 0.043, 1000)  # of 6000 simulations; never above 0.05


def test_below_six_seeds_nothing_is_ever_separable():
    rng = np.random.default_rng(3)
    high = np.array([[9], [0]])
    for n in (1, 2, 3, 4, 5):
        found = {_findings(rng.normal(size=(2, n)) + high)[0] for _ in range(20)}
        assert found == {ONE_WAY if n > 1 else NOT_SEPARABLE}
        assert paired(np.ones(n), np.zeros(n)).p is None


def _findings(values):
    """Of each further row against the first."""
    first, *rest = values
    pairs = [Pair("", "", KID, "", (), paired(row, first)) for row in rest]
    return [pair.finding for pair in judge(pairs)]


def test_one_failure_counts_as_the_worst_and_both_as_a_tie():
    pair = paired([INF, 1.0, 2.0], [INF, 0.0, INF])
    assert pair.differences == (0.0, 1.0, -INF)
    assert pair.interval.low == -INF and pair.interval.high == 1
    assert median([1.0, INF, 2.0]) == 2 and median([1.0, INF]) == INF
    interval = median_interval([1.0, INF, 2.0])
    assert (interval.low, interval.high) == (1, INF)


def test_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="not 2 and 1"):
        paired([1, 2], [1])


def test_a_run_without_a_value_is_refused():
    nan, zeros = float("nan"), [0.0, 0.0, 0.0]
    for values in ([1.0, nan, 2.0], [INF, nan, nan]):
        for use, *arguments in (
            (median, values),
            (median_interval, values),
            (sign_flip_p, values),
            (paired, values, zeros),
            (paired, zeros, values),
        ):
            with pytest.raises(InputError, match=r"number 2 of 3 is NaN\. Leave that seed out"):
                use(*arguments)


def test_no_run_and_no_probability_are_refused():
    for use in (median, median_interval, sign_flip_p):
        with pytest.raises(InputError, match="one run or more"):
            use([])
    with pytest.raises(InputError, match="equal lengths above 0, not 0 and 0"):
        paired([], [])
    for p in ([0.5, float("nan")], [1.5], [-0.1]):
        with pytest.raises(InputError, match=rf"from 0 to 1\. Received: {p[-1]}$"):
            holm(p)
    assert holm([]) == []


def test_finding_needs_interval_and_p():
    pair = paired([1.0] * 6, [0.0] * 6)
    assert finding(pair, 0.04) == SEPARABLE
    assert finding(pair, 0.06) == NOT_SEPARABLE
    assert finding(paired([0.0] * 6, [0.0] * 6), 0.01) == NOT_SEPARABLE


@pytest.mark.parametrize("seeds", [2, 5, 8])
def test_identical_cells_are_not_separable(comparison, seeds):
    results = comparison({"a": {"draw": 0}, "b": {"draw": 0, "loss": "a"}}, seeds=seeds)
    pairs = compare_all(results, 300.0)
    assert len(pairs) == 2
    assert {pair.finding for pair in pairs} == {NOT_SEPARABLE}
    assert pairs[0].paired.estimate == 0


def test_the_same_runs_under_two_names_are_not_tested(comparison):
    """So a twin does not take from others, nor does the view at equal seconds."""
    cells = {"a": {"draw": 0}, "twin": {"draw": 0, "loss": "a"}, "crippled": 5.0}
    twin, *_, crippled = compare_all(comparison(cells, seeds=6), 300.0)
    assert twin.same and twin.adjusted is None and twin.finding == NOT_SEPARABLE
    assert not crippled.same and crippled.adjusted == pytest.approx(2 / 2**6)
    assert crippled.finding == SEPARABLE and not crippled.better


def test_alike_in_one_run_is_not_the_same(comparison):
    cells = {"a": {"draw": 0}, "b": {"draw": 1, "fingerprint": "0000" + "9c" * 4}}
    assert not compare_all(comparison(cells, seeds=6), None)[0].same


@pytest.mark.parametrize("seeds, expected", [(2, ONE_WAY), (5, ONE_WAY), (8, SEPARABLE)])
def test_a_crippled_cell_is_worse(comparison, seeds, expected):
    results = comparison({"good": 1.0, "crippled": 5.0}, seeds=seeds)
    pair = compare_all(results, None)[0]
    assert pair.paired.interval.low > 0
    assert pair.finding == expected and not pair.better


def test_a_cell_that_always_fails_is_worse(comparison):
    results = comparison(
        {"good": 1.0, "bad": 1.0}, seeds=8, failed=[("bad", s) for s in range(8)]
    )
    pair = compare_all(results, None)[0]
    assert pair.finding == SEPARABLE and not pair.better
    assert pair.paired.estimate == INF

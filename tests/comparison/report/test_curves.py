"""Where a curve's figures lie on its plot."""

import re

import pytest

from ganzoo.comparison.report import curves
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.rows import Snapshot
from ganzoo.metrics.measures import MEASURES

POINT = re.compile(r"(?:M|L)?([\d.]+) ([\d.]+)")


@pytest.fixture
def plot(comparison):
    """Draws one run's figures; gives heights of ticks by figure, and of the line's points."""

    def make(values, floor=None, measure="kid"):
        made = comparison({"a": 1.0}, seeds=1, curves=False)
        shots = [Snapshot("a", 0, k, k, {measure: v}) for k, v in enumerate(values)]
        settings = made.settings | {"floor": {measure: floor}}
        results = Results(settings, made.runs, tuple(shots))
        plot = curves.plot(results, ["a"], MEASURES[measure], "kimg")
        _, _, line = plot.bands[0]
        heights = [float(y) for _, y in POINT.findall(line.points)]
        return {float(figure): y for y, figure in plot.up}, heights, plot

    return make


def test_positive_figures_fall_by_equal_ratios(plot):
    ticks, heights, _ = plot([1.0, 0.1, 0.01])
    assert list(ticks) == [0.01, 0.1, 1.0]
    assert heights == pytest.approx([ticks[1.0], ticks[0.1], ticks[0.01]], abs=0.1)
    assert ticks[0.01] - ticks[0.1] == pytest.approx(ticks[0.1] - ticks[1.0], abs=0.2)


def test_a_short_range_has_ticks_between_the_decades(plot):
    ticks, _, _ = plot([0.4, 0.2, 0.15])
    assert list(ticks) == [0.2]
    ticks, _, _ = plot([0.6, 0.2, 0.15])
    assert list(ticks) == [0.2, 0.5]


def test_figures_below_zero_share_the_axis_with_zero(plot):
    ticks, heights, _ = plot([0.3, 0.01, -0.002])
    assert list(ticks) == [-0.001, 0.0, 0.001, 0.01, 0.1]
    assert ticks[0.0] < heights[2]
    assert ticks[-0.001] - ticks[0.0] == pytest.approx(ticks[0.0] - ticks[0.001], abs=0.2)


def test_what_real_images_get_is_in_sight(plot):
    ticks, heights, made = plot([0.4, 0.3], floor=0.05, measure="frechet")
    assert ticks[0.1] < made.floor < curves.BOTTOM and max(heights) < ticks[0.1]


def test_two_ways_to_grow_share_a_plot_where_they_are_all_that_differs(comparison):
    grown, direct = {"growth": "progressive"}, {"growth": "direct"}
    made = comparison({"a": grown, "a direct": direct}, seeds=2)
    figures = curves.figures(made)
    assert {figure.growth for figure in figures} == {""}
    assert {len(plot.bands) for figure in figures for plot in figure.plots} == {2}
    assert curves.styles(made) == {"a": "c0", "a direct": "c1"}


def test_the_ways_to_grow_have_plots_of_their_own_where_cells_differ_by_more(comparison):
    grown, direct = {"growth": "progressive"}, {"growth": "direct"}
    cells = {"a": grown | {"loss": "hinge"}, "a direct": direct | {"loss": "hinge"}}
    cells |= {"b": grown | {"loss": "lsgan"}, "b direct": direct | {"loss": "lsgan"}}
    made = comparison(cells, seeds=2)
    assert {figure.growth for figure in curves.figures(made)} == {", progressive", ", direct"}
    assert curves.styles(made) == {"a": "c0", "a direct": "c0", "b": "c1", "b direct": "c1"}

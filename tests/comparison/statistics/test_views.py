"""Cells, equal seconds, the claims on growth, and the sentences made of them."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from ganzoo.comparison.report.headline import headline
from ganzoo.comparison.report.sentences import sentences
from ganzoo.comparison.report.tables import main_table, measures_table, runs_table
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.rows import Snapshot
from ganzoo.comparison.statistics.cells import shared_seconds, summarise, values_at
from ganzoo.comparison.statistics.growth_claims import (
    AT_EVERY_SEED,
    CONFIRMED,
    FASTER,
    NOT_CONFIRMED,
    SOONER,
    growth_claims,
)
from ganzoo.comparison.statistics.pairs import reference_of
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.metrics.measures import KID, MEASURES
from ganzoo.training.settings import GROWTHS


def test_failed_runs_are_counted_and_rank_worst(comparison):
    results = comparison({"a": 1.0}, seeds=5, failed=[("a", 1)], missing=[("a", 4)])
    cell = summarise(results, "a")
    assert (cell.planned, cell.made, cell.failed) == (5, 4, 1)
    assert cell.measures["kid"].values[1] == math.inf
    assert cell.measures["modes"].values[1] == -math.inf
    assert 1 not in cell.measures["sharpness"].values  # nothing is the worst of it
    assert 4 not in cell.measures["kid"].values
    assert cell.measures["kid"].interval.high == math.inf
    assert cell.costs["kimg"] == 210  # the failed run stopped at 120


def test_equal_seconds_is_a_straight_line_and_never_beyond(comparison):
    results = _with_curves(
        comparison, {"slow": [(100, 3.0), (200, 1.0)], "fast": [(60, 2.0), (120, 1.0)]}
    )
    assert shared_seconds(results) == 120
    assert values_at(results, "slow", "kid", 120.0)[0] == pytest.approx(2.6)
    assert values_at(results, "fast", "kid", 120.0) == {0: 1.0}
    assert values_at(results, "slow", "kid", 90.0) == {}
    assert values_at(results, "fast", "kid", 121.0) == {}


def _with_curves(comparison, curves):
    results = comparison(dict.fromkeys(curves, 1.0), seeds=1, curves=False)
    snapshots = [
        Snapshot(name, 0, seconds, seconds, {"kid": kid})
        for name, points in curves.items()
        for seconds, kid in points
    ]
    return Results(results.settings, results.runs, tuple(snapshots))


def test_failed_runs_do_not_shorten_the_shared_time(comparison):
    results = comparison({"a": 1.0, "b": 1.0}, seeds=2, failed=[("b", 0)])
    assert shared_seconds(results) > 500
    assert values_at(results, "b", "kid", 500.0)[0] == math.inf


def test_the_reference_is_of_the_same_growth(comparison):
    results = comparison(
        {
            "a grown": {"loss": "a"},
            "b direct": {"loss": "b", "growth": "direct"},
            "a direct": {"loss": "a", "growth": "direct"},
        },
        seeds=2,
    )
    assert reference_of(results, "a grown") == "a grown"
    assert reference_of(results, "b direct") == "a direct"


def both(comparison, seeds, worse=4.0, speed=2.0, **more):
    cells = {
        "grown": {"loss": "a"},
        "direct": {"loss": "a", "growth": "direct", "worse": worse, "speed": speed},
    }
    return {
        c.claim.split(":")[-1].strip(): c
        for c in growth_claims(comparison(cells, seeds, **more))
    }


def test_claims_are_confirmed_where_they_hold(comparison):
    claims = both(comparison, seeds=10)
    assert claims["equal images in less time"].outcome == "confirmed"
    assert "0.50 × the time" in claims["equal images in less time"].figures
    assert claims["reaches the worse one's last KID sooner"].outcome == "confirmed"
    assert claims["direct training did not converge"].outcome == "confirmed"
    assert claims["some collapse remained with growth"].outcome == "confirmed"


def test_claims_are_not_confirmed_where_the_opposite_holds(comparison):
    claims = both(comparison, seeds=10, worse=0.9, speed=0.5)
    assert claims["equal images in less time"].outcome == "not confirmed"
    assert claims["direct training did not converge"].outcome == "not confirmed"


def test_claims_at_few_seeds_are_never_confirmed_by_a_test(comparison):
    claims = both(comparison, seeds=3)
    assert claims["equal images in less time"].outcome == "so at every seed"
    assert claims["less spread of KID"].outcome in ("not separable", *AT_EVERY_SEED)
    slower = both(comparison, seeds=3, speed=0.5)["equal images in less time"]
    assert slower.outcome == "the opposite at every seed"
    assert slower.figures.startswith("so at 0 of 3 seeds; 2.")


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [("memorised", "not confirmed"), ("collapsed", "confirmed"), ("", None)],
)
def test_a_verdict_says_whether_a_run_converged(comparison, verdict, outcome):
    results = comparison({"grown": {}, "direct": {"growth": "direct"}}, seeds=2)
    same = results.runs[0].settings
    runs = tuple(replace(run, settings=same, verdict=verdict) for run in results.runs)
    runs = tuple(replace(r, command=r.command.replace(r.cell, "a")) for r in runs)
    claims = growth_claims(Results(results.settings, runs, results.curves))
    said = {c.claim: c.outcome for c in claims}
    assert said.get("direct training did not converge") == outcome


def test_what_real_images_lack_is_no_collapse(comparison):
    for real, outcome in ((28.0, "confirmed"), (27.0, "not confirmed")):
        cells = {"a": {}, "b": {"growth": "direct"}}
        results = comparison(cells, seeds=2, floor={"modes": real})
        runs = [
            replace(
                r,
                settings=results.runs[0].settings,
                command=r.command.replace("--loss b", "--loss a"),
                measures=r.measures | {"modes": 27.0},
            )
            for r in results.runs
        ]
        claims = growth_claims(Results(results.settings, tuple(runs), results.curves))
        (claim,) = (c for c in claims if c.claim.startswith("some collapse"))
        assert claim.outcome == outcome


def test_claims_about_runs_that_failed(comparison):
    failed = [("direct", seed) for seed in range(10)]
    claims = both(comparison, seeds=10, failed=failed)
    assert claims["less spread of KID"].outcome == "confirmed"
    assert "10 diverged" in claims["direct training did not converge"].figures
    assert "0 ×" in claims["equal images in less time"].figures


def test_no_claims_without_both_ways(comparison):
    assert growth_claims(comparison({"a": 1.0, "b": 1.0}, seeds=2)) == []


def test_sentences_say_what_is_not_separable(comparison):
    text = " ".join(sentences(Summary(comparison({"a": 1.0, "b": 1.02}, seeds=10))))
    assert "KID does not separate b from a (difference " in text and "adjusted p = " in text
    few = " ".join(sentences(Summary(comparison({"a": 1.0, "b": 9.0}, seeds=3))))
    assert "too few to call it a difference" in few and "takes 6 seeds" in few
    assert "winner" not in few.replace("no cell is called the winner", "")


def test_six_seeds_and_many_cells_say_that_nothing_can_come_out(comparison):
    cells = dict.fromkeys("abcd", 1.0)
    text = " ".join(sentences(Summary(comparison(cells, seeds=6, curves=False))))
    assert "no adjusted p can fall below 0.05" in text and "takes 7 seeds" in text


def test_claims_at_six_seeds_say_that_nothing_can_come_out(comparison):
    cells = {"grown": {"loss": "a"}, "direct": {"loss": "a", "growth": "direct", "speed": 20.0}}
    text = " ".join(sentences(Summary(comparison(cells, seeds=6))))
    # The time of a training, how soon it reaches each of five figures, and its spread.
    assert "With 6 seeds and 7 claims no adjusted p can fall below 0.05" in text
    assert "takes 9 seeds" in text
    assert "adjusted p can" not in " ".join(sentences(Summary(comparison(cells, seeds=9))))


def test_a_cell_with_few_runs_takes_nothing_from_the_others(comparison):
    late = [("c", seed) for seed in range(3, 8)]
    cells = {"a": 1.0, "b": 9.0, "c": 1.0}
    text = " ".join(sentences(Summary(comparison(cells, seeds=8, missing=late))))
    assert "b is worse than a" in text and "no cell is called the winner" not in text
    assert "1 of 2 comparisons are of fewer than 6 seeds and have no p-value." in text


def test_a_run_under_way_does_not_shorten_the_shared_time(comparison):
    whole = comparison({"a": 1.0, "b": 1.0}, seeds=2)
    curves = [s for s in whole.curves if (s.cell, s.seed, s.kimg > 30) != ("b", 1, True)]
    runs = [
        replace(run, status="missing", measures={}) if run.cell == "b" and run.seed else run
        for run in whole.runs
    ]
    stopped = Results(whole.settings, tuple(runs), tuple(curves))
    ended = [run.seconds for run in runs if run.status == "done"]
    assert shared_seconds(stopped) == min(ended)
    assert values_at(stopped, "b", "kid", 100.0).keys() == {0}


def test_a_cell_without_a_pair_is_not_called_the_reference(comparison):
    never = [("c", seed) for seed in range(2)]
    table = main_table(Summary(comparison({"a": 1.0, "b": 1.0, "c": 1.0}, 2, missing=never)))
    place = [column.key for column in table.columns].index("finding")
    said = {row[0].text: row[place].text for row in table.rows}
    assert said["a"] == "reference" and said["c"] == "no seed of both"
    assert said["b"] == "not separable" or "seed agrees" in said["b"]


def test_each_growth_is_named_with_its_reference(comparison):
    cells = {f"{a} {how}": {"loss": a, "growth": how} for a in "ab" for how in GROWTHS}
    caption = main_table(Summary(comparison(cells, seeds=2))).caption
    assert "by seed from a progressive, and for the other growth from a direct." in caption
    alone = main_table(Summary(comparison({"a": 1.0, "b": 1.0}, seeds=2))).caption
    assert "by seed from a. Failed" in alone


def test_runs_of_unknown_settings_are_not_the_same_runs(comparison):
    results = comparison({"a": {"draw": 0}, "b": {"draw": 0}}, seeds=2)
    assert [pair.same for pair in Summary(results).pairs] == [True, True]
    unknown = tuple(replace(run, fingerprint="") for run in results.runs)
    pairs = Summary(Results(results.settings, unknown, results.curves)).pairs
    assert [pair.same for pair in pairs] == [False, False]


def test_headline(comparison):
    def said(seeds, failed=(), missing=(), **cells):
        return headline(Summary(comparison(cells, seeds, failed, missing)))

    assert said(10, a=1.0, b=5.0, c=1.02) == (
        "By KID after equal images, b made worse images than a; "
        "c cannot be told apart from a. 20 of 30 runs are healthy, 10 collapsed."
    )
    assert said(10, a=5.0, b=1.0).startswith(
        "By KID after equal images, b made better images than a. "
    )
    assert said(3, a=1.0, b=5.0, failed=[("b", 1)], missing=[("a", 2)]) == (
        "By KID after equal images, b came out worse than a at each of 2 seeds, too few to "
        "be sure. 2 of 5 runs are healthy, 2 collapsed and 1 diverged; "
        "1 run has not been made yet."
    )
    many = said(3, a=1.0, b=5.0, c=5.0, d=5.0, e=5.0)
    assert "4 cells came out worse than a at each of 3 seeds" in many
    assert headline(Summary(comparison({"a": 1.0}, seeds=2))).startswith("No two cells")


def test_headline_of_growth_alone(comparison):
    cells = {"grown": {"loss": "a"}, "direct": {"loss": "a", "growth": "direct", "worse": 4.0}}
    summary = Summary(comparison(cells, seeds=10))
    found = {claim.claim: claim.outcome for claim in summary.claims}
    text = headline(summary)
    assert text.startswith("With growth from small images, ")
    assert ("an equal KID is reached sooner" in text) == (
        found[SOONER.format(label="KID")] == "confirmed"
    )
    assert ("a training takes no less time" in text) == (found[FASTER] == "not confirmed")
    undecided = sum(outcome not in (CONFIRMED, NOT_CONFIRMED) for outcome in found.values())
    assert (f"{undecided} claim" in text) == bool(undecided)


def test_missing_measures_are_said_and_left_out(comparison):
    results = comparison({"a": 1.0, "b": 1.0}, seeds=3, curves=False)
    runs = tuple(replace(run, measures={}) for run in results.runs)
    summary = Summary(Results(results.settings, runs))
    assert summary.pairs == [] and summary.shown == []
    assert "6 runs are done but have no KID" in " ".join(sentences(summary))


def test_of_translations_their_own_measure_is_tested(comparison):
    results = comparison({"a": 1.0, "b": 1.0}, seeds=3, curves=False)
    own = {"a": (0.5, 11.0), "b": (0.8, 21.0)}  # At each seed b is better.
    runs = []
    for run in results.runs:
        share, classes = own[run.cell]
        figures = {"a_to_b": share + run.seed / 100, "classes_a_to_b": classes}
        runs.append(replace(run, measures=figures, verdict=""))
    summary = Summary(Results(results.settings | {"floor": {}}, tuple(runs)))
    assert summary.shown == ["a_to_b", "classes_a_to_b"]
    (pair,) = summary.pairs
    assert pair.measure.name == "a_to_b" and pair.better
    assert pair.paired.estimate == pytest.approx(0.3)
    headings = [column.label for column in main_table(summary).columns]
    assert headings[2:5] == ["A to B (%) ↑", "Δ A to B", "Against the reference"]
    text = " ".join(sentences(summary))
    assert "b had a better A to B than a at every one" in text and "KID" not in text
    assert headline(summary).startswith("By A to B after equal images, b came out better")


def test_how_figures_are_shown():
    assert KID.show(0.387) == "0.387" and KID.show(-0.04, sign=True) == "−0.040"
    assert KID.show(-0.0001) == "0.000" and KID.show(None) == "–"
    assert KID.show(math.inf) == "failed" and KID.show(-math.inf, sign=True) == "−∞"
    assert MEASURES["recognised"].show(0.905) == "90.5"


def test_cells_of_unequal_images_are_not_called_equal(comparison):
    def summary(kimg):
        cells = {"a": 1.0, "b": {"worse": 1.0, "kimg": kimg}}
        return Summary(comparison(cells, seeds=2, curves=False))

    longer, alike = summary(260.0), summary(210.1)  # The others: 210.
    assert not longer.equal_images and alike.equal_images
    assert "shown from 210 to 260 thousand images" in " ".join(sentences(longer))
    assert "thousand images" not in " ".join(sentences(alike))
    assert main_table(longer).caption.startswith("At the end of each run.")
    assert main_table(alike).caption.startswith("After equal images.")


def test_memorisation_stands_with_its_interval_by_chance(comparison):
    results = comparison({"a": 1.0, "b": 1.0}, failed=[("b", 1)], seeds=3)
    summary = Summary(results)
    for table in (measures_table(summary), runs_table(summary)):
        labels = [column.label for column in table.columns]
        place = labels.index("Memorisation")
        assert labels[place + 1] == "Memorisation ±"
        for row in table.rows:
            cell = row[0].text
            seeds = [int(row[1].text)] if table.key == "runs" else range(3)
            runs = [run for run in results.of(cell) if run.seed in seeds and not run.failed]
            found = [run.measures["memorisation_deviation"] for run in runs]
            expected = f"{2 * np.median(found):.3f}" if found else "–"
            assert row[place + 1].text == expected
    assert json.dumps(summary.as_json())

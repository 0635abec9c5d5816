"""The claims on growth say of two cells what is true of both, whichever of them grows."""

from dataclasses import replace

import numpy as np
import pytest

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.rows import Snapshot
from ganzoo.comparison.statistics.growth_claims import growth_claims
from ganzoo.comparison.statistics.pairs import reference_of
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.comparison.statistics.time_to_goal import last_stage

SOONER = "faster: reaches the worse one's last KID sooner"
GROWTHS = {"grown": "progressive", "direct": "direct"}
SHARED = ("schedule", "batch", "optimizer", "ema")


@pytest.fixture
def sooner(comparison):
    """The claim on two cells of given curves: `(seconds, kid)` of a snapshot, by seed."""

    def claim(grown, direct, schedule="56:9"):
        curves = {"grown": grown, "direct": direct}
        cells = {name: {"loss": "a", "growth": growth} for name, growth in GROWTHS.items()}
        results = comparison(cells, seeds=len(grown), curves=False)
        runs = [
            replace(run, measures={"kid": curves[run.cell][run.seed][-1][1]})
            for run in results.runs
        ]
        snapshots = [
            Snapshot(name, seed, float(kimg), seconds, {"kid": kid})
            for name, cell in curves.items()
            for seed, curve in enumerate(cell)
            for kimg, (seconds, kid) in enumerate(curve)
        ]
        settings = results.settings | {"schedule": schedule, "batch": 1}
        claims = growth_claims(Results(settings, tuple(runs), tuple(snapshots)))
        return next(c for c in claims if c.claim == SOONER)

    return claim


def test_with_curves_swapped_the_factor_of_time_is_the_inverse(sooner):
    # The worse one's last KID is 1, which the other one passes after 300 seconds.
    slow, fast = [(100, 2.0), (200, 1.5), (400, 0.5)], [(100, 3.0), (150, 1.0)]
    assert "so at 1 of 1 seed; 0.50 × the time" in sooner([fast], [slow]).figures
    assert "so at 0 of 1 seed; 2.00 × the time" in sooner([slow], [fast]).figures


def test_a_time_that_a_first_snapshot_only_bounds_is_said_to_be_one(sooner):
    fast, slow = [(100, 0.9), (200, 0.5)], [(100, 3.0), (150, 1.0)]
    assert "at 1 of these a first snapshot had it already" in sooner([fast], [slow]).figures
    # Two bounds compare when snapshots were taken.
    claim = sooner([fast, fast], [slow, [(50, 0.95), (150, 0.95)]])
    assert claim.figures.startswith("so at 1 of 1 seed; 0.67 × the time")


def test_images_of_earlier_stages_do_not_count(sooner):
    # At 1 kimg the grown run still makes images of 28 px; at 2 it fades, at 3 it has faded.
    grown = [(10, 5.0), (20, 0.5), (40, 0.75), (80, 0.5)]
    direct = [(100, 5.0), (160, 1.0), (200, 1.0), (400, 1.0)]
    figures = sooner([grown], [direct], schedule="28:1,56:2:1").figures
    assert figures.startswith("so at 1 of 1 seed; 0.25 × the time")  # 40 of 160 seconds
    assert figures.endswith("after the fade alone 0.50 × the time (0.50 × to 0.50 ×)")
    assert "0.12 × the time" in sooner([grown], [direct]).figures  # 20 of 160 seconds


def test_a_step_of_several_critic_updates_may_end_a_stage_late(comparison):
    """100 kimg are 625 steps of 5 x 32 images; those of 5 x 96 end at 99.84 and 100.32."""
    cells = {"a": {"d_updates": 1000, "g_updates": 200}}
    results = comparison(cells, seeds=2, schedule="28:100,56:10", batch=96)
    assert last_stage(results, "a") == pytest.approx(100 + 0.48)
    other = comparison(
        {"a": {"command": "ganzoo train --batch 64"}}, schedule="28:100,56:10", batch=None
    )
    assert last_stage(other, "a") == pytest.approx(100 + 0.064)


def test_time_is_that_of_the_processor_where_all_runs_have_counted_it(comparison):
    results = comparison({"a": 1.0, "b": 1.0}, seeds=2)
    assert results.clock == "seconds"

    def counted(rows):
        return tuple(replace(row, processor_seconds=2 * (row.seconds or 0)) for row in rows)

    runs, curves = counted(results.runs), counted(results.curves)
    assert Results(results.settings, runs, curves).clock == "processor_seconds"
    assert Results(results.settings, runs, results.curves).clock == "seconds"
    on_gpu = results.settings | {"device": "NVIDIA H200"}
    assert Results(on_gpu, runs, curves).clock == "seconds"
    once, twice = Summary(results), Summary(Results(results.settings, runs, curves))
    assert twice.seconds == pytest.approx(2 * once.seconds)
    assert twice.at_seconds("a", "kid") == once.at_seconds("a", "kid")


def test_of_two_cells_of_one_law_neither_is_sooner(sooner):
    rng = np.random.default_rng(0)

    def curve():
        """Down to a plateau, and noise on it; snapshots in times that vary."""
        seconds = 50.0 * np.arange(1, 11) * (1 + 0.1 * rng.random())
        kid = (0.1 + np.exp(-np.arange(10.0))) * np.exp(0.3 * rng.normal(size=10))
        return list(zip(seconds.tolist(), kid.tolist(), strict=True))

    claims = [sooner(*([curve() for _ in range(8)] for _ in range(2))) for _ in range(200)]
    ahead = sum(int(claim.figures.split()[2]) for claim in claims)
    assert ahead / (200 * 8) == pytest.approx(0.5, abs=0.05)
    # Half of 0.05, less what three claims in one family take away.
    assert sum(claim.outcome == "confirmed" for claim in claims) <= 0.025 * 200


def test_cells_that_differ_in_more_than_growth_are_no_couple(comparison):
    train = "ganzoo train --loss a --optimizer {} --seed {}"

    def results(*optimizers):
        cells = {name: {"loss": "a", "growth": growth} for name, growth in GROWTHS.items()}
        cells["direct too"] = cells["direct"]
        used = dict(zip(cells, optimizers, strict=True))
        found = comparison(cells, seeds=2)
        runs = [
            replace(
                run,
                command=train.format(used[run.cell], run.seed)
                + " --no-growth" * (run.growth == "direct"),
            )
            for run in reversed(found.runs)  # Rows may stand in any order.
        ]
        return Results(found.settings, tuple(runs), found.curves)

    assert growth_claims(results("adam", "sgd", "rmsprop")) == []
    claims = growth_claims(results("adam", "sgd", "adam"))
    assert {(claim.cell, claim.direct) for claim in claims} == {("grown", "direct too")}
    assert reference_of(results("adam", "sgd", "adam"), "direct") == "direct too"


@pytest.mark.parametrize("known", [{"schedule": "8:30,16:60"}, {}])
def test_a_schedule_that_a_folder_does_not_record_is_taken_from_the_command(comparison, known):
    found = comparison({"grown": {"loss": "a"}}, seeds=1)
    shared = {key: value for key, value in found.settings.items() if key not in SHARED}
    command = "ganzoo train --schedule 8:30,16:60 --batch 16"
    runs = [replace(run, command=command) for run in found.runs]
    results = Results(shared | known, tuple(runs), found.curves)
    assert last_stage(results, "grown") == 30 + 16 / 1000

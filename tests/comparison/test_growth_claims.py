"""The claims on growth say of two cells what is true of both, whichever of them grows."""

from dataclasses import replace

import numpy as np
import pytest

from ganzoo.comparison.growth_claims import growth_claims
from ganzoo.comparison.pairs import reference_of
from ganzoo.comparison.results import Results, Snapshot

SOONER = "faster: reaches the worse one's last KID sooner"
GROWTHS = {"grown": "progressive", "direct": "direct"}


@pytest.fixture
def sooner(comparison):
    """The claim on two cells of given curves: `(seconds, kid)` of a snapshot, by seed."""

    def claim(grown, direct):
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
        claims = growth_claims(Results(results.settings, tuple(runs), tuple(snapshots)))
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

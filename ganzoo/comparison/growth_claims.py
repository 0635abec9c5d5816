"""The claims of the study on growing, each as one row: confirmed or not, with figures.

The study trained a GAN on 28 px and then on 56 px images and said of it: it is faster
than training at 56 px from the start, and more stable; the direct training did not
converge; some collapse remained. Cells that differ in growth alone are held against each
other here, at the same seeds.
"""

import math
from dataclasses import dataclass

import numpy as np

from ganzoo.comparison.cells import final_values
from ganzoo.comparison.equal_seconds import points
from ganzoo.comparison.pairs import Pair, judge, pair_of, variant
from ganzoo.comparison.results import Results, RunRow
from ganzoo.comparison.statistics import ONE_WAY, SEPARABLE, median
from ganzoo.metrics.measures import PRIMARY, Measure

FASTER = "faster: equal images in less time"
SOONER = "faster: reaches the worse one's last KID sooner"
STABLER = "more stable: less spread of KID"
ALONE = "direct training did not converge"
COLLAPSE = "some collapse remained with growth"
# What each claim comes to where it is confirmed, and where it is not.
WORDS = {
    FASTER: ("a training takes less time", "a training takes no less time"),
    SOONER: (
        f"an equal {PRIMARY.label} is reached sooner",
        f"an equal {PRIMARY.label} is reached no sooner",
    ),
    STABLER: (
        f"{PRIMARY.label} varies less between seeds",
        f"{PRIMARY.label} varies no less between seeds",
    ),
    ALONE: ("training without it does not converge", "training without it converges too"),
    COLLAPSE: ("some forms are still missing", "no form is missing in most runs"),
}
CONFIRMED, NOT_CONFIRMED = "confirmed", "not confirmed"
AT_EVERY_SEED = "so at every seed", "the opposite at every seed"
NOT_CONVERGED = ("unrecognisable", "collapsed")  # Verdicts of runs that came to their end.
LOG_SECONDS = Measure("log_seconds", "log2 of seconds", -1, "Halvings of time.", digits=2)


@dataclass(frozen=True)
class Claim:
    """One claim about one pair of cells.

    Attributes:
        claim: What was said.
        cell: The cell that grows.
        direct: The one that does not.
        outcome: `CONFIRMED`, `NOT_CONFIRMED`, or where too little is known for either
            "not separable" or one of `AT_EVERY_SEED`.
        figures: What was seen, in words and numbers.
        seeds: How many were tested; 0 where runs were counted.
    """

    claim: str
    cell: str
    direct: str
    outcome: str
    figures: str
    seeds: int = 0


def growth_claims(results: Results) -> list[Claim]:
    """All claims about all cells that were run in both ways; none without such cells.

    The p-values of the three claims that are tested are one family over all cells.
    """
    couples = _couples(results)
    tested = [
        (claim, pair, remark)
        for one, other in couples
        for claim, (pair, remark) in (
            (FASTER, _seconds(results, one, other)),
            (SOONER, _time_to(results, one, other)),
            (STABLER, _stability(results, one, other)),
        )
        if pair is not None
    ]
    judged = judge([pair for _, pair, _ in tested])
    claims = [
        _tested(claim, pair, remark)
        for (claim, _, remark), pair in zip(tested, judged, strict=True)
    ]
    claims += [c for one, other in couples for c in _counted(results, one, other)]
    return sorted(claims, key=lambda claim: results.cells.index(claim.cell))


def _couples(results: Results) -> list[tuple[str, str]]:
    """Cells that grow, each with the one that differs in growth alone."""
    variants: dict[tuple[str, ...], dict[str, str]] = {}
    for cell in results.cells:
        growth = results.first(cell).growth
        variants.setdefault(variant(results, cell), {}).setdefault(growth, cell)
    return [(v["progressive"], v["direct"]) for v in variants.values() if len(v) == 2]


# Each gives the pair, `None` where there is nothing to compare, and a remark on its figures.


def _seconds(results: Results, one: str, other: str) -> tuple[Pair | None, str]:
    """Halvings of the time for the whole budget of images."""
    values = [
        {run.seed: _log2(math.inf if run.failed else run.seconds) for run in results.of(cell)}
        for cell in (one, other)
    ]
    return pair_of(results, (one, other), LOG_SECONDS, [*map(_known, values)]), ""


def _time_to(results: Results, one: str, other: str) -> tuple[Pair | None, str]:
    """Halvings of the time to a KID that both runs reach: the worse of their last ones.

    Both times are first crossings, so that of two equally good cells neither is favoured.
    A run whose first snapshot is so good took that long at most; seeds at which both did
    would compare when snapshots were taken, and are left out.
    """
    both = [{run.seed: run for run in results.of(cell)} for cell in (one, other)]
    times: tuple[dict[int, float], ...] = ({}, {})
    bounds = 0
    for seed in both[0].keys() & both[1].keys():
        runs = [made[seed] for made in both]
        goal = float(np.max([run.measure(PRIMARY.name) for run in runs]))  # NaN stays NaN.
        reached = [_reached(results, run, goal) for run in runs]
        at_first = sum(first for _, first in reached)
        bounds += at_first == 1
        for found, (seconds, _) in zip(times, reached, strict=True):
            found[seed] = _log2(seconds if at_first < 2 else None)
    remark = f"; at {bounds} of these a first snapshot had it already: an upper bound"
    pair = pair_of(results, (one, other), LOG_SECONDS, [*map(_known, times)])
    return pair, remark * bool(bounds)


def _reached(results: Results, run: RunRow, goal: float) -> tuple[float | None, bool]:
    """Seconds until `run`'s curve first came down to `goal`, on straight lines.

    With them whether it was there at its first snapshot, and so perhaps before.
    """
    if run.failed:
        return math.inf, False
    x, y = points(results.curve(run.cell, run.seed), PRIMARY.name)
    if not len(x) or math.isnan(goal):
        return None, False
    below = np.flatnonzero(y <= goal)
    if not len(below):
        return math.inf, False
    i = int(below[0])
    if i == 0 or math.isinf(goal):
        return float(x[i]), not math.isinf(goal)
    share = (y[i - 1] - goal) / (y[i - 1] - y[i])
    return float(x[i - 1] + share * (x[i] - x[i - 1])), False


def _stability(results: Results, one: str, other: str) -> tuple[Pair | None, str]:
    """Distances of each seed from its own cell's median (as Brown and Forsythe do,
    doi:10.1080/01621459.1974.10482955), paired by seed; infinite for failed runs.

    The medians are estimates, so that the test is not quite exact: of two cells alike it
    rejects 4 % where KID is normal, 5 where its logarithm is with a deviation of 0.5, and 7.5
    with one of 1 (4,000 simulations each, 6 and 10 seeds).
    """
    values = []
    for cell in (one, other):
        found = final_values(results, cell, PRIMARY.name)
        finite = [value for value in found.values() if math.isfinite(value)]
        centre = median(finite) if finite else 0.0
        values.append({seed: abs(value - centre) for seed, value in found.items()})
    return pair_of(results, (one, other), PRIMARY, values), ""


def _tested(claim: str, pair: Pair, remark: str) -> Claim:
    outcome = pair.finding
    if outcome in (SEPARABLE, ONE_WAY):
        words = (CONFIRMED, NOT_CONFIRMED) if outcome == SEPARABLE else AT_EVERY_SEED
        outcome = words[0 if pair.better else 1]
    figures = _figures(pair) + remark
    return Claim(claim, pair.cell, pair.reference, outcome, figures, pair.paired.n)


def _figures(pair: Pair) -> str:
    n = pair.paired.n
    better = sum(pair.measure.better(d) for d in pair.paired.differences)
    text = f"so at {better} of {n} seed{'s' * (n != 1)}; "
    low, high = pair.paired.interval.low, pair.paired.interval.high
    if pair.measure is LOG_SECONDS:
        text += f"{_times(pair.paired.estimate)} the time ({_times(low)} to {_times(high)})"
    else:
        shown = [pair.measure.show(v, sign=True) for v in (pair.paired.estimate, low, high)]
        text += f"distance from the median {shown[0]} ({shown[1]} to {shown[2]}"
        text += f" {pair.measure.unit})" if pair.measure.unit else ")"
    return text + (f", adjusted p = {pair.adjusted:.3f}" if pair.adjusted is not None else "")


def _counted(results: Results, one: str, other: str) -> list[Claim]:
    """Claims about what runs were like: true of runs, so there is nothing to test."""
    grown, direct = results.of(one), results.of(other)
    judged = [run for run in direct if run.failed or run.verdict]
    claims = []
    if judged:
        bad = [run for run in judged if run.failed or run.verdict in NOT_CONVERGED]
        claims.append(
            Claim(
                ALONE,
                one,
                other,
                CONFIRMED if len(bad) == len(judged) else NOT_CONFIRMED,
                f"{len(bad)} of {len(judged)} direct runs did not ({_verdicts(judged)})",
            )
        )
    # As many real images may lack forms, too, by chance or because a classifier is blind.
    classes = results.settings["floor"].get("forms") or len(results.settings["classes"])
    scored = [run for run in grown if run.failed or run.measures.get("forms") is not None]
    if classes and scored:
        short = [run for run in scored if run.measure("forms") < classes]
        counts = ", ".join("failed" if r.failed else f"{r.measure('forms'):g}" for r in scored)
        claims.append(
            Claim(
                COLLAPSE,
                one,
                other,
                CONFIRMED if 2 * len(short) > len(scored) else NOT_CONFIRMED,
                f"{len(short)} of {len(scored)} runs lack forms ({counts}; "
                f"as many real images have {classes:g})",
            )
        )
    return claims


def _verdicts(runs: list[RunRow]) -> str:
    names = [run.outcome for run in runs]
    return ", ".join(f"{names.count(name)} {name}" for name in dict.fromkeys(names))


def _log2(value: float | None) -> float:
    if value is None:
        return math.nan
    return math.log2(value) if value > 0 else -math.inf


def _known(values: dict[int, float]) -> dict[int, float]:
    return {seed: value for seed, value in values.items() if not math.isnan(value)}


def _times(halvings: float) -> str:
    """A factor of time: 0 where only the direct run failed, ∞ where only the other did."""
    if abs(halvings) > 200:  # Infinite, or of seconds that no clock has counted.
        return "∞ ×" if halvings > 0 else "0 ×"
    return f"{2**halvings:.2f} ×"

"""The claims of the study on growing, each as one row: confirmed or not, with figures.

The study trained a GAN on 28 px and then on 56 px images and said of it: it is faster
than training at 56 px from the start, and more stable; the direct training did not
converge; some collapse remained. Cells that differ in growth alone are held against each
other here, at the same seeds, by each measure of the main table: one that speaks against a
claim stands beside those that speak for it.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.cells import final_values
from ganzoo.comparison.statistics.exact import ONE_WAY, SEPARABLE, median
from ganzoo.comparison.statistics.pairs import Pair, judge, pair_of, variant
from ganzoo.comparison.statistics.time_to_goal import halvings, times_to_goal
from ganzoo.data.messages import counted
from ganzoo.metrics.measures import HEADLINE, MEASURES, PRIMARY, Measure

FASTER = "faster: equal images in less time"
SOONER = "faster: reaches the worse one's last {label} sooner"
STABLER = f"more stable: less spread of {PRIMARY.label}"
ALONE = "direct training did not converge"
COLLAPSE = "some collapse remained with growth"
CONFIRMED, NOT_CONFIRMED = "confirmed", "not confirmed"
AT_EVERY_SEED = "so at every seed", "the opposite at every seed"
NOT_CONVERGED = ("unrecognisable", "collapsed")  # Verdicts of runs that came to their end.
LOG_SECONDS = Measure("log_seconds", "log2 of seconds", -1, "Halvings of time.", digits=2)


@dataclass(frozen=True)
class Claim:
    """One claim about one pair of cells."""

    claim: str  # What was said.
    cell: str  # The cell that grows.
    direct: str  # The one that does not.
    # `CONFIRMED`, `NOT_CONFIRMED`, or where too little is known for either "not separable" or
    # one of `AT_EVERY_SEED`.
    outcome: str
    figures: str  # What was seen, in words and numbers.
    seeds: int = 0  # How many were tested; 0 where runs were counted.


def growth_claims(results: Results) -> list[Claim]:
    """All claims about all cells that were run in both ways; none without such cells.

    The p-values of the claims that are tested are one family over all cells.
    """
    variants: dict[tuple[str, ...], dict[str, str]] = {}
    for cell in results.cells:
        growth = results.first(cell).growth
        variants.setdefault(variant(results, cell), {}).setdefault(growth, cell)
    # Cells that grow, each with the one that differs in growth alone.
    couples = [(v["progressive"], v["direct"]) for v in variants.values() if len(v) == 2]
    asked = [question for couple in couples for question in _questions(results, couple)]
    judged = judge([pair for *_, pair in asked])
    claims = [
        _tested(claim, remark, pair)
        for (claim, remark, _), pair in zip(asked, judged, strict=True)
    ]
    claims += [claim for couple in couples for claim in _counted(results, couple)]
    return sorted(claims, key=lambda claim: results.cells.index(claim.cell))


def _questions(results: Results, couple: tuple[str, str]) -> Iterator[tuple[str, str, Pair]]:
    """Each claim that is tested: its name, a remark on its figures, and the pair."""
    if pair := pair_of(results, couple, LOG_SECONDS, [_times(results, c) for c in couple]):
        yield FASTER, "", pair
    for measure in (MEASURES[name] for name in HEADLINE):
        times = times_to_goal(results, couple, measure)
        faded = times_to_goal(results, couple, measure, faded=True)
        remark = (
            f"; at {times.bounds} of these a first snapshot had it already: an upper bound"
            if times.bounds
            else ""
        )
        pair = pair_of(results, couple, LOG_SECONDS, faded.cells)
        if pair and faded.cells != times.cells:
            remark += f"; after the fade alone {_ratio(pair)}"
        if pair := pair_of(results, couple, LOG_SECONDS, times.cells):
            yield SOONER.format(label=measure.label), remark, pair
    if pair := pair_of(results, couple, PRIMARY, [_distances(results, c) for c in couple]):
        yield STABLER, "", pair


def _times(results: Results, cell: str) -> dict[int, float]:
    """Halvings of the time for the whole budget of images, by seed."""
    runs = results.of(cell)
    taken = {r.seed: math.inf if r.failed else getattr(r, results.clock) for r in runs}
    return {seed: halvings(time) for seed, time in taken.items() if time is not None}


def _distances(results: Results, cell: str) -> dict[int, float]:
    """Distances of each seed from its own cell's median (as Brown and Forsythe do,
    doi:10.1080/01621459.1974.10482955); infinite for failed runs.

    The medians are estimates, so that the test is not quite exact: of two cells alike it
    rejects 4 % where KID is normal, 5 where its logarithm is with a deviation of 0.5, and 7.5
    with one of 1 (4,000 simulations each, 6 and 10 seeds).
    """
    found = final_values(results, cell, PRIMARY.name)
    finite = [value for value in found.values() if math.isfinite(value)]
    centre = median(finite) if finite else 0.0
    return {seed: abs(value - centre) for seed, value in found.items()}


def _tested(claim: str, remark: str, pair: Pair) -> Claim:
    outcome, n = pair.finding, pair.paired.n
    if outcome in (SEPARABLE, ONE_WAY):
        words = (CONFIRMED, NOT_CONFIRMED) if outcome == SEPARABLE else AT_EVERY_SEED
        outcome = words[0 if pair.better else 1]
    better = sum(pair.measure.better(d) for d in pair.paired.differences)
    seen = _ratio(pair) if pair.measure is LOG_SECONDS else _difference(pair)
    figures = f"so at {better} of {counted(n, 'seed')}; {seen}{pair.said_p}{remark}"
    return Claim(claim, pair.cell, pair.reference, outcome, figures, n)


def _difference(pair: Pair) -> str:
    unit = pair.measure.unit and f" {pair.measure.unit}"
    middle, low, high = pair.shown
    return f"distance from the median {middle} ({low} to {high}{unit})"


def _ratio(pair: Pair) -> str:
    low, high = map(_factor, pair.paired.interval.ends)
    return f"{_factor(pair.paired.estimate)} the time ({low} to {high})"


def _factor(halvings: float) -> str:
    """A factor of time: 0 where only the direct run failed, ∞ where only the other did."""
    if abs(halvings) > 200:  # Infinite, or of seconds that no clock has counted.
        return "∞ ×" if halvings > 0 else "0 ×"
    return f"{2**halvings:.2f} ×"


def _counted(results: Results, couple: tuple[str, str]) -> Iterator[Claim]:
    """Claims about what runs were like: true of runs, so there is nothing to test."""
    grown, direct = map(results.of, couple)
    judged = [run for run in direct if run.failed or run.verdict]
    if judged:
        bad = [run for run in judged if run.failed or run.verdict in NOT_CONVERGED]
        outcome = CONFIRMED if len(bad) == len(judged) else NOT_CONFIRMED
        verdicts = Counter(run.outcome for run in judged)
        said = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items())
        figures = f"{len(bad)} of {len(judged)} direct runs did not ({said})"
        yield Claim(ALONE, *couple, outcome, figures)
    # As many real images may lack modes, too, by chance or because a classifier is blind.
    classes = results.settings["floor"].get("modes") or len(results.settings["classes"])
    scored = [run for run in grown if run.failed or run.measures.get("modes") is not None]
    if classes and scored:
        short = [run for run in scored if run.measure("modes") < classes]
        outcome = CONFIRMED if 2 * len(short) > len(scored) else NOT_CONFIRMED
        counts = ", ".join("failed" if r.failed else f"{r.measure('modes'):g}" for r in scored)
        figures = f"{len(short)} of {len(scored)} runs lack modes ({counts}; as many real "
        yield Claim(COLLAPSE, *couple, outcome, f"{figures}images have {classes:g})")

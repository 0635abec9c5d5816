"""The claims of the study on growing, each as one row: confirmed or not, with figures.

The study trained a GAN on 28 px and then on 56 px images and said of it: it is faster
than training at 56 px from the start, and more stable; the direct training did not
converge; some collapse remained. Cells that differ in growth alone are held against each
other here, at the same seeds, by each measure of the main table: one that speaks against a
claim stands beside those that speak for it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ganzoo.comparison.runs.results import Results, RunRow
from ganzoo.comparison.statistics.cells import final_values
from ganzoo.comparison.statistics.exact import ONE_WAY, SEPARABLE, median
from ganzoo.comparison.statistics.pairs import Pair, judge, pair_of, variant
from ganzoo.comparison.statistics.time_to_goal import times_to_goal
from ganzoo.comparison.statistics.words import counted
from ganzoo.metrics.measures import HEADLINE, MEASURES, PRIMARY, Measure

FASTER = "faster: equal images in less time"
SOONER = "faster: reaches the worse one's last {label} sooner"
STABLER = f"more stable: less spread of {PRIMARY.label}"
ALONE = "direct training did not converge"
COLLAPSE = "some collapse remained with growth"
# What each claim comes to where it is confirmed, and where it is not.
WORDS = {
    FASTER: ("a training takes less time", "a training takes no less time"),
    STABLER: (
        f"{PRIMARY.label} varies less between seeds",
        f"{PRIMARY.label} varies no less between seeds",
    ),
    ALONE: ("training without it does not converge", "training without it converges too"),
    COLLAPSE: ("some modes are still missing", "no mode is missing in most runs"),
} | {
    SOONER.format(label=MEASURES[name].label): (
        f"an equal {MEASURES[name].label} is reached sooner",
        f"an equal {MEASURES[name].label} is reached no sooner",
    )
    for name in HEADLINE
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

    The p-values of the claims that are tested are one family over all cells.
    """
    couples = _couples(results)
    tested = [asked for couple in couples for asked in _questions(results, couple)]
    judged = judge([pair for _, pair, _ in tested])
    claims = [
        _tested(claim, pair, remark)
        for (claim, _, remark), pair in zip(tested, judged, strict=True)
    ]
    claims += [c for one, other in couples for c in _counted(results, one, other)]
    return sorted(claims, key=lambda claim: results.cells.index(claim.cell))


def _questions(results: Results, couple: tuple[str, str]) -> Iterator[tuple[str, Pair, str]]:
    """Each claim that is tested: its name, the pair, and a remark on its figures."""
    if pair := _seconds(results, couple):
        yield FASTER, pair, ""
    for measure in (MEASURES[name] for name in HEADLINE):
        pair, remark = _sooner(results, couple, measure)
        if pair:
            yield SOONER.format(label=measure.label), pair, remark
    if pair := _stability(results, couple):
        yield STABLER, pair, ""


def _couples(results: Results) -> list[tuple[str, str]]:
    """Cells that grow, each with the one that differs in growth alone."""
    variants: dict[tuple[str, ...], dict[str, str]] = {}
    for cell in results.cells:
        growth = results.first(cell).growth
        variants.setdefault(variant(results, cell), {}).setdefault(growth, cell)
    return [(v["progressive"], v["direct"]) for v in variants.values() if len(v) == 2]


# Each gives the pair; `None` where there is nothing to compare.


def _seconds(results: Results, couple: tuple[str, str]) -> Pair | None:
    """Halvings of the time for the whole budget of images."""
    taken = [
        {
            run.seed: math.inf if run.failed else getattr(run, results.clock)
            for run in results.of(cell)
        }
        for cell in couple
    ]
    values = [
        {seed: _log2(seconds) for seed, seconds in cell.items() if seconds is not None}
        for cell in taken
    ]
    return pair_of(results, couple, LOG_SECONDS, values)


def _sooner(
    results: Results, couple: tuple[str, str], measure: Measure
) -> tuple[Pair | None, str]:
    """Halvings of the time to a figure that both reach, and what else to know of it."""
    times = times_to_goal(results, couple, measure)
    remark = ""
    if times.bounds:
        remark += (
            f"; at {times.bounds} of these a first snapshot had it already: an upper bound"
        )
    faded = times_to_goal(results, couple, measure, faded=True)
    if faded.cells != times.cells:
        pair = pair_of(results, couple, LOG_SECONDS, faded.cells)
        remark += f"; after the fade alone {_ratio(pair)}" if pair else ""
    return pair_of(results, couple, LOG_SECONDS, times.cells), remark


def _stability(results: Results, couple: tuple[str, str]) -> Pair | None:
    """Distances of each seed from its own cell's median (as Brown and Forsythe do,
    doi:10.1080/01621459.1974.10482955), paired by seed; infinite for failed runs.

    The medians are estimates, so that the test is not quite exact: of two cells alike it
    rejects 4 % where KID is normal, 5 where its logarithm is with a deviation of 0.5, and 7.5
    with one of 1 (4,000 simulations each, 6 and 10 seeds).
    """
    values = []
    for cell in couple:
        found = final_values(results, cell, PRIMARY.name)
        finite = [value for value in found.values() if math.isfinite(value)]
        centre = median(finite) if finite else 0.0
        values.append({seed: abs(value - centre) for seed, value in found.items()})
    return pair_of(results, couple, PRIMARY, values)


def _tested(claim: str, pair: Pair, remark: str) -> Claim:
    outcome = pair.finding
    if outcome in (SEPARABLE, ONE_WAY):
        words = (CONFIRMED, NOT_CONFIRMED) if outcome == SEPARABLE else AT_EVERY_SEED
        outcome = words[0 if pair.better else 1]
    figures = _figures(pair) + remark
    return Claim(claim, pair.cell, pair.reference, outcome, figures, pair.paired.n)


def _figures(pair: Pair) -> str:
    better = sum(pair.measure.better(d) for d in pair.paired.differences)
    text = f"so at {better} of {counted(pair.paired.n, 'seed')}; "
    low, high = pair.paired.interval.low, pair.paired.interval.high
    if pair.measure is LOG_SECONDS:
        text += _ratio(pair)
    else:
        shown = [pair.measure.show(v, sign=True) for v in (pair.paired.estimate, low, high)]
        text += f"distance from the median {shown[0]} ({shown[1]} to {shown[2]}"
        text += f" {pair.measure.unit})" if pair.measure.unit else ")"
    return text + (f", adjusted p = {pair.adjusted:.3f}" if pair.adjusted is not None else "")


def _ratio(pair: Pair) -> str:
    interval = pair.paired.interval
    low, high = _times(interval.low), _times(interval.high)
    return f"{_times(pair.paired.estimate)} the time ({low} to {high})"


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
    # As many real images may lack modes, too, by chance or because a classifier is blind.
    classes = results.settings["floor"].get("modes") or len(results.settings["classes"])
    scored = [run for run in grown if run.failed or run.measures.get("modes") is not None]
    if classes and scored:
        short = [run for run in scored if run.measure("modes") < classes]
        counts = ", ".join("failed" if r.failed else f"{r.measure('modes'):g}" for r in scored)
        claims.append(
            Claim(
                COLLAPSE,
                one,
                other,
                CONFIRMED if 2 * len(short) > len(scored) else NOT_CONFIRMED,
                f"{len(short)} of {len(scored)} runs lack modes ({counts}; "
                f"as many real images have {classes:g})",
            )
        )
    return claims


def _verdicts(runs: list[RunRow]) -> str:
    names = [run.outcome for run in runs]
    return ", ".join(f"{names.count(name)} {name}" for name in dict.fromkeys(names))


def _log2(seconds: float) -> float:
    return math.log2(seconds) if seconds > 0 else -math.inf


def _times(halvings: float) -> str:
    """A factor of time: 0 where only the direct run failed, ∞ where only the other did."""
    if abs(halvings) > 200:  # Infinite, or of seconds that no clock has counted.
        return "∞ ×" if halvings > 0 else "0 ×"
    return f"{2**halvings:.2f} ×"

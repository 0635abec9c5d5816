"""The outcome of a comparison in a few sentences, as a person would say it."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.cells import primary
from ganzoo.comparison.statistics.exact import NOT_SEPARABLE, ONE_WAY, SEPARABLE
from ganzoo.comparison.statistics.growth_claims import (
    ALONE,
    COLLAPSE,
    CONFIRMED,
    FASTER,
    NOT_CONFIRMED,
    SOONER,
    STABLER,
    Claim,
)
from ganzoo.comparison.statistics.pairs import IMAGES, Pair
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.data.messages import counted
from ganzoo.metrics.measures import HEADLINE, MEASURES, PRIMARY

NAMED = 3  # cells that are named; more are counted
# What is said of cells by the finding of their pairs and whether they are better.
CLAUSES = (
    (SEPARABLE, True, "{cells} made better images than {reference}"),
    (SEPARABLE, False, "{cells} made worse images than {reference}"),
    (ONE_WAY, True, "{cells} came out better than {reference} at each of {seeds}"),
    (ONE_WAY, False, "{cells} came out worse than {reference} at each of {seeds}"),
    (NOT_SEPARABLE, None, "{cells} cannot be told apart from {reference}"),
)
UNSURE = ", too few to be sure"
# What each claim on growth comes to where it is confirmed, and where it is not.
WORDS = {
    FASTER: ("a training takes less time", "a training takes no less time"),
    STABLER: (
        f"{PRIMARY.label} varies less between seeds",
        f"{PRIMARY.label} varies no less between seeds",
    ),
    ALONE: ("training without it does not converge", "training without it converges too"),
    COLLAPSE: ("some modes are still missing", "no mode is missing in most runs"),
} | {
    SOONER.format(label=label): (
        f"an equal {label} is reached sooner",
        f"an equal {label} is reached no sooner",
    )
    for label in (MEASURES[name].label for name in HEADLINE)
}


def headline(summary: Summary) -> str:
    """What all comparisons at equal images found, and how the runs ended."""
    if pairs := [pair for pair in summary.pairs if pair.view == IMAGES]:
        when = "after equal images" if summary.equal_images else "at the end of each run"
        found = f"By {pairs[0].measure.label} {when}, {'; '.join(_clauses(pairs))}."
    elif summary.claims:
        found = _of_growth(summary.claims)
    else:
        found = f"No two cells can be compared by {primary(summary.results).label} yet."
    return f"{found} {'; '.join(_of_runs(summary.results))}."


def _clauses(pairs: Sequence[Pair]) -> Iterator[str]:
    for reference in dict.fromkeys(pair.reference for pair in pairs):
        own = [pair for pair in pairs if pair.reference == reference]
        for finding, better, words in CLAUSES:
            alike = [p for p in own if p.finding == finding and better in (None, p.better)]
            if alike:
                cells = [pair.cell for pair in alike]
                said = words.format(
                    cells=listed(cells) if len(cells) <= NAMED else f"{len(cells)} cells",
                    reference=reference,
                    seeds=counted(min(pair.paired.n for pair in alike), "seed"),
                )
                yield said + UNSURE * (finding == ONE_WAY)


def _of_growth(claims: Sequence[Claim]) -> str:
    """Of one pair of cells each claim; of several how many were confirmed."""
    outcomes = Counter(claim.outcome for claim in claims)
    undecided = len(claims) - outcomes[CONFIRMED] - outcomes[NOT_CONFIRMED]
    if undecided == len(claims) or len({claim.cell for claim in claims}) > 1:
        return (
            f"Of {counted(len(claims), 'claim')} about growing from small images, "
            f"{outcomes[CONFIRMED]} proved true, {outcomes[NOT_CONFIRMED]} did not, and "
            f"{undecided} cannot be decided."
        )
    decided = [claim for claim in claims if claim.outcome in (CONFIRMED, NOT_CONFIRMED)]
    said = listed([WORDS[claim.claim][claim.outcome == NOT_CONFIRMED] for claim in decided])
    rest = f" {counted(undecided, 'claim')} about growing cannot be decided." * bool(undecided)
    return f"With growth from small images, {said}.{rest}"


def _of_runs(results: Results) -> Iterator[str]:
    made = Counter(run.outcome for run in results.runs if run.status != "missing")
    if made:
        (first, count), *others = made.most_common()
        rest = listed([f"{number} {outcome}" for outcome, number in others])
        if others:
            yield f"{count} of {made.total()} runs are {first}, {rest}"
        else:
            every = {1: "The run is", 2: "Both runs are"}.get(count, f"All {count} runs are")
            yield f"{every} {first}"
    if missing := len(results.runs) - made.total():
        yield f"{counted(missing, 'run')} {'has' if missing == 1 else 'have'} not been made yet"


def ranks(results: Results) -> list[str]:
    """A sentence for each cell that leads or trails by some measure at every seed.

    This describes the runs that were made; whether other seeds would show it is for the tests
    to say. Failed runs count as the worst.
    """
    cells, seeds = results.cells, results.seeds
    if len(cells) < 2 or len(seeds) < 2:
        return []
    two = len(cells) == 2
    ends = {"higher": 1, "lower": -1} if two else {"highest": 1, "lowest": -1}
    found: dict[tuple[str, str], list[str]] = {}
    for measure in (measure for measure in MEASURES.values() if measure.direction):
        figures = {(run.cell, run.seed): run.measure(measure.name) for run in results.runs}
        values = np.array([[figures[cell, seed] for cell in cells] for seed in seeds])
        for end, sign in ends.items():
            leads = values == sign * (sign * values).max(axis=1, keepdims=True)
            if leads.all(axis=0).any() and leads.sum() == len(seeds):
                cell = cells[int(leads.all(axis=0).argmax())]
                found.setdefault((cell, end), []).append(measure.label)
    return [
        f"At each of {len(seeds)} seeds {cell} had the {end} {listed(labels)}."
        for (cell, end), labels in found.items()
        if cell == cells[0] or not two  # Of two the other one has what is left.
    ]


def listed(texts: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(texts[:-1]), *texts[-1:]]))

"""The outcome of a comparison in one or two sentences, as a person would say it."""

from collections import Counter
from collections.abc import Sequence

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.exact import NOT_SEPARABLE, ONE_WAY, SEPARABLE
from ganzoo.comparison.statistics.growth_claims import CONFIRMED, NOT_CONFIRMED, WORDS, Claim
from ganzoo.comparison.statistics.pairs import IMAGES, Pair
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.comparison.statistics.words import counted, listed
from ganzoo.metrics.measures import PRIMARY

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


def headline(summary: Summary) -> str:
    """What all comparisons at equal images found, and how the runs ended."""
    pairs = [pair for pair in summary.pairs if pair.view == IMAGES]
    if pairs:
        found = _of_pairs(pairs, summary.equal_images)
    elif summary.claims:
        found = _of_growth(summary.claims)
    else:
        found = f"No two cells can be compared by {PRIMARY.label} yet."
    return f"{found} {_of_runs(summary.results)}"


def _of_pairs(pairs: Sequence[Pair], equal_images: bool) -> str:
    clauses = []
    for reference in dict.fromkeys(pair.reference for pair in pairs):
        for finding, better, words in CLAUSES:
            alike = [
                pair
                for pair in pairs
                if (pair.reference, pair.finding) == (reference, finding)
                and better in (None, pair.better)
            ]
            if alike:
                few = min(pair.paired.n for pair in alike)
                clause = words.format(
                    cells=_names([pair.cell for pair in alike]),
                    reference=reference,
                    seeds=counted(few, "seed"),
                )
                clauses.append(clause + UNSURE * (finding == ONE_WAY))
    when = "after equal images" if equal_images else "at the end of each run"
    return f"By {PRIMARY.label} {when}, {'; '.join(clauses)}."


def _of_growth(claims: Sequence[Claim]) -> str:
    """Of one pair of cells each claim; of several how many were confirmed."""
    outcomes = Counter(claim.outcome for claim in claims)
    known = outcomes[CONFIRMED] + outcomes[NOT_CONFIRMED]
    if not known or len({claim.cell for claim in claims}) > 1:
        return (
            f"Of {counted(len(claims), 'claim')} about growing from small images, "
            f"{outcomes[CONFIRMED]} proved true, {outcomes[NOT_CONFIRMED]} did not, and "
            f"{len(claims) - known} cannot be decided."
        )
    said = [
        WORDS[claim.claim][0 if claim.outcome == CONFIRMED else 1]
        for claim in claims
        if claim.outcome in (CONFIRMED, NOT_CONFIRMED)
    ]
    open_ones = len(claims) - known
    rest = f" {counted(open_ones, 'claim')} about growing cannot be decided." * bool(open_ones)
    return f"With growth from small images, {listed(said)}.{rest}"


def _of_runs(results: Results) -> str:
    made = [run for run in results.runs if run.status != "missing"]
    missing = len(results.runs) - len(made)
    parts = []
    if made:
        (first, count), *others = Counter(run.outcome for run in made).most_common()
        rest = listed([f"{number} {outcome}" for outcome, number in others])
        if others:
            parts.append(f"{count} of {len(made)} runs are {first}, {rest}")
        else:
            parts.append(f"{'The run is' if count == 1 else f'All {count} runs are'} {first}")
    if missing:
        made_yet = "has" if missing == 1 else "have"
        parts.append(f"{counted(missing, 'run')} {made_yet} not been made yet")
    return f"{'; '.join(parts)}."


def _names(cells: Sequence[str]) -> str:
    return listed(cells) if len(cells) <= NAMED else f"{len(cells)} cells"

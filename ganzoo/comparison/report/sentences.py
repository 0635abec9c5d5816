"""The statistics in words: what was found, what was not, and how much to trust it."""

from collections.abc import Iterator

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.settings import KINDS
from ganzoo.comparison.statistics.cells import primary
from ganzoo.comparison.statistics.exact import ALPHA, FEWEST, ONE_WAY, SEPARABLE, seeds_needed
from ganzoo.comparison.statistics.pairs import IMAGES, SECONDS, Pair
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.data.messages import counted


def sentences(summary: Summary) -> list[str]:
    """Everything in words, the findings first."""
    return [*findings(summary, IMAGES), *findings(summary, SECONDS), *notes(summary)]


def findings(summary: Summary, view: str) -> list[str]:
    """What each comparison of one view found."""
    return [_finding(pair) for pair in summary.pairs if pair.view == view]


def notes(summary: Summary) -> list[str]:
    """What limits the findings: too few seeds, failed or missing runs, unequal terms."""
    found = [*_terms(summary), *_power(summary), *_runs(summary.results)]
    return list(dict.fromkeys(found))  # Both views mostly have the same seeds.


def _finding(pair: Pair) -> str:
    seeds = f"At {counted(pair.paired.n, 'seed')} and {pair.view}"
    label, side = pair.measure.label, "better" if pair.better else "worse"
    if pair.finding == SEPARABLE:
        return (
            f"{seeds}, {pair.cell} is {side} than {pair.reference} by {label}: "
            f"{_difference(pair)}{pair.said_p}."
        )
    if pair.finding == ONE_WAY:
        return (
            f"{seeds}, {pair.cell} had a {side} {label} than {pair.reference} at every one "
            f"({_difference(pair)}); too few to call it a difference."
        )
    if pair.same:
        return f"{pair.cell} has the settings of {pair.reference}: they are the same runs."
    return (
        f"{seeds}, {label} does not separate {pair.cell} from {pair.reference} "
        f"({_difference(pair)}{pair.said_p})."
    )


def _difference(pair: Pair) -> str:
    middle, low, high = pair.shown
    unit = pair.measure.unit and f" {pair.measure.unit}"
    difference, coverage = f"difference {middle}{unit}", pair.paired.interval.coverage
    if not coverage:
        return f"{difference}; one seed gives no interval"
    return f"{difference}, {100 * coverage:.0f} % interval {low} to {high}"


def _terms(summary: Summary) -> Iterator[str]:
    """In what the terms of the runs were unequal."""
    settings = summary.results.settings
    if not summary.equal_images:
        kimg = [cell.costs["kimg"] for cell in summary.cells if "kimg" in cell.costs]
        yield (
            f"The cells were shown from {min(kimg):g} to {max(kimg):g} thousand images: where "
            "equal images are named, read the end of each run."
        )
    # Each feature network has a scale of its own.
    if (networks := len((settings["features"] or "").split(", "))) > 1:
        yield (
            f"The runs were scored by {networks} feature networks, whose figures do not "
            "compare: make the comparison again, in another folder and with one GANZOO_CACHE "
            "for all of its processes."
        )
    if (machines := len(settings["hardware"].split(KINDS))) > 1:
        yield (
            f"The runs were made on {machines} kinds of machine: their seconds, and what is "
            "said of equal seconds, compare these too."
        )


def _power(summary: Summary) -> Iterator[str]:
    """What the number of seeds cannot show, however large the difference."""
    for view in (IMAGES, SECONDS):
        pairs = [pair for pair in summary.pairs if pair.view == view and not pair.same]
        yield from _power_of_family([pair.paired.n for pair in pairs], "comparison")
    yield from _power_of_family([c.seeds for c in summary.claims if c.seeds], "claim")


def _power_of_family(seeds: list[int], what: str) -> Iterator[str]:
    """Of comparisons whose p-values are adjusted together, each of so many `seeds`."""
    tested = [n for n in seeds if n >= FEWEST]
    size = len(tested or seeds)
    needed, family = seeds_needed(size or 1), counted(size, what)
    if seeds and not tested:
        yield (
            f"Below {FEWEST} seeds no p-value is given and no cell is called the winner; "
            f"to decide {family} takes {needed} seeds or more."
        )
    elif len(tested) < len(seeds):
        yield (
            f"{len(seeds) - len(tested)} of {len(seeds)} {what}s are of fewer than {FEWEST} "
            "seeds and have no p-value."
        )
    if tested and min(tested) < needed:
        yield (
            f"With {min(tested)} seeds and {family} no adjusted p can fall below {ALPHA:g}, "
            f"however large a difference is; that takes {needed} seeds."
        )


def _runs(results: Results) -> Iterator[str]:
    """Runs that failed, are missing or were not scored."""
    tested = primary(results)
    for cell in results.cells:
        runs = results.of(cell)
        if failed := [str(run.seed) for run in runs if run.failed]:
            yield (
                f"{cell} failed at {len(failed)} of {len(runs)} seeds ({', '.join(failed)}). "
                f"Failed runs count as the worst possible {tested.label}; none is left out."
            )
    if missing := sum(run.status == "missing" for run in results.runs):
        yield f"{missing} of {len(results.runs)} runs have not been made yet."
    done = [run for run in results.runs if run.status == "done"]
    if unscored := sum(run.measures.get(tested.name) is None for run in done):
        yield f"{unscored} runs are done but have no {tested.label}."

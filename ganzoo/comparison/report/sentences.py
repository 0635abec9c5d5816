"""The statistics in words: what was found, what was not, and how much to trust it."""

from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.settings import KINDS
from ganzoo.comparison.statistics.exact import (
    ALPHA,
    FEWEST,
    ONE_WAY,
    SEPARABLE,
    seeds_needed,
)
from ganzoo.comparison.statistics.pairs import IMAGES, SECONDS, Pair
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.comparison.statistics.words import counted
from ganzoo.metrics.measures import PRIMARY


def findings(summary: Summary, view: str) -> list[str]:
    """What each comparison of one view found."""
    return [_finding(pair) for pair in summary.pairs if pair.view == view]


def notes(summary: Summary) -> list[str]:
    """What limits the findings: too few seeds, failed or missing runs, unequal terms."""
    return [
        *_unequal(summary),
        *_networks(summary.results),
        *_machines(summary.results),
        *_power(summary),
        *_failures(summary.results),
        *_missing(summary.results),
    ]


def sentences(summary: Summary) -> list[str]:
    """Everything in words, the findings first."""
    return [
        *findings(summary, IMAGES),
        *findings(summary, SECONDS),
        *notes(summary),
    ]


def _finding(pair: Pair) -> str:
    seeds = f"At {counted(pair.paired.n, 'seed')} and {pair.view}"
    label = pair.measure.label
    if pair.finding == SEPARABLE:
        side = "better" if pair.better else "worse"
        return (
            f"{seeds}, {pair.cell} is {side} than {pair.reference} by {label}: "
            f"{_difference(pair)}, adjusted p = {pair.adjusted:.3f}."
        )
    if pair.finding == ONE_WAY:
        side = "better" if pair.better else "worse"
        return (
            f"{seeds}, {pair.cell} had a {side} {label} than {pair.reference} at every one "
            f"({_difference(pair)}); too few to call it a difference."
        )
    if pair.same:
        return f"{pair.cell} has the settings of {pair.reference}: they are the same runs."
    p = f", adjusted p = {pair.adjusted:.3f}" if pair.adjusted is not None else ""
    return (
        f"{seeds}, {label} does not separate {pair.cell} from {pair.reference} "
        f"({_difference(pair)}{p})."
    )


def _difference(pair: Pair) -> str:
    show, interval = pair.measure.show, pair.paired.interval
    unit = f" {pair.measure.unit}" if pair.measure.unit else ""
    difference = f"difference {show(pair.paired.estimate, sign=True)}{unit}"
    if not interval.coverage:
        return f"{difference}; one seed gives no interval"
    return (
        f"{difference}, {100 * interval.coverage:.0f} % interval "
        f"{show(interval.low, sign=True)} to {show(interval.high, sign=True)}"
    )


def _power(summary: Summary) -> list[str]:
    """What the number of seeds cannot show, however large the difference."""
    pairs = [pair for pair in summary.pairs if not pair.same]
    found = []
    for view in (IMAGES, SECONDS):
        seeds = [pair.paired.n for pair in pairs if pair.view == view]
        found += _power_of_family(seeds, "comparison")
    found += _power_of_family([claim.seeds for claim in summary.claims if claim.seeds], "claim")
    return list(dict.fromkeys(found))  # Both views mostly have the same seeds.


def _power_of_family(seeds: list[int], what: str) -> list[str]:
    """Of comparisons whose p-values are adjusted together, each of so many `seeds`."""
    tested = [n for n in seeds if n >= FEWEST]
    size = len(tested or seeds)
    needed, family = seeds_needed(size or 1), counted(size, what)
    found = []
    if seeds and not tested:
        found.append(
            f"Below {FEWEST} seeds no p-value is given and no cell is called the winner; "
            f"to decide {family} takes {needed} seeds or more."
        )
    elif len(tested) < len(seeds):
        found.append(
            f"{len(seeds) - len(tested)} of {len(seeds)} {what}s are of fewer than {FEWEST} "
            "seeds and have no p-value."
        )
    if tested and min(tested) < needed:
        found.append(
            f"With {min(tested)} seeds and {family} no adjusted p can fall below {ALPHA:g}, "
            f"however large a difference is; that takes {needed} seeds."
        )
    return found


def _unequal(summary: Summary) -> list[str]:
    if summary.equal_images:
        return []
    kimg = [cell.costs["kimg"] for cell in summary.cells if "kimg" in cell.costs]
    return [
        f"The cells were shown from {min(kimg):g} to {max(kimg):g} thousand images: where "
        "equal images are named, read the end of each run."
    ]


def _networks(results: Results) -> list[str]:
    """Whether one feature network scored all; each has a scale of its own."""
    count = len((results.settings["features"] or "").split(", "))
    if count == 1:
        return []
    return [
        f"The runs were scored by {count} feature networks, whose figures do not compare: make "
        "the comparison again, in another folder and with one GANZOO_CACHE for all of its "
        "processes."
    ]


def _machines(results: Results) -> list[str]:
    """Whether one kind of machine made all runs."""
    count = len(results.settings["hardware"].split(KINDS))
    if count == 1:
        return []
    return [
        f"The runs were made on {count} kinds of machine: their seconds, and what is said of "
        "equal seconds, compare these too."
    ]


def _failures(results: Results) -> list[str]:
    found = []
    for cell in results.cells:
        runs = results.of(cell)
        failed = [run for run in runs if run.failed]
        if failed:
            seeds = ", ".join(str(run.seed) for run in failed)
            found.append(
                f"{cell} failed at {len(failed)} of {len(runs)} seeds ({seeds}). "
                f"Failed runs count as the worst possible {PRIMARY.label}; "
                "none is left out."
            )
    return found


def _missing(results: Results) -> list[str]:
    missing = sum(run.status == "missing" for run in results.runs)
    unscored = sum(
        run.status == "done" and run.measures.get(PRIMARY.name) is None for run in results.runs
    )
    found = []
    if missing:
        found.append(f"{missing} of {len(results.runs)} runs have not been made yet.")
    if unscored:
        found.append(f"{unscored} runs are done but have no {PRIMARY.label}.")
    return found

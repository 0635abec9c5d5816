"""Columns of the tables: how each shows a cell, a run or a claim."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ganzoo.comparison.report.table import Column, Entry
from ganzoo.comparison.runs.rows import RunRow
from ganzoo.comparison.statistics.cells import CellSummary, Spread, primary
from ganzoo.comparison.statistics.exact import NOT_SEPARABLE, median
from ganzoo.comparison.statistics.pairs import IMAGES, reference_of
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.metrics.measures import HEADLINE, MEASURES, NOTHING, TRANSLATED, Measure

MAIN = (*HEADLINE, *TRANSLATED)  # Measures of the main tables; a comparison has one or other.


def number(value: float | None, form: str = ",") -> Entry:
    return Entry(NOTHING) if value is None else Entry(f"{value:{form}}", value)


def _text(text: str) -> Entry:
    return Entry(text, text.lower())


def _outcome(outcome: str) -> Entry:
    return Entry(outcome, outcome, mark=outcome.replace(" ", "-"))


def _runs(cell: CellSummary) -> Entry:
    lost = cell.planned - cell.made
    notes = [f"{count} {word}" for word, count in cell.verdicts.items() if word != "done"]
    notes += [f"{lost} missing"] * bool(lost)
    mark = "failed" if cell.failed or lost else ""
    text = f"{cell.completed} of {cell.planned}"
    return Entry(text, cell.completed, ", ".join(notes), mark)


def _status(run: RunRow) -> Entry:
    healthy = run.outcome in ("healthy", "done")
    return Entry(run.outcome, run.outcome, mark="" if healthy else "failed")


SCALES = {"flops": 1e-12, "flops_a_sample": 1e-6, "seconds_a_sample": 1e3}


def _cost(key: str, cell: CellSummary) -> Entry:
    value = cell.costs.get(key)
    if value is None:
        return Entry(NOTHING)
    shown = value * SCALES.get(key, 1)
    return number(shown, ",.0f" if shown >= 100 or shown == int(shown) else ",.1f")


def _cost_column(key: str, label: str, note: str = "") -> Column:
    return Column(key, label, partial(_cost, key), note=note)


CELL = Column("cell", "Cell", lambda cell: _text(cell.name), numeric=False)
RUNS = Column("runs", "Runs", _runs)
SECONDS_TAKEN = _cost_column("seconds", "Seconds", "Of one training.")
COSTS = [
    _cost_column("kimg", "kimg", "Thousands of real images shown to the discriminator."),
    _cost_column("d_updates", "D updates"),
    _cost_column("g_updates", "G updates"),
    _cost_column("flops", "TFLOP", "10¹² floating-point operations of one training."),
    SECONDS_TAKEN,
    _cost_column("processor_seconds", "Of the processor", "Seconds, all cores together."),
    _cost_column("parameters", "Weights"),
    _cost_column("flops_a_sample", "MFLOP a sample", "10⁶ operations for one image made."),
    _cost_column("seconds_a_sample", "ms a sample", "To make one image of many at a time."),
]
CLAIM = [
    Column("cell", "Cell", lambda claim: _text(claim.cell), numeric=False),
    Column("claim", "Claim", lambda claim: _text(claim.claim), numeric=False),
    Column("outcome", "Outcome", lambda claim: _outcome(claim.outcome), numeric=False),
    Column("figures", "What was seen", lambda claim: _text(claim.figures), numeric=False),
]
RUN = [
    Column("cell", "Cell", lambda run: _text(run.cell), numeric=False),
    Column("seed", "Seed", lambda run: number(run.seed, "d")),
    Column("status", "Status", _status, numeric=False),
]
RUN_COST = [
    Column("kimg", "kimg", lambda run: number(run.kimg, "g")),
    Column("seconds", "Seconds", lambda run: number(run.seconds, ",.0f")),
    Column("reason", "Reason", lambda run: _text(run.reason), numeric=False),
]


def _figure(measure: Measure, entry: Callable[[Measure, Any], Entry]) -> Column:
    label = f"{measure.title} {measure.arrow}".strip()
    return Column(measure.name, label, partial(entry, measure), note=measure.meaning)


def headline_columns(summary: Summary, view: str) -> Iterator[Column]:
    """The main measures, the primary one with its difference from the reference."""

    def at_equal_seconds(measure: Measure, cell: CellSummary) -> Entry:
        return _spread(measure, summary.at_seconds(cell.name, measure.name))

    tested = primary(summary.results)
    for measure in (MEASURES[name] for name in MAIN if name in summary.shown):
        yield _figure(measure, at_the_end if view == IMAGES else at_equal_seconds)
        if measure is tested:
            difference, finding = (partial(f, summary, view) for f in (_difference, _finding))
            note = "Difference from the reference by seed."
            yield Column("difference", f"Δ {measure.label}", difference, note=note)
            yield Column("finding", "Against the reference", finding, numeric=False)


def measure_columns(
    summary: Summary, names: Iterable[str], entry: Callable[[Measure, Any], Entry]
) -> Iterator[Column]:
    """Measures that any run has, each followed by its own standard deviation, if it has one."""
    known = {name for cell in summary.cells for name in cell.measures}
    for measure in (MEASURES[name] for name in names if name in summary.shown):
        yield _figure(measure, entry)
        if measure.deviation in known:
            yield _figure(measure.chance, entry)


def at_the_end(measure: Measure, cell: CellSummary) -> Entry:
    return _spread(measure, cell.measures.get(measure.name))


def _spread(measure: Measure, spread: Spread | None) -> Entry:
    if spread is None:
        return Entry(NOTHING)
    low, high = spread.interval.low, spread.interval.high
    note = f"{measure.show(low)} to {measure.show(high)}"
    return Entry(measure.show(spread.median), spread.median, note if low != high else "")


def range_entry(show: Callable[[float], str], values: Iterable[float]) -> Entry:
    """The median, and beside it the lowest and the highest value."""
    if not (known := list(values)):
        return Entry(NOTHING)
    middle, low, high = median(known), show(min(known)), show(max(known))
    return Entry(show(middle), middle, f"{low} to {high}" if low != high else "")


def _difference(summary: Summary, view: str, cell: CellSummary) -> Entry:
    """How far the cell is from its reference."""
    pair = summary.pair(cell.name, view)
    if pair is None:
        return Entry(NOTHING)
    middle, low, high = pair.shown
    note = f"{low} to {high}" if pair.paired.interval.coverage else ""
    return Entry(middle, pair.paired.estimate, note)


def _finding(summary: Summary, view: str, cell: CellSummary) -> Entry:
    """Whether that is a difference."""
    pair = summary.pair(cell.name, view)
    if pair is None:
        is_reference = reference_of(summary.results, cell.name) == cell.name
        return Entry("reference", "reference") if is_reference else Entry("no seed of both")
    side = ": better" if pair.better else ": worse"
    text = pair.finding + side * (pair.finding != NOT_SEPARABLE)
    p = f"p = {pair.adjusted:.3f}" if pair.adjusted is not None else ""
    return replace(_outcome(pair.finding), text=text, value=text, note=p)

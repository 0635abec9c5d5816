"""Columns of the tables: how each shows a cell, a run or a claim."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from ganzoo.comparison.report.table import Column, Entry
from ganzoo.comparison.runs.rows import COSTS
from ganzoo.comparison.statistics.cells import CellSummary, Spread, primary
from ganzoo.comparison.statistics.exact import NOT_SEPARABLE, median
from ganzoo.comparison.statistics.pairs import IMAGES, reference_of
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.metrics.measures import HEADLINE, MEASURES, NOTHING, TRANSLATED, Measure

MAIN = (*HEADLINE, *TRANSLATED)  # Measures of the main tables; a comparison has one or other.


def number(value: float | None, form: str = ",") -> Entry:
    """A number; a dash of `None`."""
    return Entry(NOTHING) if value is None else Entry(f"{value:{form}}", value)


def words(key: str, label: str, attribute: str = "") -> Column:
    """A column of texts: an attribute of each subject."""

    def entry(subject: Any) -> Entry:
        text = getattr(subject, attribute or key)
        return Entry(text, text.lower())

    return Column(key, label, entry, numeric=False)


def outcome(text: str, shown: str = "", note: str = "") -> Entry:
    """How something came out, marked for the style of the page."""
    return Entry(shown or text, shown or text, note, text.replace(" ", "-"))


def _runs(cell: CellSummary) -> Entry:
    lost, completed = cell.planned - cell.made, cell.made - cell.failed
    notes = [f"{count} {word}" for word, count in cell.verdicts.items() if word != "done"]
    notes += [f"{lost} missing"] * bool(lost)
    mark = "failed" if cell.failed or lost else ""
    return Entry(f"{completed} of {cell.planned}", completed, ", ".join(notes), mark)


def cost(key: str) -> Column:
    """Medians of what the runs of each cell took."""
    label, note, scale = COSTS[key]

    def entry(cell: CellSummary) -> Entry:
        if key not in cell.costs:
            return Entry(NOTHING)
        shown = cell.costs[key] * scale
        return number(shown, ",.0f" if shown >= 100 or shown == int(shown) else ",.1f")

    return Column(key, label, entry, note=note)


CELL = words("cell", "Cell", "name")
RUNS = Column("runs", "Runs", _runs)


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
    """The median of a cell's last figures."""
    return _spread(measure, cell.measures.get(measure.name))


def _spread(measure: Measure, spread: Spread | None) -> Entry:
    if spread is None:
        return Entry(NOTHING)
    low, high = spread.interval.ends
    note = f"{measure.show(low)} to {measure.show(high)}" if low != high else ""
    return Entry(measure.show(spread.median), spread.median, note)


def range_entry(show: Callable[[float], str], values: Iterable[float]) -> Entry:
    """The median, and beside it the lowest and the highest value."""
    if not (known := list(values)):
        return Entry(NOTHING)
    middle, low, high = median(known), show(min(known)), show(max(known))
    return Entry(show(middle), middle, f"{low} to {high}" if low != high else "")


def _difference(summary: Summary, view: str, cell: CellSummary) -> Entry:
    """How far the cell is from its reference."""
    if (pair := summary.pair(cell.name, view)) is None:
        return Entry(NOTHING)
    middle, low, high = pair.shown
    note = f"{low} to {high}" if pair.paired.interval.coverage else ""
    return Entry(middle, pair.paired.estimate, note)


def _finding(summary: Summary, view: str, cell: CellSummary) -> Entry:
    """Whether that is a difference."""
    if (pair := summary.pair(cell.name, view)) is None:
        is_reference = reference_of(summary.results, cell.name) == cell.name
        return Entry("reference", "reference") if is_reference else Entry("no seed of both")
    side = ": better" if pair.better else ": worse"
    text = pair.finding + side * (pair.finding != NOT_SEPARABLE)
    p = f"p = {pair.adjusted:.3f}" if pair.adjusted is not None else ""
    return outcome(pair.finding, text, p)

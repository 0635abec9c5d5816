"""The tables of a report, free of any format; `markdown`, `latex` and the page show them."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ganzoo.comparison.runs.results import RunRow
from ganzoo.comparison.statistics.cells import CellSummary, Spread
from ganzoo.comparison.statistics.exact import FEWEST, NOT_SEPARABLE, median
from ganzoo.comparison.statistics.pairs import IMAGES, SECONDS, reference_of
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.comparison.statistics.words import counted
from ganzoo.metrics.measures import HEADLINE, MEASURES, NOTHING, PRIMARY, Measure

SHORT = ("modes", "recognised", "kid", "coverage", "near_copies", "memorisation")
FLOOR = "real against real"
OF_CLOCK = {"seconds": "", "processor_seconds": " of the processor"}


@dataclass(frozen=True)
class Entry:
    """What stands in one place of a table."""

    text: str  # What is read.
    value: float | str | None = None  # What is sorted by; `None` goes last.
    note: str = ""  # Beside the text, smaller: an interval.
    mark: str = ""  # A word for the style of the page.


@dataclass(frozen=True)
class Column:
    """One column, and how it shows the subject of a row: a cell, a run or a claim."""

    key: str  # For sorting by `#sort=key`.
    label: str  # Its heading.
    entry: Callable[[Any], Entry]
    numeric: bool = True  # Whether it is set to the right.
    note: str = ""  # What it means, in a line.


@dataclass(frozen=True)
class Table:
    """Columns and rows; the first entry of a row is its heading."""

    key: str  # For anchors.
    caption: str  # What it shows, in sentences.
    columns: list[Column]
    rows: list[list[Entry]]
    foot: Sequence[list[Entry]] = ()  # Not sorted with the others.


def main_table(summary: Summary) -> Table:
    """Quality and seconds of each cell, against the reference, with the floor below."""
    references = dict.fromkeys(reference_of(summary.results, c) for c in summary.results.cells)
    caption = (
        f"{'After equal images' if summary.equal_images else 'At the end of each run'}. "
        "Each figure is the median over seeds; the interval for the "
        f"median stands with it{_coverage(summary)}. Δ is the median of the differences by "
        f"seed from {', and for the other growth from '.join(references)}. Failed "
        "runs count as the worst. Seconds are medians of the runs that did not fail."
    )
    columns = [CELL, RUNS, *_headline(summary, IMAGES), SECONDS_TAKEN]
    return _table("main", caption, columns, summary.cells, _floor(summary, columns))


def short_table(summary: Summary) -> Table:
    """Medians and ranges of each cell, for a page that has room for one table."""

    def figure(measure: Measure, cell: CellSummary) -> Entry:
        spread = cell.measures.get(measure.name)
        return _range(measure.show, spread.values.values() if spread else ())

    def seconds(cell: CellSummary) -> Entry:
        runs = [run for run in summary.results.of(cell.name) if not run.failed]
        return _range("{:,.0f}".format, [r.seconds for r in runs if r.seconds is not None])

    settings = summary.results.settings
    columns = [CELL, *_with_chance(summary, SHORT, figure)]
    columns.append(Column("seconds", "Seconds", seconds, note=SECONDS_TAKEN.note))
    caption = f"Median (lowest to highest) of {counted(len(settings['seeds']), 'seed')}"
    caption += f", on {settings['data']}"
    kimg = [cell.costs["kimg"] for cell in summary.cells if "kimg" in cell.costs]
    if kimg and summary.equal_images:
        caption += f" after {kimg[0]:g} thousand images"
    return _table("short", f"{caption}.", columns, summary.cells, _floor(summary, columns))


def measures_table(summary: Summary) -> Table:
    """Every measure of each cell."""
    caption = "Every measure: median over seeds, with the interval below it."
    columns = [CELL, *_with_chance(summary, summary.shown, _at_the_end)]
    return _table("measures", caption, columns, summary.cells, _floor(summary, columns))


def seconds_table(summary: Summary) -> Table | None:
    """The cells after equal seconds; `None` where no snapshot was scored."""
    if summary.seconds is None:
        return None

    def seeds(cell: CellSummary) -> Entry:
        found = [summary.at_seconds(cell.name, name) for name in HEADLINE]
        return _number(max((len(spread.values) for spread in found if spread), default=0))

    caption = (
        f"After equal seconds{OF_CLOCK[summary.results.clock]}: every run at "
        f"{summary.seconds:,.0f} s, the shortest total of "
        "a run that did not fail. Between snapshots the curve is taken as straight, and "
        "nothing is guessed beyond its ends: a run without a snapshot so early is left out "
        "of this table alone. Images of a stage before the last are enlarged to be scored."
    )
    columns = [CELL, Column("seeds", "Seeds", seeds), *_headline(summary, SECONDS)]
    return _table("seconds", caption, columns, summary.cells)


def claims_table(summary: Summary) -> Table | None:
    """The claims about growth; `None` where no cell was run in both ways."""
    if not summary.claims:
        return None
    caption = (
        "What was said of growing from small images, checked here. Claims about time and "
        "spread are tested, as one family; the others count runs. How soon a figure is reached "
        "counts from the first snapshot of the last resolution."
    )
    return _table("claims", caption, CLAIM, summary.claims)


def runs_table(summary: Summary) -> Table:
    """Every run, failed and missing ones too."""

    def figure(measure: Measure, run: RunRow) -> Entry:
        value = run.measure(measure.name)
        return Entry(measure.show(value), None if math.isnan(value) else value)

    columns = [*RUN, *_with_chance(summary, (*HEADLINE, "memorisation"), figure), *RUN_COST]
    runs = [run for cell in summary.results.cells for run in summary.results.all(cell)]
    return _table("runs", "Every run. A dash stands where there is no figure.", columns, runs)


def costs_table(summary: Summary) -> Table:
    """What a run of each cell took."""
    counted = any("processor_seconds" in cell.costs for cell in summary.cells)
    costs = [column for column in COSTS if counted or column.key != "processor_seconds"]
    caption = "Costs: medians of the runs that did not fail."
    return _table("costs", caption, [CELL, *costs], summary.cells)


def _table(
    key: str,
    caption: str,
    columns: list[Column],
    subjects: Iterable[Any],
    foot: Sequence[list[Entry]] = (),
) -> Table:
    rows = [[column.entry(subject) for column in columns] for subject in subjects]
    return Table(key, caption, columns, rows, foot)


def _number(value: float | None, form: str = ",") -> Entry:
    return Entry(NOTHING) if value is None else Entry(f"{value:{form}}", value)


def _text(text: str) -> Entry:
    return Entry(text, text.lower())


def _outcome(outcome: str) -> Entry:
    return Entry(outcome, outcome, mark=_mark(outcome))


def _mark(outcome: str) -> str:
    return outcome.replace(" ", "-")


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


def _cost(key: str, cell: CellSummary) -> Entry:
    value = cell.costs.get(key)
    if value is None:
        return Entry(NOTHING)
    shown = value * (1e-12 if key == "flops" else 1)
    return _number(shown, ",.0f" if shown >= 100 or shown == int(shown) else ",.1f")


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
]
CLAIM = [
    Column("cell", "Cell", lambda claim: _text(claim.cell), numeric=False),
    Column("claim", "Claim", lambda claim: _text(claim.claim), numeric=False),
    Column("outcome", "Outcome", lambda claim: _outcome(claim.outcome), numeric=False),
    Column("figures", "What was seen", lambda claim: _text(claim.figures), numeric=False),
]
RUN = [
    Column("cell", "Cell", lambda run: _text(run.cell), numeric=False),
    Column("seed", "Seed", lambda run: _number(run.seed, "d")),
    Column("status", "Status", _status, numeric=False),
]
RUN_COST = [
    Column("kimg", "kimg", lambda run: _number(run.kimg, "g")),
    Column("seconds", "Seconds", lambda run: _number(run.seconds, ",.0f")),
    Column("reason", "Reason", lambda run: _text(run.reason), numeric=False),
]


def _figure(measure: Measure, entry: Callable[[Measure, Any], Entry]) -> Column:
    label = f"{measure.title} {measure.arrow}".strip()
    return Column(measure.name, label, partial(entry, measure), note=measure.meaning)


def _headline(summary: Summary, view: str) -> Iterator[Column]:
    """The main measures, the primary one with its difference from the reference."""

    def at_equal_seconds(measure: Measure, cell: CellSummary) -> Entry:
        return _spread(measure, summary.at_seconds(cell.name, measure.name))

    for measure in (MEASURES[name] for name in HEADLINE if name in summary.shown):
        yield _figure(measure, _at_the_end if view == IMAGES else at_equal_seconds)
        if measure is PRIMARY:
            difference, finding = (partial(f, summary, view) for f in (_difference, _finding))
            note = "Difference from the reference by seed."
            yield Column("difference", f"Δ {measure.label}", difference, note=note)
            yield Column("finding", "Against the reference", finding, numeric=False)


def _with_chance(
    summary: Summary, names: Iterable[str], entry: Callable[[Measure, Any], Entry]
) -> Iterator[Column]:
    """Measures that any run has, each followed by its own standard deviation, if it has one."""
    known = {name for cell in summary.cells for name in cell.measures}
    for measure in (MEASURES[name] for name in names if name in summary.shown):
        yield _figure(measure, entry)
        if measure.deviation in known:
            yield _figure(measure.chance, entry)


def _at_the_end(measure: Measure, cell: CellSummary) -> Entry:
    return _spread(measure, cell.measures.get(measure.name))


def _spread(measure: Measure, spread: Spread | None) -> Entry:
    if spread is None:
        return Entry(NOTHING)
    low, high = spread.interval.low, spread.interval.high
    note = f"{measure.show(low)} to {measure.show(high)}"
    return Entry(measure.show(spread.median), spread.median, note if low != high else "")


def _range(show: Callable[[float], str], values: Iterable[float]) -> Entry:
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
    estimate, interval = pair.paired.estimate, pair.paired.interval
    low, middle, high = (
        pair.measure.show(value, sign=True) for value in (interval.low, estimate, interval.high)
    )
    return Entry(middle, estimate, f"{low} to {high}" if interval.coverage else "")


def _finding(summary: Summary, view: str, cell: CellSummary) -> Entry:
    """Whether that is a difference."""
    pair = summary.pair(cell.name, view)
    if pair is None:
        is_reference = reference_of(summary.results, cell.name) == cell.name
        return Entry("reference", "reference") if is_reference else Entry("no seed of both")
    text = pair.finding
    if text != NOT_SEPARABLE:
        text += ": better" if pair.better else ": worse"
    p = f"p = {pair.adjusted:.3f}" if pair.adjusted is not None else ""
    return Entry(text, text, p, mark=_mark(pair.finding))


def _coverage(summary: Summary) -> str:
    """What the intervals are and how often they hold the median, in brackets."""
    spreads = [s for cell in summary.cells if (s := cell.measures.get(PRIMARY.name))]
    kinds = sorted({(len(s.values), s.interval.coverage) for s in spreads})
    said = [
        f"{n} seeds: {'the range of every value, ' * (n < FEWEST)}"
        f"which covers it with {100 * coverage:.0f} %"
        if coverage
        else "1 seed: none"
        for n, coverage in kinds
    ]
    return f" ({'; '.join(said)})" if said else ""


def _floor(summary: Summary, columns: list[Column]) -> list[list[Entry]]:
    """A row of what as many real images score; none where no column has it."""
    floor = summary.results.settings["floor"]
    values = [floor.get(column.key) for column in columns]
    if values.count(None) == len(values):
        return []
    shown = [
        MEASURES[column.key].show(value) if value is not None else ""
        for column, value in zip(columns, values, strict=True)
    ]
    return [[Entry(FLOOR), *map(Entry, shown[1:])]]

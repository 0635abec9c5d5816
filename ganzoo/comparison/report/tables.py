"""The tables of a report, free of any format; `markdown`, `latex` and pages show them."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ganzoo.comparison.runs.results import RunRow
from ganzoo.comparison.statistics.cells import CellSummary, Spread
from ganzoo.comparison.statistics.exact import FEWEST, NOT_SEPARABLE, median
from ganzoo.comparison.statistics.pairs import IMAGES, SECONDS, reference_of
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.comparison.statistics.words import counted
from ganzoo.metrics.measures import HEADLINE, MEASURES, NOTHING, PRIMARY, Measure

SHORT = ("modes", "recognised", "kid", "coverage", "near_copies", "memorisation")
MEMORISATION = "memorisation"
FLOOR = "real against real"


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        key: A short name, for sorting by `#sort=key`.
        label: Its heading.
        numeric: Whether it is set to the right.
        note: What it means, in a line.
    """

    key: str
    label: str
    numeric: bool = True
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """What stands in one place of a table.

    Attributes:
        text: What is read.
        value: What is sorted by; `None` goes last.
        note: Something beside the text, smaller: an interval.
        mark: A word for the style of the page.
    """

    text: str
    value: float | str | None = None
    note: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Table:
    """Columns and rows.

    Attributes:
        key: Name of the table, for anchors.
        caption: What it shows, in sentences.
        columns: The columns.
        rows: An entry for each column; the first one is the row's heading.
        foot: Rows below, which are not sorted with the others.
    """

    key: str
    caption: str
    columns: list[Column]
    rows: list[list[Entry]] = field(default_factory=list)
    foot: list[list[Entry]] = field(default_factory=list)


def main_table(summary: Summary) -> Table:
    """Quality and seconds of each cell, against the reference, with the floor below."""
    measures = [MEASURES[name] for name in HEADLINE if name in summary.shown]
    rest = [m for m in measures if m is not PRIMARY]
    rows = []
    for cell in summary.cells:
        row = [_name(cell.name), _runs(cell)]
        if PRIMARY in measures:
            row.append(_spread(PRIMARY, cell.measures.get(PRIMARY.name)))
            row += _against(summary, cell.name, IMAGES)
        row += [_spread(measure, cell.measures.get(measure.name)) for measure in rest]
        rows.append([*row, _cost(SECONDS_TAKEN.key, cell.costs)])
    columns = [Column("cell", "Cell", numeric=False), Column("runs", "Runs")]
    if PRIMARY in measures:
        columns += [_column(PRIMARY), *AGAINST]
    columns += [*map(_column, rest), SECONDS_TAKEN]
    return Table("main", _main_caption(summary), columns, rows, _floor(summary, columns))


def short_table(summary: Summary) -> Table:
    """Medians and ranges of each cell, for a page that has room for one table."""
    measures = _with_chance(summary, SHORT)
    columns = [Column("cell", "Cell", numeric=False), *map(_column, measures), SECONDS_TAKEN]
    rows = []
    for cell in summary.cells:
        runs = [run for run in summary.results.of(cell.name) if not run.failed]
        seconds = [run.seconds for run in runs if run.seconds is not None]
        row = [_range(m.show, _values(cell, m)) for m in measures]
        rows.append([_name(cell.name), *row, _range("{:,.0f}".format, seconds)])
    caption = (
        f"Median (lowest to highest) of {counted(len(summary.results.seeds), 'seed')}, on "
        f"{summary.results.settings['data']}"
    )
    kimg = [cell.costs["kimg"] for cell in summary.cells if "kimg" in cell.costs]
    if kimg and summary.equal_images:
        caption += f" after {kimg[0]:g} thousand images"
    return Table("short", f"{caption}.", columns, rows, _floor(summary, columns))


def measures_table(summary: Summary) -> Table:
    """Every measure of each cell."""
    measures = _with_chance(summary, summary.shown)
    columns = [Column("cell", "Cell", numeric=False), *map(_column, measures)]
    rows = [
        [_name(cell.name), *(_spread(m, cell.measures.get(m.name)) for m in measures)]
        for cell in summary.cells
    ]
    caption = "Every measure: median over seeds, with the interval below it."
    return Table("measures", caption, columns, rows, _floor(summary, columns))


def seconds_table(summary: Summary) -> Table | None:
    """The cells after equal seconds; `None` where no snapshot was scored."""
    if summary.seconds is None:
        return None
    measures = [MEASURES[name] for name in HEADLINE if name in summary.shown]
    columns = [Column("cell", "Cell", numeric=False), Column("seeds", "Seeds")]
    rows = []
    for cell in summary.cells:
        found = [(m, summary.at_seconds(cell.name, m.name)) for m in measures]
        known = max((len(spread.values) for _, spread in found if spread), default=0)
        row = [_name(cell.name), Entry(str(known), known)]
        for measure, spread in found:
            row.append(_spread(measure, spread))
            if measure is PRIMARY:
                row += _against(summary, cell.name, SECONDS)
        rows.append(row)
    for measure in measures:
        columns += [_column(measure), *(AGAINST if measure is PRIMARY else [])]
    caption = (
        f"After equal seconds{OF_CLOCK[summary.results.clock]}: every run at "
        f"{summary.seconds:,.0f} s, the shortest total of "
        "a run that did not fail. Between snapshots the curve is taken as straight, and "
        "nothing is guessed beyond its ends: a run without a snapshot so early is left out "
        "of this table alone. Images of a stage before the last are enlarged to be scored."
    )
    return Table("seconds", caption, columns, rows)


def claims_table(summary: Summary) -> Table | None:
    """The claims about growth; `None` where no cell was run in both ways."""
    if not summary.claims:
        return None
    columns = [
        Column("cell", "Cell", numeric=False),
        Column("claim", "Claim", numeric=False),
        Column("outcome", "Outcome", numeric=False),
        Column("figures", "What was seen", numeric=False),
    ]
    rows = [
        [
            _name(c.cell),
            _text(c.claim),
            Entry(c.outcome, c.outcome, mark=_mark(c.outcome)),
            _text(c.figures),
        ]
        for c in summary.claims
    ]
    caption = (
        "What was said of growing from small images, checked here. Claims about time and "
        "spread are tested, as one family; the others count runs. How soon a figure is reached "
        "counts from the first snapshot of the last resolution."
    )
    return Table("claims", caption, columns, rows)


def runs_table(summary: Summary) -> Table:
    """Every run, failed and missing ones too."""
    measures = _with_chance(summary, (*HEADLINE, MEMORISATION))
    columns = [
        Column("cell", "Cell", numeric=False),
        Column("seed", "Seed"),
        Column("status", "Status", numeric=False),
        *map(_column, measures),
        Column("kimg", "kimg"),
        Column("seconds", "Seconds"),
        Column("reason", "Reason", numeric=False),
    ]
    order = {cell: i for i, cell in enumerate(summary.results.cells)}
    runs = sorted(summary.results.runs, key=lambda run: (order[run.cell], run.seed))
    rows = [_run(run, measures) for run in runs]
    return Table("runs", "Every run. A dash stands where there is no figure.", columns, rows)


def costs_table(summary: Summary) -> Table:
    """What a run of each cell took."""
    counted = any("processor_seconds" in cell.costs for cell in summary.cells)
    costs = [column for column in COSTS if counted or column.key != "processor_seconds"]
    columns = [Column("cell", "Cell", numeric=False), *costs]
    rows = [
        [_name(cell.name), *(_cost(column.key, cell.costs) for column in costs)]
        for cell in summary.cells
    ]
    return Table("costs", "Costs: medians of the runs that did not fail.", columns, rows)


OF_CLOCK = {"seconds": "", "processor_seconds": " of the processor"}
AGAINST = [
    Column("difference", f"Δ {PRIMARY.label}", note="Difference from the reference by seed."),
    Column("finding", "Against the reference", numeric=False),
]
SECONDS_TAKEN = Column("seconds", "Seconds", note="Of one training.")
COSTS = [
    Column("kimg", "kimg", note="Thousands of real images shown to the discriminator."),
    Column("d_updates", "D updates"),
    Column("g_updates", "G updates"),
    Column("flops", "TFLOP", note="10¹² floating-point operations of one training."),
    SECONDS_TAKEN,
    Column("processor_seconds", "Of the processor", note="Seconds, all cores together."),
    Column("parameters", "Weights"),
]


def _cost(key: str, costs: Mapping[str, float]) -> Entry:
    value = costs.get(key)
    if value is None:
        return Entry(NOTHING)
    shown = value * (1e-12 if key == "flops" else 1)
    digits = 0 if shown >= 100 or shown == int(shown) else 1
    return Entry(f"{shown:,.{digits}f}", shown)


def _main_caption(summary: Summary) -> str:
    return (
        f"{'After equal images' if summary.equal_images else 'At the end of each run'}. "
        "Each figure is the median over seeds; the interval for the "
        f"median stands with it{_coverage(summary)}. Δ is the median of the differences by "
        f"seed from {_references(summary)}. Failed runs count as the worst. "
        "Seconds are medians of the runs that did not fail."
    )


def _references(summary: Summary) -> str:
    cells = summary.results.cells
    found = dict.fromkeys(reference_of(summary.results, cell) for cell in cells)
    return ", and for the other growth from ".join(found)


def _coverage(summary: Summary) -> str:
    """What the intervals are and how often they hold the median, in brackets."""
    found = [cell.measures.get(PRIMARY.name) for cell in summary.cells]
    spreads = [spread for spread in found if spread is not None]
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
    floor = summary.results.settings["floor"]
    if not any(floor.get(column.key) is not None for column in columns):
        return []
    row = [Entry(FLOOR)]
    for column in columns[1:]:
        value = floor.get(column.key)
        known = value is not None and column.key in MEASURES
        row.append(Entry(MEASURES[column.key].show(value) if known else ""))
    return [row]


def _with_chance(summary: Summary, names: Iterable[str]) -> list[Measure]:
    """Measures that any run has, each followed by its own standard deviation, if it has one."""
    known = {name for cell in summary.cells for name in cell.measures}
    found: list[Measure] = []
    for measure in (MEASURES[name] for name in names if name in summary.shown):
        found += [measure] + [measure.chance] * (measure.deviation in known)
    return found


def _column(measure: Measure) -> Column:
    return Column(
        measure.name, f"{measure.title} {measure.arrow}".strip(), True, measure.meaning
    )


def _name(cell: str) -> Entry:
    return Entry(cell, cell.lower())


def _text(text: str) -> Entry:
    return Entry(text, text.lower())


def _runs(cell: CellSummary) -> Entry:
    text = f"{cell.completed} of {cell.planned}"
    lost = cell.planned - cell.made
    notes = [f"{count} {word}" for word, count in cell.verdicts.items() if word != "done"]
    notes += [f"{lost} missing"] * bool(lost)
    mark = "failed" if cell.failed or lost else ""
    return Entry(text, cell.completed, ", ".join(notes), mark)


def _spread(measure: Measure, spread: Spread | None) -> Entry:
    if spread is None:
        return Entry(NOTHING)
    low, high = spread.interval.low, spread.interval.high
    note = f"{measure.show(low)} to {measure.show(high)}"
    return Entry(measure.show(spread.median), spread.median, note if low != high else "")


def _values(cell: CellSummary, measure: Measure) -> Iterable[float]:
    spread = cell.measures.get(measure.name)
    return spread.values.values() if spread else ()


def _range(show: Callable[[float], str], values: Iterable[float]) -> Entry:
    """The median, and beside it the lowest and the highest value."""
    known = list(values)
    if not known:
        return Entry(NOTHING)
    middle, low, high = median(known), show(min(known)), show(max(known))
    return Entry(show(middle), middle, f"{low} to {high}" if low != high else "")


def _against(summary: Summary, cell: str, view: str) -> list[Entry]:
    if reference_of(summary.results, cell) == cell:
        return [Entry(NOTHING), Entry("reference", "reference")]
    pair = summary.pair(cell, view)
    if pair is None:
        return [Entry(NOTHING), Entry("no seed of both")]
    show, interval = pair.measure.show, pair.paired.interval
    low, high = (show(end, sign=True) for end in (interval.low, interval.high))
    note = f"{low} to {high}" if interval.coverage else ""
    text = pair.finding
    if interval.excludes_zero and pair.finding != NOT_SEPARABLE:
        text += ": better" if pair.better else ": worse"
    p = f"p = {pair.adjusted:.3f}" if pair.adjusted is not None else ""
    difference = show(pair.paired.estimate, sign=True)
    return [
        Entry(difference, pair.paired.estimate, note),
        Entry(text, text, p, mark=_mark(pair.finding)),
    ]


def _run(run: RunRow, measures: Iterable[Measure]) -> list[Entry]:
    healthy = run.outcome in ("healthy", "done")
    figures = [(m, run.measure(m.name)) for m in measures]
    return [
        _name(run.cell),
        Entry(str(run.seed), run.seed),
        Entry(run.outcome, run.outcome, mark="" if healthy else "failed"),
        *(Entry(m.show(v), None if math.isnan(v) else v) for m, v in figures),
        _plain(run.kimg, "g"),
        _plain(run.seconds, ",.0f"),
        _text(run.reason),
    ]


def _plain(value: float | None, form: str) -> Entry:
    return Entry(NOTHING) if value is None else Entry(f"{value:{form}}", value)


def _mark(outcome: str) -> str:
    return outcome.replace(" ", "-")

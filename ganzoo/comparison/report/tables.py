"""The tables of a report."""

import math

from ganzoo.comparison.report.table import Column, Entry, Table
from ganzoo.comparison.report.table_columns import (
    CELL,
    MAIN,
    RUNS,
    at_the_end,
    cost,
    headline_columns,
    measure_columns,
    number,
    outcome,
    range_entry,
    words,
)
from ganzoo.comparison.runs.rows import COSTS, LATER, RunRow
from ganzoo.comparison.statistics.cells import CellSummary, primary
from ganzoo.comparison.statistics.exact import FEWEST
from ganzoo.comparison.statistics.pairs import IMAGES, SECONDS, reference_of
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.data.messages import counted
from ganzoo.metrics.measures import MEASURES, TRANSLATED, Measure

SHORT = ("modes", "recognised", "kid", "coverage", "near_copies", "memorisation", *TRANSLATED)
FLOOR = "real against real"
OF_CLOCK = {"seconds": "", "processor_seconds": " of the processor"}


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
    columns = [CELL, RUNS, *headline_columns(summary, IMAGES), cost("seconds")]
    return _of_cells(summary, "main", caption, columns)


def short_table(summary: Summary) -> Table:
    """Medians and ranges of each cell, for a page that has room for one table."""

    def figure(measure: Measure, cell: CellSummary) -> Entry:
        spread = cell.measures.get(measure.name)
        return range_entry(measure.show, spread.values.values() if spread else ())

    def seconds(cell: CellSummary) -> Entry:
        runs = [run for run in summary.results.of(cell.name) if not run.failed]
        return range_entry("{:,.0f}".format, [r.seconds for r in runs if r.seconds is not None])

    settings = summary.results.settings
    columns = [CELL, *measure_columns(summary, SHORT, figure)]
    columns.append(Column("seconds", "Seconds", seconds))
    caption = f"Median (lowest to highest) of {counted(len(settings['seeds']), 'seed')}"
    caption += f", on {settings['data']}"
    kimg = [cell.costs["kimg"] for cell in summary.cells if "kimg" in cell.costs]
    if kimg and summary.equal_images:
        caption += f" after {kimg[0]:g} thousand images"
    return _of_cells(summary, "short", f"{caption}.", columns)


def measures_table(summary: Summary) -> Table:
    """Every measure of each cell."""
    caption = "Every measure: median over seeds, with the interval below it."
    columns = [CELL, *measure_columns(summary, summary.shown, at_the_end)]
    return _of_cells(summary, "measures", caption, columns)


def seconds_table(summary: Summary) -> Table | None:
    """The cells after equal seconds; `None` where no snapshot was scored."""
    if summary.seconds is None:
        return None

    def seeds(cell: CellSummary) -> Entry:
        found = [summary.at_seconds(cell.name, name) for name in MAIN]
        return number(max((len(spread.values) for spread in found if spread), default=0))

    caption = (
        f"After equal seconds{OF_CLOCK[summary.results.clock]}: every run at "
        f"{summary.seconds:,.0f} s, the shortest total of "
        "a run that did not fail. Between snapshots the curve is taken as straight, and "
        "nothing is guessed beyond its ends: a run without a snapshot so early is left out "
        "of this table alone. Images of a stage before the last are enlarged to be scored."
    )
    columns = [CELL, Column("seeds", "Seeds", seeds), *headline_columns(summary, SECONDS)]
    return Table("seconds", caption, columns, summary.cells)


def claims_table(summary: Summary) -> Table | None:
    """The claims about growth; `None` where no cell was run in both ways."""
    caption = (
        "What was said of growing from small images, checked here. Claims about time and "
        "spread are tested, as one family; the others count runs. How soon a figure is reached "
        "counts from the first snapshot of the last resolution."
    )
    columns = [
        words("cell", "Cell"),
        words("claim", "Claim"),
        Column("outcome", "Outcome", lambda claim: outcome(claim.outcome), numeric=False),
        words("figures", "What was seen"),
    ]
    return Table("claims", caption, columns, summary.claims) if summary.claims else None


def runs_table(summary: Summary) -> Table:
    """Every run, failed and missing ones too."""

    def status(run: RunRow) -> Entry:
        healthy = run.outcome in ("healthy", "done")
        return Entry(run.outcome, run.outcome, mark="" if healthy else "failed")

    def figure(measure: Measure, run: RunRow) -> Entry:
        value = run.measure(measure.name)
        return Entry(measure.show(value), None if math.isnan(value) else value)

    columns = [
        words("cell", "Cell"),
        Column("seed", "Seed", lambda run: number(run.seed, "d")),
        Column("status", "Status", status, numeric=False),
        *measure_columns(summary, (*MAIN, "memorisation"), figure),
        Column("kimg", "kimg", lambda run: number(run.kimg, "g")),
        Column("seconds", "Seconds", lambda run: number(run.seconds, ",.0f")),
        words("reason", "Reason"),
    ]
    runs = [run for cell in summary.results.cells for run in summary.results.all(cell)]
    return Table("runs", "Every run. A dash stands where there is no figure.", columns, runs)


def costs_table(summary: Summary) -> Table:
    """What a run of each cell took."""
    known = {key for cell in summary.cells for key in cell.costs}
    costs = [cost(key) for key in COSTS if key in known or key not in LATER]
    caption = "Costs: medians of the runs that did not fail."
    return Table("costs", caption, [CELL, *costs], summary.cells)


def _of_cells(summary: Summary, key: str, caption: str, columns: list[Column]) -> Table:
    """A table of cells, and below them what as many real images score."""
    floor = summary.results.settings["floor"]
    known = {c.key: floor[c.key] for c in columns if floor.get(c.key) is not None}
    real = [MEASURES[c.key].show(known[c.key]) if c.key in known else "" for c in columns]
    foot = [[Entry(FLOOR), *map(Entry, real[1:])]] if known else []
    return Table(key, caption, columns, summary.cells, foot)


def _coverage(summary: Summary) -> str:
    """What the intervals are and how often they hold the median, in brackets."""
    tested = primary(summary.results).name
    spreads = [s for cell in summary.cells if (s := cell.measures.get(tested))]
    kinds = sorted({(len(s.values), s.interval.coverage) for s in spreads})
    said = [
        f"{n} seeds: {'the range of every value, ' * (n < FEWEST)}"
        f"which covers it with {100 * coverage:.0f} %"
        if coverage
        else "1 seed: none"
        for n, coverage in kinds
    ]
    return f" ({'; '.join(said)})" if said else ""

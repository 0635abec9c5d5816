"""The sections of the page, each from a summary to HTML; empty text leaves one out."""

import base64
import io
from collections.abc import Callable
from html import escape
from typing import Any

from PIL import Image

from ganzoo.comparison import tables
from ganzoo.comparison.curves import AXES, COLOURS, curve_svg, measured, stroke, styles
from ganzoo.comparison.histogram import histogram_svg
from ganzoo.comparison.pairs import IMAGES, SECONDS
from ganzoo.comparison.results import RunRow, sample_path
from ganzoo.comparison.sentences import findings, notes
from ganzoo.comparison.settings import SETTINGS
from ganzoo.comparison.summary import Summary
from ganzoo.comparison.table_html import table_html
from ganzoo.metrics.measures import MEASURES, Measure

# Settings that need the width of the page.
WIDE = {"losses", "penalties", "architectures", "optimizer", "command"}
WIDE |= {"data_sha256", "features"}
JOINT = " · "
WHOLE_ROW = ' class="wide"'
MOST_SENTENCES = 6
LARGEST_SHEET = 8_000_000  # bytes


def table(make: Callable[[Summary], tables.Table | None], summary: Summary) -> str:
    """A section that is one table."""
    made = make(summary)
    return table_html(made) if made else ""


def terms(summary: Summary) -> str:
    """The settings, as a list of names and values."""
    given = summary.results.settings
    shown = [(key, s.label, given[key]) for key, s in SETTINGS.items() if s.label]
    items = [
        f"<div{WHOLE_ROW if key in WIDE else ''}><dt>{escape(label)}</dt>"
        f"<dd>{_value(key, value)}</dd></div>"
        for key, label, value in shown
        if value not in (None, "", [])
    ]
    return (
        "<p>Shared by all cells, seed by seed, where a cell's own command does not say "
        "otherwise; so are the order of the data and the latents. The last state of each "
        "run is scored, not its best.</p>"
        f"<dl>{''.join(items)}</dl>"
    )


def _value(key: str, value: Any) -> str:
    text = escape(", ".join(map(str, value)) if isinstance(value, list) else str(value))
    code = key in ("command", "data_sha256", "features", "commit", "optimizer", "schedule")
    return f"<code>{text}</code>" if code else text


def results(summary: Summary) -> str:
    """The main table, what it shows in words, and what it took."""
    links = {cell: f"#cell-{i}" for i, cell in enumerate(summary.results.cells)}
    made = table_html(tables.main_table(summary), links)
    words = _sentences(findings(summary, IMAGES)) + _sentences(notes(summary))
    return made + words + table_html(tables.costs_table(summary))


def equal_seconds(summary: Summary) -> str:
    """The same at equal seconds; empty where no snapshot was scored."""
    made = table(tables.seconds_table, summary)
    return made and made + _sentences(findings(summary, SECONDS))


def _sentences(lines: list[str]) -> str:
    """A list, folded away where it is long: the table says the same."""
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    made = f'<ul class="findings">{items}</ul>'
    if len(lines) <= MOST_SENTENCES:
        return made
    return f"<details><summary>In words ({len(lines)} sentences)</summary>{made}</details>"


def measures(summary: Summary) -> str:
    """The table of every measure, and what they mean."""
    if not summary.shown:
        return ""
    meanings = "".join(
        f"<div><dt>{escape(f'{MEASURES[name].title} {MEASURES[name].arrow}'.strip())}</dt>"
        f"<dd>{escape(MEASURES[name].meaning)}</dd></div>"
        for name in summary.shown
    )
    note = (
        "<p class='quiet'>↓ lower is better, ↑ higher is better; without an arrow neither.</p>"
    )
    return (
        f"{table_html(tables.measures_table(summary))}"
        f'<dl class="meanings">{meanings}</dl>{note}'
    )


# Samples


def samples(summary: Summary) -> str:
    """A sheet of each cell at the first seed, and the other seeds folded away."""
    seeds = summary.results.seeds
    first = [f for cell in summary.results.cells if (f := _sheet(summary, cell, seeds[0]))]
    rest = [
        sheet
        for cell in summary.results.cells
        for seed in seeds[1:]
        if (sheet := _sheet(summary, cell, seed))
    ]
    if not first and not rest:
        return ""
    parts = [
        f"<p>All cells at the same latents: seed {seeds[0]}, the first one, "
        "at the end of training or where it broke off.</p>",
        f'<div class="sheets">{"".join(first)}</div>',
    ]
    if rest:
        parts.append(
            f"<details><summary>The other seeds ({len(rest)} sheets)</summary>"
            f'<div class="sheets">{"".join(rest)}</div></details>'
        )
    return "".join(parts)


def _sheet(summary: Summary, cell: str, seed: int) -> str:
    if summary.results.folder is None:
        return ""
    path = summary.results.folder / sample_path(cell, seed)
    if not path.is_file() or path.stat().st_size > LARGEST_SHEET:
        return ""
    data = path.read_bytes()
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            width, height = image.size
    except (OSError, ValueError):
        return ""
    run = next(r for r in summary.results.runs if (r.cell, r.seed) == (cell, seed))
    state = run.outcome
    kimg = f" after {run.kimg:g} thousand images" if run.kimg is not None else ""
    alt = f"Images generated by {cell}, seed {seed}{kimg}; the run is {state}."
    source = base64.b64encode(data).decode()
    return (
        f"<figure><figcaption><b>{escape(cell)}</b> seed {seed}, {escape(state)}</figcaption>"
        f'<img src="data:image/png;base64,{source}" width="{width}" height="{height}" '
        f'alt="{escape(alt)}"></figure>'
    )


# Curves


def curves(summary: Summary) -> str:
    """Each measure against images and against seconds; the less used ones folded away."""
    main: list[str] = []
    more: list[str] = []
    for measure in measured(summary.results):
        (main if measure.name in tables.MAIN else more).append(_plots(summary, measure))
    if not main and not more:
        return ""
    parts = [
        "<p>Lines are medians over seeds, bands hold every seed. A run that failed is drawn "
        "by itself, up to a cross where it broke off. Nothing is drawn beyond the time that "
        "all runs of a cell reached.</p>",
        _legend(summary),
        f'<div class="plots">{"".join(main)}</div>',
    ]
    if any(more):
        parts.append(
            "<details><summary>More measures</summary>"
            f'<div class="plots">{"".join(more)}</div></details>'
        )
    return "".join(parts)


def _legend(summary: Summary) -> str:
    number = styles(summary.results)
    names: dict[int, list[str]] = {}
    for cell in summary.results.cells:
        names.setdefault(number[cell], []).append(cell)
    items = "".join(
        '<li><svg viewBox="0 0 26 8" aria-hidden="true">'
        f'<path class="line {stroke(n)}" d="M1 4H25"/></svg>{escape(JOINT.join(cells))}</li>'
        for n, cells in names.items()
    )
    return f'<ul class="legend">{items}</ul>'


def _plots(summary: Summary, measure: Measure) -> str:
    modes: dict[str, list[str]] = {}
    for cell in summary.cells:
        modes.setdefault(cell.growth, []).append(cell.name)
    figures = []
    for growth, cells in modes.items():
        for against, axis in AXES.items():
            mode = f", {growth}" if len(modes) > 1 else ""
            name = f"{measure.title} against {axis}{mode}"
            if svg := curve_svg(summary.results, cells, measure, against, name):
                caption = f"<b>{escape(measure.title)}</b> {measure.arrow}{escape(mode)}"
                figures.append(f"<figure><figcaption>{caption}</figcaption>{svg}</figure>")
    return "".join(figures)


# Forms


def histograms(summary: Summary) -> str:
    """The share of each class, cell by cell, on one scale."""
    number = styles(summary.results)
    highest = max((max(cell.histogram, default=0) for cell in summary.cells), default=0)
    classes = summary.results.settings["classes"]
    figures = [
        f"<figure><figcaption><b>{escape(cell.name)}</b></figcaption>{svg}</figure>"
        for cell in summary.cells
        if (svg := histogram_svg(cell, classes, number[cell.name] % COLOURS, highest))
    ]
    if not figures:
        return ""
    return (
        "<p>Share of each class among a cell's recognised images, the mean over runs that did "
        "not fail and have some. The dotted line is an equal share.</p>"
        f'<div class="plots">{"".join(figures)}</div>'
    )


# Commands


def commands(summary: Summary) -> str:
    """What makes the whole comparison, and each run of it."""
    whole = escape(summary.results.settings["command"])
    parts = [f"<p>All of it:</p><pre><code>{whole}</code></pre>"]
    for i, cell in enumerate(summary.results.cells):
        runs = sorted(
            (run for run in summary.results.runs if run.cell == cell), key=lambda r: r.seed
        )
        parts.append(f'<h3 id="cell-{i}">{escape(cell)}</h3>{_command(runs[0])}')
        if runs[1:]:
            rest = "".join(map(_command, runs[1:]))
            parts.append(f"<details><summary>Other seeds</summary>{rest}</details>")
    return "".join(parts)


def _command(run: RunRow) -> str:
    state = run.outcome
    facts = [f"Seed {run.seed}: {state}", run.reason, run.run, run.digest]
    text = escape(JOINT.join(fact for fact in facts if fact))
    command = f"<pre><code>{escape(run.command)}</code></pre>" if run.command else ""
    return f'<p class="quiet">{text}</p>{command}'

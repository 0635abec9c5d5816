"""A report as Markdown."""

import re

from ganzoo.comparison.report import tables
from ganzoo.comparison.report.headline import headline
from ganzoo.comparison.report.sentences import sentences
from ganzoo.comparison.report.table import Entry, Table
from ganzoo.comparison.runs.settings import shown
from ganzoo.comparison.statistics.summary import Summary


def report(summary: Summary) -> str:
    """The whole report: findings, tables, settings, commands."""
    results = summary.results
    firsts = [results.first(cell).command for cell in results.cells]
    commands = [results.settings["command"], *filter(None, firsts)]
    return joined(
        f"# {escape(results.settings['title'])}",
        escape(headline(summary)),
        bullets(sentences(summary)),
        captioned(tables.main_table(summary)),
        captioned(tables.costs_table(summary)),
        captioned(tables.seconds_table(summary)),
        captioned(tables.claims_table(summary)),
        captioned(tables.measures_table(summary)),
        captioned(tables.runs_table(summary)),
        "## Comparison settings",
        "\n".join(f"- {label}: {escape(s)}" for _, label, s in shown(results.settings)),
        "## Commands to reproduce it",
        "\n".join(f"    {' '.join(command.split())}" for command in commands),
    )


def joined(*parts: str) -> str:
    """Paragraphs, without the empty ones."""
    return "\n\n".join(filter(None, parts)) + "\n"


def bullets(lines: list[str]) -> str:
    """A list of sentences."""
    return "\n".join(f"- {escape(line)}" for line in lines)


def captioned(table: Table | None) -> str:
    """A table above its caption; nothing of `None`."""
    return f"{markdown(table)}\n\n*{escape(table.caption)}*" if table else ""


def markdown(table: Table) -> str:
    """One table; lined up, so that it reads as plain text too."""
    heads = [escape(column.label) for column in table.columns]
    body = [[_entry(entry) for entry in row] for row in (*table.rows, *table.foot)]
    widths = [max(map(len, column)) for column in zip(heads, *body, strict=True)]
    numeric = [column.numeric for column in table.columns]
    rule = ["-" * (w - 1) + ":" if n else "-" * w for w, n in zip(widths, numeric, strict=True)]
    return "\n".join(_line(row, widths, numeric) for row in (heads, rule, *body))


def escape(text: str) -> str:
    """`text` in one line, with nothing that Markdown or HTML would act on."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|>#])", r"\\\1", text)


def _line(row: list[str], widths: list[int], numeric: list[bool]) -> str:
    fields = zip(row, widths, numeric, strict=True)
    return "| " + " | ".join(t.rjust(w) if n else t.ljust(w) for t, w, n in fields) + " |"


def _entry(entry: Entry) -> str:
    return escape(f"{entry.text} ({entry.note})" if entry.note else entry.text)

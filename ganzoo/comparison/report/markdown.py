"""A report as Markdown."""

import re

from ganzoo.comparison.report.headline import headline
from ganzoo.comparison.report.sentences import sentences
from ganzoo.comparison.report.tables import (
    Entry,
    Table,
    claims_table,
    costs_table,
    main_table,
    measures_table,
    runs_table,
    seconds_table,
)
from ganzoo.comparison.runs.settings import shown
from ganzoo.comparison.statistics.summary import Summary


def report(summary: Summary) -> str:
    """The whole report: findings, tables, settings, commands."""
    settings = summary.results.settings
    tables = [
        main_table(summary),
        costs_table(summary),
        seconds_table(summary),
        claims_table(summary),
        measures_table(summary),
        runs_table(summary),
    ]
    parts = [
        f"# {escape(settings['title'])}",
        escape(headline(summary)),
        "\n".join(f"- {escape(line)}" for line in sentences(summary)),
        *("\n\n".join([markdown(t), f"*{escape(t.caption)}*"]) for t in tables if t),
        "## Comparison settings",
        "\n".join(f"- {label}: {escape(text)}" for _, label, text in shown(settings)),
        "## Commands to reproduce it",
        _commands(summary),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def markdown(table: Table) -> str:
    """One table; lined up, so that it reads as plain text too."""
    heads = [escape(column.label) for column in table.columns]
    body = [[_entry(entry) for entry in row] for row in (*table.rows, *table.foot)]
    widths = [max(map(len, column)) for column in zip(heads, *body, strict=True)]
    numeric = [column.numeric for column in table.columns]
    rule = ["-" * (w - 1) + ":" if n else "-" * w for w, n in zip(widths, numeric, strict=True)]
    return "\n".join(_line(row, widths, numeric) for row in (heads, rule, *body))


def _line(row: list[str], widths: list[int], numeric: list[bool]) -> str:
    fields = zip(row, widths, numeric, strict=True)
    return "| " + " | ".join(t.rjust(w) if n else t.ljust(w) for t, w, n in fields) + " |"


def _entry(entry: Entry) -> str:
    return escape(f"{entry.text} ({entry.note})" if entry.note else entry.text)


def escape(text: str) -> str:
    """`text` in one line, with nothing that Markdown or HTML would act on."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|>#])", r"\\\1", text)


def _commands(summary: Summary) -> str:
    runs = [summary.results.first(cell) for cell in summary.results.cells]
    commands = [summary.results.settings["command"], *(r.command for r in runs if r.command)]
    return "\n".join(f"    {' '.join(command.split())}" for command in commands)

"""A table as HTML: headings with scope, numbers to the right, sortable by the page."""

import re
from collections.abc import Mapping
from html import escape

from ganzoo.comparison.tables import Column, Entry, Table


def table_html(table: Table, links: Mapping[str, str] | None = None) -> str:
    """A table in a box that scrolls.

    Args:
        table: What it shows.
        links: Where the heading of a row leads, by its text.
    """
    head = "".join(map(_heading, table.columns))
    body = "".join(_row(row, table.columns, links or {}) for row in table.rows)
    foot = "".join(_row(row, table.columns, {}) for row in table.foot)
    foot = f"<tfoot>{foot}</tfoot>" if foot else ""
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{table.key}-caption">'
        f'<table class="sortable"><caption id="{table.key}-caption">'
        f"<span>{escape(table.caption)}</span></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        f"{foot}</table></div>"
    )


def _heading(column: Column) -> str:
    side = ' class="n"' if column.numeric else ""
    title = f' title="{escape(column.note)}"' if column.note else ""
    # An arrow stays with its word.
    label = re.sub(" ([↑↓])", "\u00a0\\1", escape(column.label))
    return f'<th scope="col" data-key="{column.key}"{side}{title}>{label}</th>'


def _row(row: list[Entry], columns: list[Column], links: Mapping[str, str]) -> str:
    first, *rest = row
    name = escape(first.text)
    if first.text in links:
        name = f'<a href="{links[first.text]}">{name}</a>'
    fields = [_field(entry, c) for entry, c in zip(rest, columns[1:], strict=True)]
    return f'<tr><th scope="row"{_sorted_by(first)}>{name}</th>{"".join(fields)}</tr>'


def _field(entry: Entry, column: Column) -> str:
    kind = "n" if column.numeric else "t"
    kind += f" {entry.mark}" if entry.mark else ""
    note = f"<small>{escape(entry.note)}</small>" if entry.note else ""
    return f'<td class="{kind}"{_sorted_by(entry)}>{escape(entry.text)}{note}</td>'


def _sorted_by(entry: Entry) -> str:
    if entry.value is None:
        return ""
    if isinstance(entry.value, str):
        return f' data-v="{escape(entry.value)}"'
    # JavaScript's Number reads no "inf".
    value = str(entry.value).replace("inf", "Infinity")
    return f' data-v="{value}" data-n'

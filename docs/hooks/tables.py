"""Tables with sentences in them can be read on a phone: there each row is a small list.

Such a table gets the attribute `data-sentences`, and each of its cells the name of its column;
`assets/site.css` lays them out. A table of numbers keeps its columns and scrolls.
"""

import html
import re
from typing import Any

TABLE = re.compile(r"<table>.*?</table>", re.S)
ROW = re.compile(r"<tr\b.*?</tr>", re.S)
CELL = re.compile(r"<t([hd])\b([^>]*)>(.*?)</t\1>", re.S)
LONG = 40  # Letters of a cell that is a sentence.
WIDE = 18  # Letters of a first column beside which a second one has no room on a phone.


def on_page_content(content: str, page: Any, config: Any, files: Any) -> str:
    """The HTML of a page, with the tables marked that have sentences."""
    return TABLE.sub(lambda match: mark(match[0]), content)


def mark(table: str) -> str:
    """A table, with its columns' names at the cells if one of them holds a sentence."""
    names, *_ = ([_text(cell[3]) for cell in CELL.finditer(row)] for row in ROW.findall(table))
    cells = [_text(cell[3]) for cell in CELL.finditer(table) if cell[1] == "d"]
    first = cells[:: len(names)]
    narrow = len(names) < 3 and max(map(len, first), default=0) < WIDE
    if narrow or max(map(len, cells), default=0) < LONG:
        return table
    marked = ROW.sub(lambda row: _named(row[0], names), table)
    return marked.replace("<table>", "<table data-sentences>", 1)


def _named(row: str, names: list[str]) -> str:
    columns = iter(names)

    def named(cell: re.Match[str]) -> str:
        name = next(columns, "")
        if cell[1] == "h" or not _text(cell[3]):
            return cell[0]
        return f'<td{cell[2]} data-column="{html.escape(name)}">{cell[3]}</td>'

    return CELL.sub(named, row)


def _text(inside: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", inside)).strip()

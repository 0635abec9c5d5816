"""The main table of a comparison for a terminal: each cell's figures, and real ones below."""

import re
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from ganzoo.comparison.report import table as tables
    from ganzoo.comparison.statistics.summary import Summary

NAME_WIDTH = 22  # characters
FINDING_WIDTH = 14  # characters, of "agrees: better"
BETWEEN = 2  # characters between columns, of which the box gives one
REAL = "real images"
# Shorter ones than on the page.
HEADINGS = {
    "finding": "Against reference",
    "recognised": "Recog. (%) ↑",
    "coverage": "Cover. ↑",
}
# In the order in which they are given up where the terminal is narrow.
SPARED = ("seconds", "difference", "coverage", "frechet", "recognised", "modes", "runs")
COLOURS = {"separable": "green", "failed": "red"}


def comparison_table(summary: "Summary", width: int) -> Table:
    """A table that breaks no word, and is no wider than `width` where that can be.

    Args:
        summary: What was compared.
        width: Columns of the terminal.
    """
    from ganzoo.comparison.report.tables import main_table

    full = main_table(summary)
    rows = [_row(row, "bold") for row in full.rows]
    foot = [_row([_real(row[0]), *row[1:]], "dim") for row in full.foot]
    keep = _that_fit(full, [*rows, *foot], width)
    table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, BETWEEN - 1, 0, 0)
    )
    for index, least in keep.items():
        column = full.columns[index]
        side: Literal["left", "right"] = "right" if column.numeric else "left"
        table.add_column(_heading(column), justify=side, min_width=least, max_width=least)
    for number, row in enumerate([*rows, *foot]):
        table.add_row(*(row[index] for index in keep), end_section=number == len(rows) - 1)
    return table


def _real(entry: "tables.Entry") -> "tables.Entry":
    from ganzoo.comparison.report.table import Entry

    return Entry(REAL)


def _row(row: "list[tables.Entry]", style: str) -> list[Text]:
    first, *rest = row
    name = Text("\n".join(broken(first.text, NAME_WIDTH)), style=style)
    return [name, *(Text(entry.text, style=COLOURS.get(entry.mark, "")) for entry in rest)]


def _heading(column: "tables.Column") -> str:
    return HEADINGS.get(column.key, column.label)


def _that_fit(full: "tables.Table", rows: list[list[Text]], width: int) -> dict[int, int]:
    """The columns to show and their widths: all but those of `SPARED` that find no room."""
    keep = {
        index: max(_longest_word(_heading(column)), *(_needed(row, index) for row in rows))
        for index, column in enumerate(full.columns)
    }
    for key in SPARED:
        if sum(keep.values()) + BETWEEN * (len(keep) - 1) <= width:
            break
        keep = {i: least for i, least in keep.items() if full.columns[i].key != key}
    return keep


def _needed(row: list[Text], index: int) -> int:
    """Width in which an entry stands with no word broken; a name is broken already."""
    text = row[index].plain
    if index == 0:
        return max(map(len, text.split("\n")))
    words = _longest_word(text)
    return max(words, min(len(text), FINDING_WIDTH)) if " " in text else words


def _longest_word(text: str) -> int:
    return max(map(len, text.split(" ")))


def broken(name: str, width: int) -> list[str]:
    """`name` in lines of at most `width` characters, broken after spaces and signs.

    A piece that is longer has its middle left out.
    """
    lines = [""]
    for piece in re.split(r"(?<=[\s,:;=+/_-])(?=[^\s,:;=+/_-])", name):
        if len(piece) > width:
            half = (width - 1) // 2
            piece = f"{piece[:half]}…{piece[len(piece) - half :]}"
        if len((lines[-1] + piece).rstrip()) <= width:
            lines[-1] += piece
        else:
            lines.append(piece)
    return [line.rstrip() for line in lines if line.strip()] or [""]

"""What a table is, free of any format; `markdown`, `latex` and the page show it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any


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
    """Columns, and a row for each subject; the first entry of a row is its heading."""

    key: str  # For anchors.
    caption: str  # What it shows, in sentences.
    columns: list[Column]
    subjects: Sequence[Any]
    foot: Sequence[list[Entry]] = ()  # Not sorted with the others.

    @cached_property
    def rows(self) -> list[list[Entry]]:
        """Entries by row and column."""
        return [[column.entry(one) for column in self.columns] for one in self.subjects]

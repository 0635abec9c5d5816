"""Tables for a terminal; plain text of 80 columns elsewhere."""

from collections.abc import Iterable, Mapping, Sequence

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_table(columns: Mapping[str, int | None], rows: Iterable[Sequence[str]]) -> None:
    """Print a table that breaks lines within its cells, between words.

    Args:
        columns: The least width of each column by its title, or `None` for that of its text.
            The first one is never broken, if that can be.
        rows: Their cells.
    """
    console = Console(highlight=False)
    ruled = box.SIMPLE_HEAD if console.is_terminal else None
    table = Table(
        box=ruled, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0), header_style="bold"
    )
    for index, (title, width) in enumerate(columns.items()):
        style = "cyan" if not index else ""
        table.add_column(title, min_width=width, style=style, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    with console.capture() as printed:
        console.print(table)
    click.echo("\n".join(line.rstrip() for line in printed.get().splitlines()))

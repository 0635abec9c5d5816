"""`ganzoo report`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ganzoo.cli.waiting import waiting

if TYPE_CHECKING:
    from ganzoo.comparison.statistics.summary import Summary


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="Print the statistics as JSON.")
def report(folder: str, as_json: bool) -> None:
    """Make tables and a page from the comparison in DIR.

    Reads comparison.json, results.csv, curves.csv and samples/ there and writes
    report.html, report.md and table.tex beside them. Nothing is trained or scored, and
    no module that a file there names is imported.

    \b
    ganzoo report comparisons/losses
    ganzoo report comparisons/losses --json > statistics.json
    """
    with waiting("Making tables and the page"):
        from ganzoo.comparison.report.page import write_report

        summary, paths = write_report(folder)
    if as_json:
        files = {"files": list(map(str, paths))}
        click.echo(json.dumps(summary.as_json() | files, indent=2, allow_nan=False))
    else:
        show(summary, paths)


def show(summary: "Summary", paths: list[Path]) -> None:
    """Print the main table, what was found in words, and where the reports are."""
    from rich.console import Console
    from rich.markup import escape

    from ganzoo.cli.comparison_table import comparison_table
    from ganzoo.comparison.report.headline import headline

    console = Console(highlight=False)
    console.print(f"[bold]{escape(summary.results.settings['title'])}[/]")
    console.print(comparison_table(summary, console.width))
    console.print("\n" + headline(summary), markup=False)
    console.print()
    for path in paths:
        console.print(str(path), style="dim", markup=False, soft_wrap=True)

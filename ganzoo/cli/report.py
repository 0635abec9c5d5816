"""`ganzoo report`."""

import json
from pathlib import Path

import click


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="Print the statistics as JSON.")
def report(folder: str, as_json: bool) -> None:
    """Make tables and a page from the comparison in DIR.

    Reads comparison.json, results.csv, curves.csv and samples/ there and writes
    report.html, report.md and table.tex beside them. Nothing is trained or scored.

    \b
    ganzoo report comparisons/losses
    ganzoo report comparisons/losses --json > statistics.json
    """
    from ganzoo.comparison.report import write_report, write_reports
    from ganzoo.comparison.results import Results
    from ganzoo.comparison.summary import Summary

    if not as_json:
        click.echo(write_report(folder))
        return
    summary = Summary(Results.read(folder))
    files = {"files": [str(path) for path in write_reports(summary, Path(folder))]}
    click.echo(json.dumps(summary.as_json() | files, indent=2, allow_nan=False))

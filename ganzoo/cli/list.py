"""`ganzoo list`."""

import importlib
import json
from dataclasses import asdict

import click

KINDS = {
    "models": "ganzoo.models:registry",
    "losses": "ganzoo.losses:registry",
    "penalties": "ganzoo.losses.penalties:registry",
    "architectures": "ganzoo.architectures:registry",
    "data": "ganzoo.data:sets",
}


@click.command("list")
@click.argument("kind", type=click.Choice(list(KINDS)), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_variants(kind: str | None, as_json: bool) -> None:
    """List models, losses, penalties, architectures and data sets.

    Each with its name, one line, and its paper.

    \b
    ganzoo list
    ganzoo list losses --json
    """
    kinds = [kind] if kind else list(KINDS)
    found = {k: [asdict(entry) for entry in _registry(k).usable()] for k in kinds}
    if as_json:
        click.echo(json.dumps(found[kind] if kind else found, indent=2))
        return
    from ganzoo.cli.table import print_table

    width = max(len(entry["name"]) for entries in found.values() for entry in entries)
    for index, (k, entries) in enumerate(found.items()):
        click.echo("\n" if index else "", nl=False)
        titles = {k: width, "": None, "paper": None}
        rows = [[entry["name"], entry["summary"], entry["paper"]] for entry in entries]
        if not any(entry["paper"] for entry in entries):
            titles, rows = {k: width, "": None}, [row[:2] for row in rows]
        print_table(titles, rows)


def _registry(kind: str):
    module, _, name = KINDS[kind].partition(":")
    return getattr(importlib.import_module(module), name)

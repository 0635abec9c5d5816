"""`ganzoo list`."""

import importlib
import json
from dataclasses import asdict
from typing import Any

import click

from ganzoo.registry import Entry

KINDS = {
    "models": "ganzoo.models:registry",
    "losses": "ganzoo.losses:registry",
    "penalties": "ganzoo.losses.penalties:registry",
    "architectures": "ganzoo.architectures:registry",
    "conditions": "ganzoo.conditions:registry",
    "augmentations": "ganzoo.augmentations:registry",
    "data": "ganzoo.data:sets",
}


@click.command("list")
@click.argument("kind", type=click.Choice(list(KINDS)), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_variants(kind: str | None, as_json: bool) -> None:
    """List models, losses, penalties, architectures, conditions, augmentations, data.

    Each with its name, one line, and its paper. The roles of an architecture are the networks
    that it has, those of a model the networks that it asks for.

    \b
    ganzoo list
    ganzoo list losses --json
    """
    kinds = [kind] if kind else list(KINDS)
    found = {k: [_described(entry) for entry in _registry(k).usable()] for k in kinds}
    if as_json:
        click.echo(json.dumps(found[kind] if kind else found, indent=2))
        return
    from ganzoo.cli.table import print_table

    width = max(len(entry["name"]) for entries in found.values() for entry in entries)
    for index, (k, entries) in enumerate(found.items()):
        click.echo("\n" if index else "", nl=False)
        # A table of 80 columns has room for names; what is true or false is in --json.
        facts = [
            fact
            for fact in _registry(k).facts
            if not all(isinstance(entry[fact], bool | None) for entry in entries)
        ]
        titles = {k: width, "": None} | dict.fromkeys((*facts, "paper"))
        rows = [
            [e["name"], e["summary"], *(_words(e[f]) for f in facts), e["paper"]]
            for e in entries
        ]
        if not any(entry["paper"] for entry in entries):
            del titles["paper"]
            rows = [row[:-1] for row in rows]
        print_table(titles, rows)


def _described(entry: Entry) -> dict[str, Any]:
    described = asdict(entry)
    return described | described.pop("facts")


def _words(fact: Any) -> str:
    return "\n".join(map(str, fact or ()))


def _registry(kind: str):
    module, _, name = KINDS[kind].partition(":")
    return getattr(importlib.import_module(module), name)

"""Output where the encoding lacks signs that tables use."""

import os
import subprocess
import sys

import pytest

from ganzoo.cli.encoding import in_ascii

TABLE = """
import click
from rich.console import Console
from rich.table import Table
from ganzoo.cli.main import main

@main.command()
def show():
    table = Table("KID ↓", "Größe")
    table.add_row("−0.004", "1 ± 2 – ∞ 漢")
    Console().print(table)
    click.echo("−1")
    click.echo("note: −1 → 2", err=True)

main(["show"])
"""


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_no_encoding_ends_a_command(encoding):
    shown = subprocess.run(
        [sys.executable, "-c", TABLE],
        env=os.environ | {"PYTHONIOENCODING": encoding, "COLUMNS": "60"},
        capture_output=True,
        check=False,
    )
    assert (shown.returncode, b"Traceback" in shown.stderr) == (0, False), shown.stderr
    out = shown.stdout.decode("utf-8" if encoding == "utf-8" else "latin-1")
    minus = "−" if encoding == "utf-8" else "-"
    assert f"{minus}0.004" in out and "KID" in out


def test_signs_have_their_like_in_ascii():
    assert in_ascii("−0.004 → 1 ± 2, ↑ Größe ∞ 漢") == "-0.004 -> 1 +- 2, ^ Grosse inf ?"
    assert in_ascii("plain\n") == "plain\n"

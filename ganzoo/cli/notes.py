"""Lines for a person, beside a command's result."""

import shutil
import sys
import textwrap

import click


def note(line: str) -> None:
    """Write `note: ` and the line to standard error."""
    click.echo(fold(f"note: {line}"), err=True)


def fold(line: str) -> str:
    """`line` broken between words, where standard error is a terminal; else as it is."""
    if not sys.stderr.isatty():
        return line
    width = max(40, shutil.get_terminal_size().columns)
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)

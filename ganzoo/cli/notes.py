"""Lines for a person, beside a command's result."""

import click


def note(line: str) -> None:
    """Write `note: ` and the line to standard error."""
    click.echo(f"note: {line}", err=True)

"""`ganzoo claims`."""

from pathlib import Path

import click

from ganzoo.errors import RunError


@click.command()
@click.argument("path", metavar="DIR|FILE")
@click.option("--update", "write", is_flag=True, help="Write FILE's sections again.")
def claims(path: str, write: bool) -> None:
    """Say what may be claimed of a comparison, or check a text that claims it.

    Of a comparison's folder DIR it prints a section in Markdown: a table, what follows from
    it, what limits it, and the command. A FILE in Markdown may hold such sections, each
    between the lines <!-- ganzoo claims DIR --> and <!-- end of claims -->: every one is made
    again from its comparison's CSV files, and where the text says something else, the lines
    are printed and the exit code is 1.

    \b
    ganzoo claims comparisons/losses
    ganzoo claims README.md
    ganzoo claims README.md --update
    """
    from ganzoo.comparison.report import claims as sections
    from ganzoo.comparison.runs.results import Results
    from ganzoo.comparison.statistics.summary import Summary
    from ganzoo.files.atomic import atomic

    file = Path(path)
    if not file.is_file():
        if write:
            raise click.UsageError(f"--update needs a file in Markdown, and {path} is none.")
        click.echo(sections.claims(Summary(Results.read(file))), nl=False)
        return
    text = sections.read_text(file)
    made = sections.update(text, file.parent)
    different = sections.differences(text, made)
    if different and write:
        with atomic(file) as temporary:
            temporary.write_text(made, encoding="utf-8", newline="\n")
        click.echo(f"{path}: {len(different)} lines written anew")
    elif different:
        for line in different:
            click.echo(line)
        raise RunError(
            f"{path} does not say what its comparisons hold: - is what it says, + what would "
            f"follow. Write it anew with: ganzoo claims {path} --update"
        )
    else:
        click.echo(f"{path}: its claims follow from its comparisons")

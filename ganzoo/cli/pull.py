"""`ganzoo pull`."""

from pathlib import Path

import click

from ganzoo.cli.checks import check_outdir
from ganzoo.cli.options import allow_option
from ganzoo.cli.waiting import waiting


@click.command()
@click.argument("name", metavar="USER/NAME[@REVISION]|FOLDER")
@click.option(
    "--outdir",
    type=click.Path(file_okay=False),
    default="runs",
    show_default=True,
    help="Where the run's folder is made.",
)
@click.option(
    "--endpoint", metavar="URL", help="A hub of one's own. [default: HF_ENDPOINT, else the Hub]"
)
@allow_option
def pull(name: str, outdir: str, endpoint: str | None) -> None:
    """Fetch a generator from the Hugging Face Hub, as a run.

    generate, evaluate, interpolate, export and demo work with it; training cannot go on.
    Nothing that comes from there is run: settings that name a class of somebody's own need
    --allow, and the module itself. FOLDER is a generator on this machine, with the files that
    a hub has.

    \b
    pip install 'ganzoo[hub]'
    ganzoo pull somebody/letters
    ganzoo pull somebody/letters@v1 --outdir pulled
    ganzoo pull release/unown-hinge
    """
    from ganzoo.hub import remote

    check_outdir(Path(outdir))
    remote.check_modules()
    repository, _, revision = name.partition("@")
    with waiting(f"Pulling {name}"):
        if Path(name).is_dir():
            run = remote.copy(Path(name), Path(outdir))
        else:
            run = remote.pull(repository, Path(outdir), revision or None, endpoint)
    click.echo(f"{run.path}. Next: ganzoo generate {run.path}")

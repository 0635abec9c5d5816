"""`ganzoo push`."""

import click

from ganzoo.cli.options import allow_option, checkpoint_option
from ganzoo.cli.waiting import waiting


@click.command()
@click.argument("run")
@click.argument("name", metavar="USER/NAME")
@click.option("--public", is_flag=True, help="Let everybody see a new repository.")
@click.option(
    "--endpoint", metavar="URL", help="A hub of one's own. [default: HF_ENDPOINT, else the Hub]"
)
@checkpoint_option
@allow_option
def push(
    run: str, name: str, public: bool, endpoint: str | None, checkpoint: str | None
) -> None:
    """Share a trained RUN's generator on the Hugging Face Hub.

    Averaged weights as safetensors, the settings, a sheet of samples, and a card with the
    figures and limits. The repository is made if need be, and private unless --public.

    \b
    pip install 'ganzoo[hub]' && hf auth login
    ganzoo push runs/00000-unown-wgan-gp somebody/letters
    """
    from ganzoo.hub import remote
    from ganzoo.training.run import Run

    opened = Run.open(run)
    remote.check_modules()
    with waiting(f"Pushing to {name}"):
        where = remote.push(opened, name, checkpoint, public, endpoint)
    click.echo(where)

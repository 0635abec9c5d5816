"""`ganzoo film`."""

from pathlib import Path

import click

from ganzoo.cli.checks import check_file
from ganzoo.cli.notes import note
from ganzoo.cli.options import allow_option, backend_option
from ganzoo.cli.setting_options import NumberRange
from ganzoo.cli.waiting import counting, start_backend, waiting
from ganzoo.errors import InputError


@click.command()
@click.argument("run")
@click.option(
    "--out",
    metavar="FILE",
    help="training.gif or training.mp4. [default: RUN/training.gif]",
)
@click.option(
    "--count",
    default=56,
    show_default=True,
    type=click.IntRange(1, 2800),
    help="Images in each frame, or the nearest number that fills its rows.",
)
@click.option(
    "--seconds",
    default=8.0,
    show_default=True,
    type=NumberRange(min=0, min_open=True, max=600),
    help="Length, before the last frame is held for two more.",
)
@allow_option
@backend_option
def film(run: str, out: str | None, count: int, seconds: float, backend: str | None) -> None:
    """Show the training of a RUN as a film: the same latents at each checkpoint.

    A frame a checkpoint, of the averaged generator, all enlarged to the last resolution; the
    latents are those of the run's sample sheets. MP4 needs `pip install 'ganzoo[video]'`.

    \b
    ganzoo film runs/00000-unown-wgan-gp
    ganzoo film runs/00000-unown-wgan-gp --out training.mp4
    """
    from ganzoo.training.run import Run

    with waiting("Opening the run"):
        from ganzoo.training.video import check_film

        opened = Run.open(run)
        target = Path(out) if out else opened.path / "training.gif"
        check_film(target)
        check_file(target)
    if len(opened.checkpoints) < 2:
        raise InputError(
            f"{opened.path} has {len(opened.checkpoints)} checkpoint(s), and a film needs two: "
            "a run keeps one a snapshot."
        )
    start_backend(backend or opened.config["backend"])
    from ganzoo.training.film import durations, frames, some
    from ganzoo.training.video import save_film

    with counting("Making frames", len(opened.checkpoints)) as made:
        pictures = frames(opened, count, note, made)
    with waiting(f"Writing {target.name}"):
        save_film(pictures, durations(len(pictures), seconds), target, some(pictures))
    click.echo(f"{len(pictures)} checkpoints in {target}")

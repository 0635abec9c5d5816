"""`ganzoo export`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganzoo import export as formats
from ganzoo.cli.checks import check_parent
from ganzoo.cli.notes import note
from ganzoo.cli.options import (
    allow_option,
    backend_option,
    checkpoint_option,
    sampling_options,
)
from ganzoo.cli.waiting import start_backend, waiting
from ganzoo.errors import InputError

if TYPE_CHECKING:
    from ganzoo.export.export import Exported


@click.command()
@click.argument("run")
@click.option(
    "--out",
    required=True,
    metavar="X",
    help="X.onnx: for ONNX Runtime; X.tflite: for LiteRT; X.keras: for Keras; X without an "
    "ending: a folder, TensorFlow's SavedModel.",
)
@sampling_options
@checkpoint_option
@allow_option
@backend_option
def export(
    run: str,
    out: str,
    making: dict[str, Any],
    checkpoint: str | None,
    backend: str | None,
) -> None:
    """Export a trained RUN's generator, to be used without ganzoo.

    The file takes `latents`, float32 [N, L] from a standard normal distribution, and gives
    `images`, float32 [N, H, W, C] in [-1, 1], for any N. It is played once and compared with
    the images of `ganzoo generate`; a file that differs is not kept. It holds metadata: the
    run, its data and their licence.

    TensorFlow writes all but .keras, also for runs of other backends. Only a .keras file
    needs ganzoo where it is loaded: `import ganzoo`.

    \b
    pip install 'ganzoo[export]'            for ONNX and LiteRT
    ganzoo export runs/00000-unown-wgan-gp --out generator.onnx
    ganzoo export runs/00000-unown-wgan-gp --out generator
    """
    from ganzoo.hub.kept import open_run

    opened, target = open_run(run), Path(out)
    check_parent(target)
    if target.exists():
        raise InputError(f"--out {str(target)!r} is there already. Give a new name.")
    form = formats.find(target)
    form.check_writers()
    wanted = backend or opened.config["backend"]
    if form.backend not in (None, wanted):
        note(f"{form.title} is written by {form.backend}, with the weights of the run.")
    start_backend(form.backend or wanted)
    from ganzoo.export.export import export as export_run

    with waiting(f"Writing and playing {target.name}"):
        exported = export_run(opened, target, checkpoint, **making)
    _say(exported)


def _say(exported: "Exported") -> None:
    form, image = exported.format, ", ".join(map(str, exported.image_shape))
    labels = f", labels [N] from 0 to {exported.classes - 1}" if exported.classes else ""
    labels += f", words [N, {exported.words}]" if exported.words else ""
    click.echo(
        f"{exported.path}: latents [N, {exported.latent_size}]{labels} to images [N, {image}], "
        f"metadata in {form.metadata_place}"
    )
    if exported.difference is None:
        missing = " and ".join(form.players)
        note(
            f"{form.runtime} ({missing}) is not installed, so the file was not played. "
            "To check it: pip install 'ganzoo[export]', and export again."
        )
    else:
        click.echo(
            f"Played by {form.runtime}: within {exported.difference} of 255 of ganzoo's images."
        )

"""`ganzoo encode`."""

from pathlib import Path

import click

from ganzoo.cli.checks import check_file
from ganzoo.cli.given_images import given_images
from ganzoo.cli.options import allow_option, backend_option, checkpoint_option, reading_options
from ganzoo.cli.waiting import start_backend, waiting
from ganzoo.data.reading import Reading
from ganzoo.errors import InputError


@click.command()
@click.argument("run")
@click.argument("images")
@click.option(
    "--out",
    default="codes.npz",
    show_default=True,
    metavar="X.npz",
    help="Arrays `latents`, float32 [N, L], and `images`, those that were encoded, "
    "uint8 [N, H, W, C].",
)
@checkpoint_option
@reading_options
@allow_option
@backend_option
def encode(
    run: str,
    images: str,
    out: str,
    checkpoint: str | None,
    reading: Reading | None,
    backend: str | None,
) -> None:
    """Find the latents of images, with a RUN whose model has an encoder.

    IMAGES is what --data of a training takes: a folder, a zip, npz or npy, the name of a set.
    A latent is the mean of the image's posterior; of a vq-vae it is the quantiles of its codes.
    The generator makes the reconstruction of it.

    \b
    ganzoo encode runs/00000-unown-vae my_letters --out codes.npz
    """
    from ganzoo.training.run import Run

    target = Path(out)
    if target.suffix.lower() != ".npz":
        raise InputError(f"--out {out!r}: latents are written as .npz: --out codes.npz")
    with waiting("Opening the run"):
        opened = Run.open(run)
        check_file(target)
    start_backend(backend or opened.config["backend"])

    from ganzoo import samples
    from ganzoo.files.arrays import write_arrays
    from ganzoo.training.trained import load_encoder

    with waiting("Building the networks"):
        encoder = load_encoder(opened, checkpoint)
    with waiting("Reading the images"):
        pixels = given_images(images, encoder.input_shape, reading)
    with waiting("Encoding the images"):
        latents = samples.encode(encoder, pixels)
    write_arrays(target, latents=latents, images=pixels)
    click.echo(f"{len(latents)} latent{'s' * (len(latents) > 1)} in {target}")

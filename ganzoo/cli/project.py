"""`ganzoo project`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.checks import check_file, picture_or_arrays
from ganzoo.cli.given_images import check_colours
from ganzoo.cli.options import (
    allow_option,
    backend_option,
    checkpoint_option,
    label_option,
    reading_options,
)
from ganzoo.cli.waiting import counting, start_backend, waiting
from ganzoo.data.reading import Reading
from ganzoo.errors import InputError

if TYPE_CHECKING:
    import numpy as np

MOST = 64  # Images at a time.
COLUMNS = 8


@click.command()
@click.argument("run")
@click.argument("images")
@click.option(
    "--steps",
    default=200,
    show_default=True,
    type=click.IntRange(min=0),
    help="Steps of the search. 0: the nearest of 512 random samples.",
)
@click.option("--seed", default=0, show_default=True, type=int, help="Decides where it begins.")
@click.option(
    "--out",
    default="projected.png",
    show_default=True,
    metavar="X",
    help="X.png: images beside what the generator makes of their latents; X.npz: arrays "
    "`latents` float32 [N, L] and `images` uint8 [N, H, W, C].",
)
@label_option
@checkpoint_option
@reading_options
@allow_option
@backend_option
def project(
    run: str,
    images: str,
    steps: int,
    seed: int,
    out: str,
    label: tuple[str, ...] | None,
    checkpoint: str | None,
    reading: Reading | None,
    backend: str | None,
) -> None:
    """Find the latents at which a trained RUN comes nearest to IMAGES.

    IMAGES is an image, or a folder, zip, npz or npy file, of 64 images at most. The nearest of
    512 random samples is improved step by step. What a generator cannot come near to, it has
    not learnt.

    \b
    ganzoo project runs/00000-unown-wgan-gp letter.png --out projected.png
    ganzoo project RUN my_letters/ --label A --out latents.npz
    """
    from ganzoo.training.run import Run

    target = picture_or_arrays(out)
    if not Path(images).exists():
        raise InputError(f"There are no images at {images!r}. Give a folder or a file.")
    with waiting("Opening the run"):
        opened = Run.open(run)
        check_file(target)
    start_backend(backend or opened.config["backend"])

    from ganzoo.data.sheet import enlarge_sheet, paired_sheet, save_png
    from ganzoo.files.arrays import write_arrays
    from ganzoo.networks import asked_shape
    from ganzoo.projection import project as search
    from ganzoo.training import asked
    from ganzoo.training.saved import folder_of
    from ganzoo.training.trained import caption, load_generator

    with waiting("Building the networks"):
        name = folder_of(opened, checkpoint).name
        generator = load_generator(opened, name)
    if asked_shape(generator):
        raise InputError(
            f"{run!r} is asked in words, and nobody knows those of an image: latents are "
            "searched for of runs with labels or without a condition."
        )
    _, side, _, channels = generator.output_shape
    with waiting("Reading the images"):
        wanted = _read(Path(images), side, channels, seed, reading)
    labels = None if label is None else asked.labels(opened, generator, label, len(wanted))
    with counting("Searching", steps) as made:
        found = search(generator, wanted, steps, seed, labels, made)
    if target.suffix.lower() == ".npz":
        arrays: dict[str, Any] = {"latents": found.latents, "images": found.images}
        arrays |= {} if found.labels is None else {"labels": found.labels}
        write_arrays(target, **arrays)
    else:
        about = caption(opened, name, f"{steps} steps", "above: given, below: generated")
        plain = paired_sheet(wanted, found.images, COLUMNS)
        save_png(enlarge_sheet(plain, about), target)
    click.echo(
        f"{len(wanted)} image{'s' * (len(wanted) > 1)} in {target}: pixels differ by "
        f"{found.errors.mean():.1f} of 255 (root mean square), by "
        f"{found.first_errors.mean():.1f} before the search"
    )


def _read(
    path: Path, side: int, channels: int, seed: int, reading: Reading | None
) -> "np.ndarray":
    """The images, uint8 [N, side, side, channels]."""
    from ganzoo.cli.notes import note
    from ganzoo.data.decode import EXTENSIONS, decode
    from ganzoo.data.fit import fit
    from ganzoo.data.sample import read_sample

    if path.is_file() and path.suffix.lower() in EXTENSIONS:
        how = reading or Reading()
        images = fit([decode(path.read_bytes(), str(path), reading=how)], side, reading=how)
    else:
        images = read_sample(path, MOST, seed, side, channels, note, reading).images
    if images.shape[1] != side:
        raise InputError(
            f"The images have {images.shape[1]} pixels and the generator's have {side}. Give "
            f"images of {side} pixels or more."
        )
    check_colours(str(path), images.shape[3], channels)
    return images

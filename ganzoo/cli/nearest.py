"""`ganzoo nearest`."""

from pathlib import Path

import click

from ganzoo.cli.checks import check_file
from ganzoo.cli.options import allow_option, backend_option, checkpoint_option
from ganzoo.cli.real_images import real_images
from ganzoo.cli.waiting import start_backend, waiting
from ganzoo.errors import InputError

COLUMNS = 14


@click.command()
@click.argument("run")
@click.option(
    "--count",
    default=28,
    show_default=True,
    type=click.IntRange(1, 2800),
    help="How many samples.",
)
@click.option("--seed", default=0, show_default=True, type=int, help="Decides the latents.")
@click.option(
    "--out", default="nearest.png", show_default=True, metavar="X.png", help="The sheet."
)
@click.option(
    "--data", metavar="SET|PATH", help="Where the training images are. [default: as RUN says]"
)
@checkpoint_option
@allow_option
@backend_option
def nearest(
    run: str,
    count: int,
    seed: int,
    out: str,
    data: str | None,
    checkpoint: str | None,
    backend: str | None,
) -> None:
    """Show samples of a trained RUN beside the training images nearest to them.

    The nearest image is the one with the nearest features, those that `ganzoo evaluate`
    measures by. Distances are in units of the usual distance from a real image that was held
    out to its nearest training image: about 1 for a new image, 0 for a copy.

    \b
    ganzoo nearest runs/00000-unown-wgan-gp
    ganzoo nearest RUN --count 14 --seed 3 --out pairs.png
    """
    from ganzoo.training.run import Run

    target = Path(out)
    if target.suffix.lower() != ".png":
        raise InputError(f"--out {out!r}: the sheet is a PNG. Give a name that ends in .png.")
    with waiting("Opening the run"):
        opened = Run.open(run)
        check_file(target)
    start_backend(backend or opened.config["backend"])
    import numpy as np

    from ganzoo import samples
    from ganzoo.cli.notes import note
    from ganzoo.data.sheet import enlarge_sheet, paired_sheet, save_png
    from ganzoo.metrics.fit_features import features_for
    from ganzoo.metrics.nearest_images import nearest_images
    from ganzoo.metrics.real_images import RealImages
    from ganzoo.training import asked
    from ganzoo.training.saved import folder_of
    from ganzoo.training.trained import caption, load_generator

    name = folder_of(opened, checkpoint).name
    with waiting("Reading the training images"):
        real = real_images(opened, data, None)
    with waiting("Making images"):
        generator = load_generator(opened, name)
        labels = asked.labels(opened, generator, None, count)
        images = samples.draw_images(generator, seed, "generate", count, labels)
    if images.shape[3] != real.channels:
        raise InputError(f"The images of {real.name} have other channels than the run's.")
    with waiting("Looking for the nearest"):
        measured = RealImages(real, 2800, lambda: features_for(real, note))
        found, distances = nearest_images(measured, images)
    side = max(images.shape[1], found.shape[1])
    about = caption(
        opened,
        name,
        f"seed {seed}",
        "above: sample, below: nearest training image",
        f"distances {distances.min():.2f} to {distances.max():.2f}",
    )
    plain = paired_sheet(samples.enlarge(images, side), samples.enlarge(found, side), COLUMNS)
    save_png(enlarge_sheet(plain, about), target)
    click.echo(
        f"{count} sample{'s' * (count > 1)} beside the nearest training images in {target}: "
        f"distance {np.median(distances):.2f} at the median, {distances.min():.2f} at least "
        "(held-out images 1.00 at the median, a copy 0)"
    )

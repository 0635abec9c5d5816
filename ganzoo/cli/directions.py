"""`ganzoo directions`."""

import click

from ganzoo.cli.checks import check_file, picture_or_arrays
from ganzoo.cli.options import allow_option, backend_option, checkpoint_option, label_option
from ganzoo.cli.setting_options import NumberRange
from ganzoo.cli.waiting import start_backend, waiting

SPREAD = 256  # Samples from which the spread of codes along a direction is known.


@click.command()
@click.argument("run")
@click.option(
    "--count",
    default=6,
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many directions.",
)
@click.option(
    "--samples",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Samples from which each direction is walked, a row each.",
)
@click.option(
    "--steps",
    default=9,
    show_default=True,
    type=click.IntRange(2, 64),
    help="Images of a walk.",
)
@click.option(
    "--distance",
    default=3.0,
    show_default=True,
    type=NumberRange(min=0, min_open=True, max=1000),
    help="How far a walk goes to either side, in standard deviations of the codes.",
)
@click.option("--seed", default=0, show_default=True, type=int, help="Decides the samples.")
@click.option(
    "--out",
    default="directions.png",
    show_default=True,
    metavar="X",
    help="X.png: a sheet of walks; X.npz: arrays `directions` float64 [K, W], `eigenvalues` "
    "[K] and `images` uint8 [K, samples, steps, H, W, C].",
)
@label_option
@checkpoint_option
@allow_option
@backend_option
def directions(
    run: str,
    count: int,
    samples: int,
    steps: int,
    distance: float,
    seed: int,
    out: str,
    label: tuple[str, ...] | None,
    checkpoint: str | None,
    backend: str | None,
) -> None:
    """Show along which directions the images of a trained RUN change most.

    The directions are the eigenvectors of the first weights of the generator. Nothing is
    trained for them.

    \b
    ganzoo directions runs/00000-unown-wgan-gp
    ganzoo directions RUN --count 3 --samples 4 --out walks.png
    """
    from ganzoo.training.run import Run

    target = picture_or_arrays(out)
    with waiting("Opening the run"):
        opened = Run.open(run)
        check_file(target)
    start_backend(backend or opened.config["backend"])
    import numpy as np

    from ganzoo.data.sheet import enlarge_sheet, save_png, sheet
    from ganzoo.directions import find_directions
    from ganzoo.files.arrays import write_arrays
    from ganzoo.networks import latent_size
    from ganzoo.samples import draw_latents
    from ganzoo.training import asked
    from ganzoo.training.saved import folder_of
    from ganzoo.training.trained import caption, load_generator

    with waiting("Building the networks"):
        name = folder_of(opened, checkpoint).name
        generator = load_generator(opened, name)
        found = find_directions(generator, count)
    labels = asked.labels(opened, generator, label, samples)
    latents = draw_latents(seed, "generate", samples, latent_size(generator, None))
    others = draw_latents(seed, "directions", SPREAD, latents.shape[1])
    with waiting("Making images"):
        images = found.walks(latents, np.linspace(-distance, distance, steps), labels, others)
    if target.suffix.lower() == ".npz":
        own = {"directions": found.vectors, "eigenvalues": found.eigenvalues}
        write_arrays(target, images=images, **own)
    else:
        about = caption(
            opened, name, f"seed {seed}", f"a direction a row, {distance:g} deviations each way"
        )
        flat = images.reshape(-1, *images.shape[3:])
        save_png(enlarge_sheet(sheet(flat, columns=steps), about), target)
    known = len(found.vectors)
    click.echo(f"{known} direction{'s' * (known > 1)} in {target}")

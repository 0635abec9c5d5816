"""`ganzoo translate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ganzoo.cli.checks import check_pictures
from ganzoo.cli.given_images import given_images
from ganzoo.cli.options import allow_option, backend_option, checkpoint_option, reading_options
from ganzoo.cli.waiting import start_backend, waiting
from ganzoo.data.reading import Reading

if TYPE_CHECKING:
    import numpy as np


@click.command()
@click.argument("run")
@click.argument("images", metavar="FOLDER|FILE|NAME")
@click.option(
    "--to",
    required=True,
    metavar="DOMAIN",
    help="The domain to translate to, by its name, or B (from A) or A.",
)
@click.option(
    "--out",
    default="translated",
    show_default=True,
    metavar="X",
    help="A new folder of PNGs, in the order of the images; X.npz: array `images`, uint8 "
    "[N, H, W, C]; X.png: a sheet with a row of images, their translations, and the way back.",
)
@checkpoint_option
@reading_options
@allow_option
@backend_option
def translate(
    run: str,
    images: str,
    to: str,
    out: str,
    checkpoint: str | None,
    reading: Reading | None,
    backend: str | None,
) -> None:
    """Translate images between the two domains of a trained RUN.

    IMAGES are what --data of a training takes: a folder, zip, npz or npy, or the name of a
    set. They are brought to the size that RUN was trained at.

    \b
    ganzoo translate RUN scans --to unown --out x
    ganzoo translate RUN letters --to B --out sheet.png
    """
    from ganzoo.training.run import Run

    target = Path(out)
    with waiting("Opening the run"):
        opened = Run.open(run)
        check_pictures(target)
    start_backend(backend or opened.config["backend"])
    from ganzoo.samples import translate_bytes
    from ganzoo.training.saved import folder_of
    from ganzoo.training.trained import caption, direction, load_translators

    with waiting("Building the networks"):
        name = folder_of(opened, checkpoint).name  # Once: a run that trains gets newer ones.
        networks = load_translators(opened, name)
    way, domains = direction(opened, networks, to)
    with waiting("Reading the images"):
        pixels = given_images(images, networks[way].input_shape, reading)
    with waiting("Translating"):
        made = translate_bytes(networks[way], pixels)
        back = networks.get(way[::-1])
        again = None if back is None else translate_bytes(back, made)
    with waiting(f"Writing {target.name}"):
        if target.suffix.lower() == ".png":
            rows = {domains[0]: pixels, f"{domains[0]} to {domains[1]}": made}
            rows |= {} if again is None else {f"back to {domains[0]}": again}
            _write_sheet(rows, target, caption(opened, name))
        else:
            _write(made, target)
    click.echo(f"{len(made)} image{'s' * (len(made) > 1)} in {target}")


def _write(made: "np.ndarray", target: Path) -> None:
    from ganzoo.data.image_folder import write_images
    from ganzoo.files.arrays import write_arrays
    from ganzoo.files.atomic import atomic

    if target.suffix.lower() == ".npz":
        write_arrays(target, images=made)
    else:
        with atomic(target) as temporary:
            write_images(made, temporary, len(made))


def _write_sheet(rows: dict[str, Any], target: Path, caption: list[str]) -> None:
    from ganzoo.data.sheet import enlarge_sheet, save_png
    from ganzoo.training.translation_pictures import banded

    plain = banded(list(rows.values()))
    save_png(enlarge_sheet(plain, [*caption, f"rows: {', '.join(rows)}"]), target)

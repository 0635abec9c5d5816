"""`ganzoo generate`."""

from pathlib import Path
from typing import Any

import click

from ganzoo.cli.checks import check_file, check_parent
from ganzoo.cli.options import allow_option, backend_option, checkpoint_option
from ganzoo.cli.waiting import counting, start_backend, waiting
from ganzoo.errors import InputError


@click.command()
@click.argument("run")
@click.option("--count", default=56, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=0, show_default=True, type=int, help="Decides the latents.")
@click.option(
    "--out",
    default="generated.png",
    show_default=True,
    metavar="X",
    help="X.npz: array `images`, uint8 [N, H, W, C]; X.png: an enlarged sheet with a caption; "
    "either over an older one; else a new folder of PNGs.",
)
@click.option(
    "--save-latents",
    is_flag=True,
    help="Save the latents too, float32 [N, L]: in X.npz as `latents`, in a folder as "
    "latents.npy. An exported file must make the same images of them.",
)
@checkpoint_option
@allow_option
@backend_option
def generate(
    run: str,
    count: int,
    seed: int,
    out: str,
    save_latents: bool,
    checkpoint: str | None,
    backend: str | None,
) -> None:
    """Make images from a trained RUN, by its averaged generator.

    \b
    ganzoo generate runs/00000-unown-wgan-gp --count 1000 --seed 1 --out fakes.npz
    ganzoo generate runs/00000-unown-wgan-gp --out sheet.png
    """
    from ganzoo.training.run import Run

    target = Path(out)
    with waiting("Opening the run"):
        opened = Run.open(run)
        _check_target(target)
    if save_latents and target.suffix.lower() == ".png":
        raise InputError("A PNG holds no latents. Give --out X.npz or a folder.")
    start_backend(backend or opened.config["backend"])
    from ganzoo import samples
    from ganzoo.training.saved import folder_of
    from ganzoo.training.trained import caption, class_count, load_generator

    with waiting("Building the networks"):
        name = folder_of(opened, checkpoint).name  # Once: a run that trains gets newer ones.
        generator = load_generator(opened, name)
    samples.check_memory(generator, count)
    latents = samples.draw_latents(seed, "generate", count, generator.input_shape[-1])
    with counting("Making images", count) as made:
        images = samples.generate(generator, latents, report=made)
    beside = {"latents": latents} if save_latents else {}
    with waiting(f"Writing {target.name}"):
        about = caption(opened, name, f"seed {seed}")
        _write(images, target, beside, about, class_count(opened))
    click.echo(f"{count} images in {target}")


def _check_target(target: Path) -> None:
    """Raises `InputError` before any work, where the target cannot be written."""
    from ganzoo.data.decode import EXTENSIONS

    own = (".npz", ".png")
    (check_file if target.suffix.lower() in own else check_parent)(target)
    if target.suffix.lower() in EXTENSIONS - {".png"}:
        raise InputError(
            f"Sheets are written as PNG: --out {target.with_suffix('.png')}; or give a folder."
        )
    if target.suffix.lower() not in own and target.is_file():
        raise InputError(
            f"--out {str(target)!r} is a file; give a folder, or a name ending in .npz or .png."
        )
    if target.is_dir() and any(target.iterdir()):
        raise InputError(f"The folder {str(target)!r} is not empty. Give a new one with --out.")


def _write(
    images: Any, target: Path, beside: dict[str, Any], caption: list[str], classes: int
) -> None:
    import numpy as np

    from ganzoo.data.image_folder import write_images
    from ganzoo.data.sheet import class_columns, enlarge_sheet, save_png, sheet
    from ganzoo.files.atomic import atomic

    if target.suffix.lower() == ".npz":
        with atomic(target) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, images=images, **beside)
    elif target.suffix.lower() == ".png":
        plain = sheet(images, class_columns(classes, len(images)))
        save_png(enlarge_sheet(plain, caption), target)
    else:
        with atomic(target) as temporary:
            write_images(images, temporary, len(images))
            for name, array in beside.items():
                np.save(temporary / f"{name}.npy", array)

"""`ganzoo generate`."""

from pathlib import Path

import click

from ganzoo.cli.checks import check_file, check_parent
from ganzoo.cli.options import allow_option, backend_option, checkpoint_option
from ganzoo.errors import InputError
from ganzoo.start import start_backend


@click.command()
@click.argument("run")
@click.option("--count", default=56, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=0, show_default=True, type=int, help="Decides the latents.")
@click.option(
    "--out",
    default="generated.png",
    show_default=True,
    metavar="X",
    help="X.npz: array `images`, uint8 [N, H, W, C]; X.png: a sheet; either over an older one; "
    "else a new folder of PNGs.",
)
@checkpoint_option
@allow_option
@backend_option
def generate(
    run: str, count: int, seed: int, out: str, checkpoint: str | None, backend: str | None
) -> None:
    """Make images from a trained RUN, by its averaged generator.

    \b
    ganzoo generate runs/00000-unown-wgan-gp --count 1000 --seed 1 --out fakes.npz
    ganzoo generate runs/00000-unown-wgan-gp --out sheet.png
    """
    from ganzoo.training.run import Run

    opened = Run.open(run)
    target = Path(out)
    _check_target(target)
    start_backend(backend or opened.config.get("backend"))
    from ganzoo.training import samples
    from ganzoo.training.trained import load_generator

    generator = load_generator(opened, checkpoint)
    latents = samples.draw_latents(seed, "generate", count, generator.input_shape[-1])
    _write(samples.generate(generator, latents), target)
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


def _write(images, target: Path) -> None:
    import numpy as np
    from PIL import Image

    from ganzoo.data.sheet import save_png, sheet
    from ganzoo.files.atomic import atomic

    if target.suffix.lower() == ".npz":
        with atomic(target) as temporary, temporary.open("wb") as file:
            np.savez_compressed(file, images=images)
    elif target.suffix.lower() == ".png":
        save_png(sheet(images), target)
    else:
        with atomic(target) as temporary:
            temporary.mkdir()
            for i, image in enumerate(images):
                Image.fromarray(image.squeeze()).save(temporary / f"{i:06d}.png")

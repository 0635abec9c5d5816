"""`ganzoo interpolate`."""

from pathlib import Path

import click

from ganzoo.cli.checks import check_file, check_parent
from ganzoo.cli.options import allow_option, backend_option, checkpoint_option
from ganzoo.start import start_backend


@click.command()
@click.argument("run")
@click.option("--rows", default=4, show_default=True, type=click.IntRange(min=1), help="Walks.")
@click.option(
    "--steps",
    default=14,
    show_default=True,
    type=click.IntRange(min=2),
    help="Images of a walk on the sheet, from one latent to the next.",
)
@click.option("--seed", default=0, show_default=True, type=int, help="Decides the latents.")
@click.option(
    "--frames",
    default=20,
    show_default=True,
    type=click.IntRange(min=2),
    help="Frames of the GIF between two latents.",
)
@click.option(
    "--out", metavar="STEM", help="STEM.gif and STEM.png. [default: RUN/interpolation]"
)
@checkpoint_option
@allow_option
@backend_option
def interpolate(
    run: str,
    rows: int,
    steps: int,
    seed: int,
    frames: int,
    out: str | None,
    checkpoint: str | None,
    backend: str | None,
) -> None:
    """Walk between latents of a trained RUN: a GIF and a sheet.

    \b
    ganzoo interpolate runs/00000-unown-wgan-gp --rows 6
    """
    from ganzoo.training.run import Run

    opened = Run.open(run)
    gif, png = _targets(Path(out) if out else opened.path / "interpolation")
    start_backend(backend or opened.config.get("backend"))
    import numpy as np

    from ganzoo.data.sheet import save_png, sheet
    from ganzoo.training import samples
    from ganzoo.training.samples import slerp
    from ganzoo.training.trained import load_generator

    generator = load_generator(opened, checkpoint)
    ends = samples.draw_latents(seed, "interpolate", rows + 1, generator.input_shape[-1])

    def walk(row: int, places: np.ndarray) -> np.ndarray:
        latents = slerp(ends[row], ends[(row + 1) % len(ends)], places)
        return samples.generate(generator, latents.astype("float32"))

    across = np.linspace(0, 1, steps)
    on_sheet = np.concatenate([walk(row, across) for row in range(rows)])
    save_png(sheet(on_sheet, columns=steps), png)
    loop = np.linspace(0, 1, frames, endpoint=False)
    _save_gif(np.concatenate([walk(row, loop) for row in range(rows + 1)]), gif)
    click.echo(f"{gif} and {png}")


def _targets(stem: Path) -> tuple[Path, Path]:
    """The two files; raises `InputError` before any work, where there is no folder for them."""
    check_parent(stem)
    if stem.suffix in (".gif", ".png"):
        stem = stem.with_suffix("")
    gif, png = Path(f"{stem}.gif"), Path(f"{stem}.png")  # Also where the stem has a dot.
    check_file(gif)
    check_file(png)
    return gif, png


def _save_gif(images, path: Path) -> None:
    from PIL import Image

    from ganzoo.files.atomic import atomic
    from ganzoo.training.samples import enlarge

    large = enlarge(images, max(224, images.shape[1]))
    frames = [Image.fromarray(image.squeeze()) for image in large]
    with atomic(path) as temporary:
        frames[0].save(
            temporary,
            format="GIF",
            save_all=True,
            append_images=frames[1:],
            duration=60,
            loop=0,
        )

"""`ganzoo interpolate`."""

import re
from pathlib import Path

import click

from ganzoo.cli.checks import check_file
from ganzoo.cli.options import allow_option, backend_option, checkpoint_option, label_option
from ganzoo.cli.waiting import counting, start_backend, waiting
from ganzoo.errors import InputError

ENDINGS = (".png", ".gif", ".mp4")


@click.command()
@click.argument("run")
@click.option(
    "--rows",
    default=8,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Walks: rows of the sheet, images side by side in the film.",
)
@click.option(
    "--steps",
    default=14,
    show_default=True,
    type=click.IntRange(2, 1000),
    help="Images of a walk on the sheet, from one latent to the next.",
)
@click.option("--seed", default=0, show_default=True, type=int, help="Decides the latents.")
@click.option(
    "--frames",
    default=20,
    show_default=True,
    type=click.IntRange(2, 1000),
    help="Frames of the film between two latents.",
)
@click.option(
    "--across",
    is_flag=True,
    help="Let the category in the latent change too; a bright frame shows where it does.",
)
@click.option(
    "--out",
    "outs",
    metavar="FILE",
    multiple=True,
    help="walk.png: a sheet; walk.gif or walk.mp4: a film; without an ending: GIF and PNG. May "
    "be repeated. [default: RUN/interpolation.gif and RUN/interpolation.png]",
)
@label_option
@checkpoint_option
@allow_option
@backend_option
def interpolate(
    run: str,
    rows: int,
    steps: int,
    seed: int,
    frames: int,
    across: bool,
    outs: tuple[str, ...],
    label: tuple[str, ...] | None,
    checkpoint: str | None,
    backend: str | None,
) -> None:
    """Walk between latents of a trained RUN: a film, a sheet, or both.

    Where the latent holds a choice among categories, each walk stays within one, so that
    nothing jumps: see --across. In a film, each walk passes three latents and comes back. MP4
    needs `pip install 'ganzoo[video]'`.

    \b
    ganzoo interpolate runs/00000-unown-wgan-gp
    ganzoo interpolate runs/00000-unown-wgan-gp --rows 6 --out walk.mp4
    """
    from ganzoo.training.run import Run

    with waiting("Opening the run"):
        opened = Run.open(run)
        targets = _targets([Path(out) for out in outs] or [opened.path / "interpolation"])
    start_backend(backend or opened.config["backend"])
    from ganzoo.networks import latent_size
    from ganzoo.samples import check_memory
    from ganzoo.training.asked import labels
    from ganzoo.training.saved import folder_of
    from ganzoo.training.trained import caption, load_generator
    from ganzoo.training.walk import KEYS, category_count, walks
    from ganzoo.training.walk_pictures import WalkPictures

    with waiting("Building the networks"):
        name = folder_of(opened, checkpoint).name  # Once: a run that trains gets newer ones.
        generator = load_generator(opened, name)
    check_memory(generator, rows * max(steps, KEYS * frames))
    categories = category_count(generator)
    if across and not categories:
        raise InputError("This generator's latents hold no categories. Leave out --across.")
    held = 0 if across else categories
    asked = labels(opened, generator, label, rows)
    found = walks(seed, rows, latent_size(generator, None), held)
    how = {True: "a bright frame: another category", False: "each walk within a category"}
    about = caption(opened, name, f"seed {seed}", *([how[across]] if categories else []))
    pictures = WalkPictures(generator, found, categories, asked, counting)
    for target in targets:
        if target.suffix.lower() == ".png":
            pictures.save_sheet(target, steps, about)
        else:
            pictures.save_film(target, frames, about)
    click.echo(" and ".join(map(str, targets)))


def _targets(outs: list[Path]) -> list[Path]:
    """The files; raises `InputError` before any work, where one cannot be written."""
    from ganzoo.training.video import check_film

    targets: list[Path] = []
    for out in outs:
        if out.suffix.lower() in ENDINGS:
            targets.append(out)
        elif re.fullmatch(r"\.[A-Za-z]\w*", out.suffix):  # As in walk.webm, not in seed0.1.
            raise InputError(
                f"--out {str(out)!r} ends in {out.suffix}: let it end in .png for a sheet, in "
                ".gif or .mp4 for a film."
            )
        else:
            targets += [Path(f"{out}.gif"), Path(f"{out}.png")]
    for target in targets:
        check_file(target)
        if target.suffix.lower() != ".png":
            check_film(target)
    return list(dict.fromkeys(targets))

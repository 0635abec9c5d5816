"""`ganzoo interpolate`."""

import re
from pathlib import Path
from typing import Any

import click

from ganzoo.cli.checks import check_file
from ganzoo.cli.options import allow_option, backend_option, checkpoint_option
from ganzoo.cli.waiting import counting, start_backend, waiting
from ganzoo.errors import InputError

ENDINGS = (".png", ".gif", ".mp4")
FRAME_SECONDS = 0.05
MARKED = 4  # Frames for which a new category has a frame.
FILM_SIDE = 600


@click.command()
@click.argument("run")
@click.option(
    "--rows",
    default=8,
    show_default=True,
    type=click.IntRange(min=1),
    help="Walks: rows of the sheet, images side by side in the film.",
)
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
    from ganzoo.training.saved import folder_of
    from ganzoo.training.trained import caption, load_generator
    from ganzoo.training.walk import category_count, walks

    with waiting("Building the networks"):
        name = folder_of(opened, checkpoint).name  # Once: a run that trains gets newer ones.
        generator = load_generator(opened, name)
    categories = category_count(generator)
    if across and not categories:
        raise InputError("This generator's latents hold no categories. Leave out --across.")
    held = 0 if across else categories
    found = walks(seed, rows, generator.input_shape[-1], held)
    how = {True: "a bright frame: another category", False: "each walk within a category"}
    about = caption(opened, name, f"seed {seed}", *([how[across]] if categories else []))
    draw = Drawing(generator, found, categories)
    for target in targets:
        if target.suffix.lower() == ".png":
            draw.sheet(target, steps, about)
        else:
            draw.film(target, frames, about)
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


class Drawing:
    """Pictures of walks.

    Args:
        generator: Model from latents to images.
        walks: The walks.
        categories: Coordinates of a latent that choose a category.
    """

    def __init__(self, generator: Any, walks: list[Any], categories: int):
        self.generator = generator
        self.walks = walks
        self.categories = categories

    def _images(self, places: Any, text: str) -> tuple[Any, Any]:
        """Images [walks, places, H, W, C], and where the category is another one."""
        import numpy as np

        from ganzoo.training.samples import generate
        from ganzoo.training.walk import category_changes

        latents = np.stack([walk.at(places) for walk in self.walks])
        changes = np.stack([category_changes(each, self.categories) for each in latents])
        count = latents.shape[0] * latents.shape[1]
        with counting(text, count) as made:
            flat = generate(self.generator, latents.reshape(count, -1), report=made)
        return flat.reshape(*latents.shape[:2], *flat.shape[1:]), changes

    def sheet(self, path: Path, steps: int, caption: list[str]) -> None:
        """A row a walk, from its first latent to its second."""
        import numpy as np

        from ganzoo.data.sheet import enlarge_sheet, outline, save_png, sheet

        images, changes = self._images(np.linspace(0, 1, steps), "Making the sheet")
        plain = sheet(images.reshape(-1, *images.shape[2:]), columns=steps)
        outline(plain, np.flatnonzero(changes), steps, images.shape[2:4])
        save_png(enlarge_sheet(plain, caption), path)

    def film(self, path: Path, frames: int, caption: list[str]) -> None:
        """All walks side by side, through their latents and back."""
        import numpy as np

        from ganzoo.data.sheet import class_columns, enlarge_sheet, outline, sheet
        from ganzoo.training.video import save_film
        from ganzoo.training.walk import KEYS

        places = np.linspace(0, KEYS, KEYS * frames, endpoint=False)
        images, changes = self._images(places, "Making frames")
        columns = class_columns(0, len(self.walks))

        def picture(index: int) -> Any:
            plain = sheet(images[:, index], columns)
            marked = changes[:, max(0, index - MARKED + 1) : index + 1].any(axis=1)
            outline(plain, np.flatnonzero(marked), columns, images.shape[2:4])
            return enlarge_sheet(plain, caption, FILM_SIDE)

        def pictures(written: Any) -> Any:
            for index in range(len(places)):
                yield picture(index)
                written(1)

        samples = [picture(index) for index in range(0, len(places), -(-len(places) // 8))]
        with counting(f"Writing {path.name}", len(places)) as written:
            save_film(pictures(written), [FRAME_SECONDS] * len(places), path, samples)

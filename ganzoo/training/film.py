"""The training of a run as a film: the same latents at each checkpoint."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from ganzoo import samples
from ganzoo.data.sheet import enlarge_sheet, full_grid, sheet
from ganzoo.errors import InputError
from ganzoo.spec import parse
from ganzoo.training.asked import labels
from ganzoo.training.checkpoint import Damaged
from ganzoo.training.run import Run
from ganzoo.training.trained import class_count, load_generator

SIDE = 600  # pixels: the longer side of a frame, at least
HELD = 2.0  # seconds that the last frame stays


def frames(
    run: Run,
    count: int = 56,
    report: Callable[[str], None] = lambda line: None,
    made: Callable[[int], None] = lambda done: None,
) -> list[Image.Image]:
    """A sheet of each checkpoint's averaged generator, at the latents of the run's own sheets.

    Args:
        run: The run.
        count: Images of a sheet, about.
        report: Called with a line on a checkpoint that is damaged, which is left out.
        made: Called with 1 after each checkpoint.

    Returns:
        Images of one size, oldest first.

    Raises:
        InputError: If fewer than two checkpoints can be read.
    """
    columns, count = full_grid(class_count(run), count)
    shown = []
    for folder in run.checkpoints:
        try:
            shown.append((folder.name, _images(run, folder.name, count)))
        except Damaged as error:
            report(f"{error.__cause__ or error} It is left out.")  # No advice for one alone.
        made(1)
    if len(shown) < 2:
        raise InputError(f"{run.path} has fewer than two checkpoints that can be read.")
    side = max(images.shape[1] for _, images in shown)
    pictures = []
    for name, images in shown:
        plain = sheet(samples.enlarge(images, side), columns)
        pictures.append(enlarge_sheet(plain, _caption(run, name, images.shape[1]), SIDE))
    return _of_one_size(pictures)


def _images(run: Run, name: str, count: int) -> np.ndarray:
    generator = load_generator(run, name)
    samples.check_memory(generator, count * len(run.checkpoints))
    asked = labels(run, generator, None, count)
    return samples.draw_images(generator, run.config["seed"], "sheet", count, asked)


def _caption(run: Run, name: str, resolution: int) -> list[str]:
    config = run.config
    kind = parse(config.get("loss") or config["model"])[0].rpartition(":")[2]
    return [kind, f"{float(name):.4g} kimg", f"{resolution} px"]


def _of_one_size(pictures: list[Image.Image]) -> list[Image.Image]:
    """`pictures`, extended to the largest: some captions take a line more."""
    size = tuple(max(sides) for sides in zip(*(p.size for p in pictures), strict=True))
    return [p if p.size == size else p.crop((0, 0, *size)) for p in pictures]


def durations(count: int, seconds: float = 8.0) -> list[float]:
    """How long each of `count` frames is shown; together `seconds`, and the last one longer."""
    return [seconds / count] * (count - 1) + [seconds / count + HELD]


def some(pictures: list[Image.Image], count: int = 8) -> list[Image.Image]:
    """At most `count` of the pictures, evenly spread, the last one among them."""
    return pictures[:: -max(1, len(pictures) // count)][:count]

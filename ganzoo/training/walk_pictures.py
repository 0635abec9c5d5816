"""Sheets and films of walks through a generator's latents."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import keras
import numpy as np
from PIL import Image

from ganzoo.data.sheet import class_columns, enlarge_sheet, outline, save_png, sheet
from ganzoo.samples import generate
from ganzoo.training.video import save_film
from ganzoo.training.walk import KEYS, Walk, category_changes

FRAME_SECONDS = 0.05
MARKED = 4  # Frames of a film for which a bright frame marks a new category.
FILM_SIDE = 600  # Pixels: the longer side of a film, at least.
SAMPLES = 8  # Frames from which the colours of a GIF are chosen.


class WalkPictures:
    """Writes pictures of some walks.

    Args:
        generator: Model from latents to images.
        walks: The walks.
        categories: Coordinates of a latent that choose a category; 0 for none.
        labels: What a generator with a condition is asked for in each walk, int32 [walks, ...].
        counting: Shows progress: called with a text and a total, it gives a context whose
            value is called with how many more are done.
    """

    def __init__(
        self,
        generator: keras.Model,
        walks: Sequence[Walk],
        categories: int,
        labels: np.ndarray | None,
        counting: Callable[[str, int], AbstractContextManager[Callable[[int], None]]],
    ):
        self.generator = generator
        self.walks = walks
        self.categories = categories
        self.labels = labels
        self.counting = counting

    def save_sheet(self, path: Path, steps: int, caption: list[str]) -> None:
        """Write a PNG: a row of `steps` images a walk, from its first latent to its second."""
        images, changes = self._images(np.linspace(0, 1, steps), "Making the sheet")
        plain = sheet(images.reshape(-1, *images.shape[2:]), columns=steps)
        outline(plain, np.flatnonzero(changes), steps, images.shape[2:4])
        save_png(enlarge_sheet(plain, caption), path)

    def save_film(self, path: Path, frames: int, caption: list[str]) -> None:
        """Write a film of all walks side by side, with `frames` from one latent to the next."""
        places = np.linspace(0, KEYS, KEYS * frames, endpoint=False)
        images, changes = self._images(places, "Making frames")
        columns = class_columns(0, len(self.walks))

        def picture(index: int) -> Image.Image:
            plain = sheet(images[:, index], columns)
            marked = changes[:, max(0, index - MARKED + 1) : index + 1].any(axis=1)
            outline(plain, np.flatnonzero(marked), columns, images.shape[2:4])
            return enlarge_sheet(plain, caption, FILM_SIDE)

        def pictures(written: Callable[[int], None]) -> Iterator[Image.Image]:
            for index in range(len(places)):
                yield picture(index)
                written(1)

        some = range(0, len(places), -(-len(places) // SAMPLES))
        with self.counting(f"Writing {path.name}", len(places)) as written:
            seconds = [FRAME_SECONDS] * len(places)
            save_film(pictures(written), seconds, path, [picture(index) for index in some])

    def _images(self, places: np.ndarray, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Images of each walk at `places`, and whether its category has just changed there.

        Returns:
            uint8 [walks, places, H, W, C], and bool [walks, places].
        """
        latents = np.stack([walk.at(places) for walk in self.walks])
        changes = np.stack([category_changes(each, self.categories) for each in latents])
        count = latents.shape[0] * latents.shape[1]
        with self.counting(text, count) as made:
            asked = (
                None if self.labels is None else self.labels.repeat(latents.shape[1], axis=0)
            )
            flat = generate(
                self.generator, latents.reshape(count, -1), report=made, labels=asked
            )
        return flat.reshape(*latents.shape[:2], *flat.shape[1:]), changes

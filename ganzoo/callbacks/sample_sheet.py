"""A sheet of samples after each epoch."""

import math
from pathlib import Path
from typing import Any

import keras
from PIL import Image

from ganzoo.callbacks.pictures import Pictures
from ganzoo.data.points import are_points
from ganzoo.data.sheet import sheet
from ganzoo.errors import InputError
from ganzoo.variant import check_whole

LEAST_WIDTH = 450  # Pixels; small images are enlarged by a whole number.


class SampleSheet(keras.callbacks.Callback):
    """Shows images of the averaged generator at the same latents after each epoch.

    In a notebook one sheet below the cell follows the training. Elsewhere each epoch has a
    file: `samples_0001.png`, `samples_0002.png`, ...

    Args:
        count: Images of a sheet.
        columns: Images in a row; `None` for rows that come out even.
        every: Epochs from one sheet to the next.
        folder: Where files go; `None`: to the current folder, and in a notebook nowhere.
        seed: Seed of the latents, standard normal.

    Raises:
        ganzoo.errors.InputError: If `count`, `columns` or `every` is not a whole number of 1 or
            more; at the start of `fit` if the images have neither 1 nor 3 channels.

    Example:

    ```python
    model.fit(images, epochs=2, callbacks=[ganzoo.callbacks.SampleSheet(every=2)])
    ```
    """

    def __init__(
        self,
        count: int = 28,
        columns: int | None = None,
        every: int = 1,
        folder: str | Path | None = None,
        seed: int = 0,
    ):
        super().__init__()
        check_whole(count=count, every=every)
        if columns is not None:
            check_whole(columns=columns)
        self.count = count
        self.columns = columns
        self.every = every
        self.seed = seed
        self.pictures = Pictures(folder)

    def on_train_begin(self, logs: Any = None) -> None:
        """See whether a sheet can be made of the images."""
        image = self.model.sample(1, self.seed, "sheet")
        channels = image.shape[-1]
        if channels not in (1, 3) and not are_points(image):
            raise InputError(
                f"A sheet shows images of 1 channel (gray) or 3 (RGB). The generator's have "
                f"{channels}: leave SampleSheet out."
            )

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Show the sheet of this epoch."""
        if (epoch + 1) % self.every == 0:
            self.pictures.put(self.draw(), f"samples_{epoch + 1:04d}.png")

    def draw(self) -> Image.Image:
        """The sheet of the model as it is."""
        images = self.model.sample(self.count, self.seed, "sheet")
        picture = sheet(images, self.columns)
        factor = math.ceil(LEAST_WIDTH / picture.width)
        size = (picture.width * factor, picture.height * factor)
        return picture.resize(size, Image.Resampling.NEAREST)

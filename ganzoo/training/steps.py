"""Steps on the images of a set, wherever these are."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import keras
import numpy as np

from ganzoo import backend
from ganzoo.data.image_file import ImageFile
from ganzoo.model import GANModel
from ganzoo.training.order import DataOrder


def step_runner(
    model: GANModel, images: np.ndarray | ImageFile, order: DataOrder, size: int, most: int
) -> Callable[[int, int], None]:
    """A function `play(step, count)` that runs the `count` <= `most` steps after `step`.

    Args:
        model: The model.
        images: uint8 [N, H, W, C]. An array goes to the device as a whole; of a file
            the images of a call are read while those of the call before are trained on.
        order: Says which images a step shows. Both ways show the same.
        size: Images of a step.
        most: Steps of a call.
    """
    if isinstance(images, ImageFile):
        play, ahead = backend.feed(model, images.shape[1:], most), Ahead(images, order, most)
        return lambda step, count: play(ahead.batches(step * size, count, size))
    play = backend.repeat(model, images, most)
    return lambda step, count: play(order.rows(step * size, count, size))


class Ahead:
    """The images of each call, read and put on the device before they are asked for.

    The images of at most two calls are in memory, however large the set is.

    Args:
        images: The images.
        order: Their order.
        most: Steps that are read ahead.
    """

    def __init__(self, images: ImageFile, order: DataOrder, most: int):
        self.images = images
        self.order = order
        self.most = most
        self._thread = ThreadPoolExecutor(1, "images")
        self._start: int | None = None

    def batches(self, start: int, steps: int, size: int) -> Any:
        """What `images[order.rows(start, steps, size)]` is, as a tensor of the backend.

        Returns:
            uint8 [steps, size, H, W, C].

        Raises:
            OSError: If the file cannot be read.
        """
        if start != self._start:
            self._read(start, size)
        found = self._found.result()
        self._read(start + steps * size, size)
        return found if steps == self.most else found[:steps]

    def _read(self, start: int, size: int) -> None:
        self._start = start
        self._found = self._thread.submit(self._tensor, start, size)

    def _tensor(self, start: int, size: int) -> Any:
        rows = self.order.rows(start, self.most, size)
        return keras.ops.convert_to_tensor(self.images[rows])

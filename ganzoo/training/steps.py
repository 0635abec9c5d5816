"""Feeds batches to the step, from device memory or from disk."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import keras
import numpy as np

from ganzoo import backend
from ganzoo.data.image_file import ImageFile
from ganzoo.data.image_set import ImageSet
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.training.order import DataOrder, DomainOrder


def step_runner(
    model: GenerativeModel,
    data: ImageSet,
    order: DataOrder | DomainOrder,
    size: int,
    max_steps: int,
) -> Callable[[int, int], None]:
    """A function `play(step, count)` that runs the `count` <= `max_steps` steps after `step`.

    Args:
        model: The model. Without a condition it is given no labels.
        data: The images. An array goes to the device as a whole; of a file
            the images of a call are read while those of the call before are trained on.
        order: Says which images a step shows. Both ways show the same.
        size: Images of a step.
        max_steps: Steps of a call.
    """
    labels = None if model.condition is None else model.condition.of_images(data)
    if isinstance(data.images, ImageFile):
        play = backend.feed(model, max_steps)
        ahead = Ahead(data.images, order, max_steps, labels)
        return lambda step, count: play(ahead.batches(step * size, count, size))
    on_device = data.images if labels is None else (data.images, labels)
    play = backend.repeat(model, on_device, max_steps)
    return lambda step, count: play(order.rows(step * size, count, size))


class Ahead:
    """The images of each call, read and put on the device before they are asked for.

    The images of at most two calls are in memory, however large the set is.

    Args:
        images: The images.
        order: Their order.
        max_steps: Steps that are read ahead.
        labels: What each is of, int32 [N, ...], or `None`.
    """

    def __init__(
        self,
        images: ImageFile,
        order: DataOrder | DomainOrder,
        max_steps: int,
        labels: np.ndarray | None = None,
    ):
        self.images = images
        self.labels = labels
        self.order = order
        self.max_steps = max_steps
        self._thread = ThreadPoolExecutor(1, "images")
        self._start: int | None = None

    def batches(self, start: int, steps: int, size: int) -> Any:
        """What `images[order.rows(start, steps, size)]` is, as a tensor of the backend.

        Returns:
            uint8 [steps, size, H, W, C]; with labels a pair of it and int32 [steps, size]; of
            two domains [steps, size / 2, 2, H, W, C].

        Raises:
            OSError: If the file cannot be read.
        """
        if start != self._start:
            self._read(start, size)
        found = self._found.result()
        self._read(start + steps * size, size)
        if steps == self.max_steps:
            return found
        return keras.tree.map_structure(lambda each: each[:steps], found)

    def _read(self, start: int, size: int) -> None:
        self._start = start
        self._found = self._thread.submit(self._tensor, start, size)

    def _tensor(self, start: int, size: int) -> Any:
        rows = self.order.rows(start, self.max_steps, size)
        images = keras.ops.convert_to_tensor(self.images[rows])
        if self.labels is None:
            return images
        return images, keras.ops.convert_to_tensor(self.labels[rows])

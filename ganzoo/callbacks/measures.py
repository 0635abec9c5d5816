"""Measures of samples after an epoch, as figures of the logs."""

from pathlib import Path
from typing import Any

import keras

from ganzoo.data.image_set import ImageSet
from ganzoo.data.load import load
from ganzoo.errors import InputError
from ganzoo.files.names import brief
from ganzoo.metrics.attributes import measured
from ganzoo.metrics.evaluate import Evaluator, headline
from ganzoo.metrics.measures import FIGURES
from ganzoo.variant import check_whole


class Measures(keras.callbacks.Callback):
    """Measures samples of the averaged generator, and adds what it finds to the logs.

    The history, `CSVLogger`, `EarlyStopping(monitor="kid", mode="min")`, `ModelCheckpoint` and
    `TensorBoard` then have the `FIGURES` of `ganzoo.metrics.measures`, such as `kid`, `recall`
    and `coverage`, and with classes `modes`, `recognised` and `kl`. `fit` calls it before other
    callbacks.

    Args:
        data: The set that the images come from (see `ganzoo.data.load`), its name or path, or
            an `Evaluator` of it.
        count: Samples; of fewer real images fewer.
        every: Epochs from one measurement to the next; the epochs between have no such figures.
        seed: Seed of the latents, standard normal.
        verbose: Whether a line says each result.

    Raises:
        ganzoo.errors.InputError: If the set cannot be read or has too few images.

    Example:

    ```python
    data = ganzoo.data.load("unown", resolution=28, per_class=50)
    best = keras.callbacks.ModelCheckpoint(
        "best.keras", monitor="kid", mode="min", save_best_only=True
    )
    measures = ganzoo.callbacks.Measures(data, count=200)
    model.fit(data.images, epochs=2, callbacks=[measures, best])
    ```
    """

    adds_figures = True

    def __init__(
        self,
        data: ImageSet | str | Path | Evaluator,
        count: int = 1000,
        every: int = 1,
        seed: int = 0,
        verbose: bool = True,
    ):
        super().__init__()
        check_whole(count=count, every=every)
        if isinstance(data, str | Path):
            data = load(data)
        if isinstance(data, ImageSet):
            data = Evaluator(data, count, option="count")
        if not isinstance(data, Evaluator):
            raise InputError(
                "Measures compares samples with a set of images: give its name or path, or "
                f"ganzoo.data.load(...). Received: {brief(data)}"
            )
        self.evaluator = data
        self.every = every
        self.seed = seed
        self.verbose = verbose
        self.results: dict[int, dict[str, Any]] = {}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Measure, keep the whole result in `results`, and add its figures to `logs`."""
        if (epoch + 1) % self.every:
            return
        asked, count = None, self.evaluator.count
        if self.model.condition is not None:
            asked = self.model.condition.requests(self.evaluator.data, count)
        given = None if asked is None else asked.given
        images = self.model.sample(count, self.seed, "evaluate", given)
        result = measured(
            self.evaluator,
            images,
            asked,
            lambda words: self.model.sample(len(words), self.seed, "new", words),
        )
        self.results[epoch] = result
        if logs is not None:
            found = {k: result.get(k) for k in FIGURES}
            logs |= {k: float(value) for k, value in found.items() if value is not None}
        if self.verbose:
            print(f"\nEpoch {epoch + 1}: {headline(result)}")

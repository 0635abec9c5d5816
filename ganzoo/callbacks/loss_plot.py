"""A plot of the losses, drawn anew after each epoch."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from ganzoo.callbacks.pictures import Pictures
from ganzoo.variant import check_whole


class LossPlot(keras.callbacks.Callback):
    """Plots the figures of a step against epochs, each loss among them.

    In a notebook the plot below the cell follows the training. Elsewhere it is one file, which
    each epoch replaces.

    Args:
        path: The file; `None`: `losses.png` in the current folder, and in a notebook none.
        every: Epochs from one drawing to the next.

    Raises:
        ganzoo.errors.InputError: If `every` is not a whole number of 1 or more.

    Example:

    ```python
    model.fit(images, epochs=2, callbacks=[ganzoo.callbacks.LossPlot("losses.png")])
    ```
    """

    def __init__(self, path: str | Path | None = None, every: int = 1):
        super().__init__()
        check_whole(every=every)
        self.every = every
        path = None if path is None else Path(path)
        self.name = path.name if path else "losses.png"
        self.pictures = Pictures(path.parent if path else None)
        self.epochs: list[int] = []
        self.figures: list[dict[str, float]] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add this epoch's figures; a `fit` that counts from 1 again begins the plot anew."""
        if self.epochs and epoch < self.epochs[-1]:
            self.epochs.clear()
            self.figures.clear()
        self.epochs.append(epoch + 1)
        self.figures.append(dict(logs or {}))
        if (epoch + 1) % self.every == 0:
            self.pictures.put(self.draw(), self.name)

    def draw(self) -> Image.Image:
        """The plot of the epochs so far."""
        panels = self.model.panels()
        figure = Figure(figsize=(8, 2.5 * len(panels)), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
        for axis, (label, names) in zip(axes, panels.items(), strict=True):
            self._lines(axis, names, label)
        axes[-1].set_xlabel("epoch")
        axes[-1].xaxis.get_major_locator().set_params(integer=True)
        held = io.BytesIO()
        figure.savefig(held, format="png", dpi=100)
        return Image.open(held)

    def _lines(self, axis: Axes, names: Sequence[str], label: str) -> None:
        few = len(self.epochs) < 25  # Points where a line has hardly a length.
        for name in names:
            values = [figures.get(name, float("nan")) for figures in self.figures]
            axis.plot(self.epochs, values, label=name, marker="." if few else None)
        axis.set_ylabel(label)
        axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(alpha=0.25)

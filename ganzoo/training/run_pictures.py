"""The pictures in a run's folder: sheets of images, and the plot of the losses."""

import gc
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.data.points import are_points
from ganzoo.data.sheet import by_turns, enlarge_sheet, full_grid, save_png, sheet
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.samples import enlarge
from ganzoo.spec import parse
from ganzoo.training.run import LOSSES, Run
from ganzoo.training.translation_pictures import translations

POINTS = 1000  # Dots on a sheet that shows points in the place of images.
PAIRED_COLUMNS = 8  # Of a sheet of reconstructions: four pairs.


class RunPictures:
    """Writes the pictures of one run.

    Args:
        trainer: The `ganzoo.training.trainer.Trainer` of the run.
        run: The run, in whose folder they are.
    """

    def __init__(self, trainer: Any, run: Run):
        self.trainer = trainer
        self.run = run
        self.columns, self.count = full_grid(trainer.images.class_count)  # Of a sheet.
        if are_points(trainer.images.images):
            self.count = POINTS

    def reals(self) -> None:
        """Write `reals.png`, images of the data set, each class in its turn."""
        images = self.trainer.images
        rows = by_turns(images.labels)[: self.count]
        about = [images.name, "real images", f"{images.resolution} px"]
        self._save(images.images[rows], about, "reals.png")

    def fakes(self, model: GenerativeModel, step: int, name: str | None = None) -> Path:
        """Write a sheet of the averaged generator, all of one run at the same latents.

        Args:
            model: The model.
            step: Steps done.
            name: The file's name; `None` for one by the thousands of images shown.

        Returns:
            The file.
        """
        if model.translates:
            return self._translations(model, step, name)
        trainer = self.trainer
        made = model.sample(self.count, trainer.seed, "sheet", self._words(model))
        name = name or f"fakes{self._number(step)}.png"
        side = trainer.schedule[-1].resolution
        return self._save(enlarge(made, side), self._about(step, made), name)

    def _words(self, model: GenerativeModel) -> np.ndarray | None:
        """Of a model that is asked in words those of the images that `reals.png` shows."""
        if model.condition is None or not model.condition.shape:
            return None
        images = self.trainer.images
        rows = np.resize(by_turns(images.labels)[: self.count], self.count)
        asked: np.ndarray = model.condition.of_images(images)[rows]
        return asked

    def reconstructions(self, model: GenerativeModel, step: int) -> None:
        """Write a sheet of real images, each with its reconstruction on its right.

        Nothing is written of points, and where the model does not encode images.
        """
        images, half = self.trainer.images, self.count // 2
        if are_points(images.images):
            return
        rows = by_turns(images.labels)[:half]
        asked = None if model.condition is None else model.condition.of_images(images)[rows]
        made = model.reconstruct(images.images[rows], asked)
        if made is None:
            return
        side = self.trainer.schedule[-1].resolution
        pairs = np.stack([images.images[rows], enlarge(made, side)], axis=1)
        about = [*self._about(step, made), "real image, reconstruction"]
        path = self.run.path / f"reconstructions{self._number(step)}.png"
        plain = sheet(pairs.reshape(-1, *pairs.shape[2:]), PAIRED_COLUMNS)
        save_png(enlarge_sheet(plain, about), path)

    def _number(self, step: int) -> str:
        """What a file is called by: the thousands of images shown."""
        return self.trainer.timetable.file_name(step, self.trainer.snap, self.trainer.tick)

    def _about(self, step: int, made: np.ndarray) -> list[str]:
        trainer = self.trainer
        kimg = f"{trainer.timetable.kimg(step):g} kimg"
        seed = f"seed {trainer.seed}"
        return [self._title(), trainer.images.name, kimg, f"{made.shape[1]} px", seed]

    def _translations(self, model: GenerativeModel, step: int, name: str | None) -> Path:
        """Write a sheet of images of both domains and of their translations, there and back."""
        side = self.trainer.schedule[-1].resolution
        plain, rows = translations(model, self.trainer.images, side)
        kimg = f"{self.trainer.timetable.kimg(step):g} kimg"
        about = [self._title(), kimg, f"seed {self.trainer.seed}", rows]
        path = self.run.path / (name or f"fakes{self._number(step)}.png")
        save_png(enlarge_sheet(plain, about), path)
        return path

    def losses(self, model: GenerativeModel) -> None:
        """Write `loss.png`, the figures of all ticks."""
        # Imported here: Matplotlib takes half a second that a first tick need not wait.
        from ganzoo.training.plot import loss_plot

        trainer, lines = self.trainer, self.run.lines(LOSSES)
        title = f"{self._title()} on {trainer.images.name}, seed {trainer.seed}"
        path = self.run.path / "loss.png"
        loss_plot(path, lines, trainer.schedule, model.panels(), title)
        gc.collect()  # A figure refers to itself: some dozens would stay in memory for a while.

    def _title(self) -> str:
        """The kind of model, the loss and the penalties, by name."""
        return " + ".join(parse(spec)[0].rpartition(":")[2] for spec in self.trainer.title)

    def _save(self, images: Any, about: list[str], name: str) -> Path:
        path = self.run.path / name
        save_png(enlarge_sheet(sheet(images, self.columns), about), path)
        return path

"""A run in Python: its generator, its images, its settings, its figures."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np
from PIL import Image

from ganzoo import samples
from ganzoo.data.sheet import class_columns, enlarge_sheet, sheet
from ganzoo.data.typeset import typeset
from ganzoo.errors import InputError
from ganzoo.hub.kept import open_run
from ganzoo.training import asked
from ganzoo.training.asked import Label
from ganzoo.training.run import LOSSES, METRICS
from ganzoo.training.saved import folder_of
from ganzoo.training.trained import direction, load_generator, load_translators
from ganzoo.variant import check_whole


class LoadedRun:
    """What can be made of a run's checkpoint; on any backend, whichever trained it.

    Args:
        path: The run's folder, or an address on a hub, `"hf:user/name@revision"`.
        checkpoint: Name of a checkpoint, such as `"000040"`; `None` for the newest.

    Attributes:
        path: The run's folder.
        checkpoint: Name of the checkpoint whose weights are used.
        config: The run's settings, keywords of `Trainer`.

    Raises:
        ganzoo.errors.InputError: If there is no such run or checkpoint, or its config names a
            module that has not been allowed: see `ganzoo.trust.allow`.

    Example:

    ```python
    run = ganzoo.load("runs/00000-unown-hinge")
    images = run.sample(16, seed=1)
    print(run.config["loss"], images.shape, run.losses())
    ```
    """

    def __init__(self, path: str | Path, checkpoint: str | None = None):
        self._run = open_run(path)
        self.path = self._run.path
        self.config = self._run.config
        self.checkpoint = folder_of(self._run, checkpoint).name

    def __repr__(self) -> str:
        return f"LoadedRun({str(self.path)!r}, {self.checkpoint!r})"

    @cached_property
    def generator(self) -> keras.Model:
        """The averaged generator, from latents float32 [N, L] to images in [-1, 1]."""
        return load_generator(self._run, self.checkpoint)

    def sample(
        self,
        count: int,
        seed: int = 0,
        label: Label | Sequence[Label] | None = None,
        truncation: float | None = None,
        prompt: str | Sequence[str] | None = None,
    ) -> np.ndarray:
        """Images of the averaged generator, uint8 [count, H, W, C].

        `ganzoo generate` draws the same images with this seed. The first n images do not
        depend on `count`.

        Args:
            count: How many.
            seed: Decides the latents.
            label: Of a run with a condition the class to make images of, by its name or its
                number from 0; of several, in a list, each in its turn. `None`: of all.
            truncation: Where the latents' normal distribution is cut off, above 0; see
                `ganzoo.samples.truncate`. `None`: nowhere.
            prompt: Of a run with the condition text what to make images of, in words; of
                several, in a list, each in its turn. `None`: the captions of its sheets.

        Raises:
            ganzoo.errors.InputError: If the run has no such class, or no condition, or a word
                of a prompt is not known.
        """
        check_whole(count=count)
        labels = self._asked(count, label, prompt)
        samples.check_memory(self.generator, count)
        return samples.draw_images(self.generator, seed, "generate", count, labels, truncation)

    def _asked(self, count: int, label: Any, prompt: Any) -> np.ndarray | None:
        """What the generator is given beside latents."""
        if prompt is None:
            return asked.labels(self._run, self.generator, label, count)
        if label is not None:
            raise InputError("Give a label or a prompt, not both.")
        return asked.prompts(self._run, self.generator, prompt, count)[0]

    def sheet(
        self,
        count: int = 56,
        seed: int = 0,
        label: Label | Sequence[Label] | None = None,
        truncation: float | None = None,
        prompt: str | Sequence[str] | None = None,
    ) -> Image.Image:
        """Samples on one enlarged sheet, which a notebook shows; arguments as of `sample`.

        Of a run with a condition each class, or each prompt, is a column.
        """
        images = self.sample(count, seed, label, truncation, prompt)
        labels = self._asked(count, label, prompt)
        classes = len(self.config.get("classes", []))
        shown = classes if labels is None else len(np.unique(labels, axis=0))
        return enlarge_sheet(sheet(images, class_columns(shown, count)), [])

    def write(self, text: str, seed: int = 0) -> Image.Image:
        """A text in generated letters, of a run with a condition; a picture to show or save.

        `ganzoo generate --text` writes the same letters with this seed.

        Args:
            text: Characters that are classes, such as `"HELLO WORLD?"`; `\\n` begins a line.
            seed: Decides the latents: another one writes in another hand.

        Raises:
            ganzoo.errors.InputError: If the run has no condition, or no class of a character.
        """
        lines = asked.letters(self._run, self.generator, text)
        labels = asked.written(lines)
        images = samples.draw_images(self.generator, seed, "generate", len(labels), labels)
        return enlarge_sheet(typeset(images, lines), [])

    def translate(self, images: np.ndarray, to: str = "B") -> np.ndarray:
        """Images of the other domain, of a run whose model translates.

        Args:
            images: uint8 [N, H, W, C], of the size and channels that the run was trained at.
            to: The domain to translate to, by its name, or `"A"` or `"B"`.

        Returns:
            uint8 [N, H, W, C].

        Raises:
            ganzoo.errors.InputError: If the run does not translate, or not to this domain.
        """
        way, _ = direction(self._run, self._translators, to)
        return samples.translate_bytes(self._translators[way], images)

    @cached_property
    def _translators(self) -> dict[str, keras.Model]:
        return load_translators(self._run, self.checkpoint)

    def losses(self) -> Any:
        """Losses and speed at each tick: a pandas frame, or dicts where pandas is missing."""
        return _frame(self._run.lines(LOSSES))

    def metrics(self) -> Any:
        """What was scored at each snapshot, in the same form; without rows if nothing was."""
        return _frame(self._run.lines(METRICS))


def load(path: str | Path, checkpoint: str | None = None) -> LoadedRun:
    """A run, ready to be sampled and looked at; see `LoadedRun`."""
    return LoadedRun(path, checkpoint)


def _frame(lines: Sequence[dict[str, Any]]) -> Any:
    try:
        import pandas
    except ImportError:
        return list(lines)
    return pandas.DataFrame(lines)

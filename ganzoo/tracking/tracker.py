"""The interface of a tracker."""

import importlib.util
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ganzoo.errors import InputError
from ganzoo.variant import Variant


class Tracker(Variant, ABC):
    """A program that is told of a run: subclass it in one file of `ganzoo/tracking/trackers/`.

    Its module imports what it needs in `begin`. What any method raises is said in one line, and
    the tracker is not called again.

    Attributes:
        module: What `begin` imports.
        extra: Extra of ganzoo that installs it.
    """

    module: str
    extra: str

    @abstractmethod
    def begin(self, name: str, folder: Path, config: Mapping[str, Any]) -> None:
        """A run begins, or goes on.

        Args:
            name: The run's name.
            folder: Its folder; what a tracker writes by itself goes there.
            config: The run's settings.
        """

    @abstractmethod
    def figures(self, images: int, figures: Mapping[str, float]) -> None:
        """Figures after so many training images: losses and speed, or measures."""

    @abstractmethod
    def sheet(self, images: int, path: Path) -> None:
        """A sheet of samples after so many training images, as a PNG file."""

    def end(self) -> None:
        """The run ends, or stops."""

    def check(self) -> None:
        """Raises `InputError` if what it needs is not installed."""
        if importlib.util.find_spec(self.module) is None:
            raise InputError(
                f"{type(self).__name__} needs {self.module}, not installed here. "
                f"Run: pip install 'ganzoo[{self.extra}]'"
            )

"""Tells several trackers of one run, and goes on without those that fail."""

from collections.abc import Callable, Iterable, Mapping
from numbers import Real
from pathlib import Path
from typing import Any

from ganzoo import tracking
from ganzoo.errors import first_line
from ganzoo.tracking.tracker import Tracker

BESIDE = ("step", "kimg")  # Where on the axis a line of figures stands, not what it says.


class Tracking:
    """The trackers of one run.

    Args:
        trackers: Trackers, or their specs, such as `"wandb:project=letters"`.
        report: Called with a line for a tracker that has failed.

    Raises:
        ganzoo.errors.InputError: If there is no such tracker, or it is not installed.
    """

    def __init__(self, trackers: str | Iterable[str | Tracker], report: Callable[[str], None]):
        several = [trackers] if isinstance(trackers, str) else trackers
        self.trackers: list[Tracker] = [tracking.get(each) for each in several]
        self.report = report
        for tracker in self.trackers:
            tracker.check()

    def begin(self, folder: Path, config: Mapping[str, Any]) -> None:
        """A run begins, or goes on, in its folder."""
        self._tell(lambda each: each.begin(folder.resolve().name, folder, config))

    def figures(self, kimg: float, figures: Mapping[str, Any]) -> None:
        """Figures, of which those that are numbers are told."""
        numbers = {
            key: float(value)
            for key, value in figures.items()
            if key not in BESIDE and isinstance(value, Real) and not isinstance(value, bool)
        }
        self._tell(lambda each: each.figures(_images(kimg), numbers))

    def sheet(self, kimg: float, path: Path) -> None:
        """A sheet of samples."""
        self._tell(lambda each: each.sheet(_images(kimg), path))

    def end(self) -> None:
        """The run ends, or stops."""
        self._tell(lambda each: each.end())

    def _tell(self, tell: Callable[[Tracker], None]) -> None:
        for tracker in list(self.trackers):
            try:
                tell(tracker)
            except Exception as error:  # A tracker's own, of any class.
                self.trackers.remove(tracker)
                name = tracking.registry.describe(tracker)
                self.report(
                    f"{name} failed and is told nothing more; the run goes on without it: "
                    f"{first_line(error)}"
                )


def _images(kimg: float) -> int:
    return round(1000 * kimg)

"""What a person sees while a run trains."""

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn


def clock(seconds: float) -> str:
    """`75` becomes `1m 15s`."""
    seconds = round(seconds)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    if hours:
        return f"{hours}h {minutes:02d}m"
    return f"{minutes}m {seconds:02d}s" if minutes else f"{seconds}s"


def tick_line(figures: dict[str, Any], terms: Sequence[str], eta: float) -> str:
    """One line for a tick: where the run is, how fast, and the losses in `terms`."""
    parts = [
        f"kimg {figures['kimg']:<7.4g}",
        f"{figures['resolution']} px",
        f"alpha {figures['alpha']:.2f}",
        f"sec/kimg {figures['sec_per_kimg']:.2f}",
        f"ETA {clock(eta):<8}",
    ]
    parts += [f"{term} {figures[term]:.3f}" for term in terms]
    return "  ".join(parts)


class PlainProgress:
    """One line a tick, for logs and pipes."""

    def start(self, total_kimg: float) -> None:
        """Begin a run of `total_kimg`."""

    def message(self, text: str) -> None:
        """One line of its own."""
        print(text, file=sys.stderr, flush=True)

    def tick(self, figures: dict[str, Any], terms: Sequence[str], eta: float) -> None:
        """Figures of the last tick; `eta` in seconds."""
        self.message(tick_line(figures, terms, eta))

    def at(self, kimg: float) -> None:
        """Images shown so far, between ticks."""

    def stop(self) -> None:
        """The run has ended."""


class RichProgress(PlainProgress):
    """A bar that moves, with the lines above it, for terminals."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)
        self.bar = Progress(
            BarColumn(bar_width=None, complete_style="cyan", finished_style="green"),
            TextColumn("{task.completed:.1f} / {task.total:g} kimg   ETA {task.fields[eta]}"),
            console=self.console,
            transient=True,
        )

    def start(self, total_kimg: float) -> None:
        self.task = self.bar.add_task("", total=total_kimg, eta="...")
        self.bar.start()

    def message(self, text: str) -> None:
        self.console.print(text, markup=False, soft_wrap=True)

    def tick(self, figures: dict[str, Any], terms: Sequence[str], eta: float) -> None:
        self.bar.update(self.task, eta=clock(eta))
        super().tick(figures, terms, eta)

    def at(self, kimg: float) -> None:
        self.bar.update(self.task, completed=kimg)

    def stop(self) -> None:
        self.bar.stop()


class Silent(PlainProgress):
    """Shows nothing."""

    def message(self, text: str) -> None:
        pass


def progress() -> PlainProgress:
    """The one that suits standard error."""
    return RichProgress() if sys.stderr.isatty() else PlainProgress()

"""Shows a person how far a training or a command is."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.spinner import Spinner

from ganzoo.notebook import can_draw_over, notebook_display
from ganzoo.training.plain_progress import PlainProgress
from ganzoo.training.text import duration


class RichProgress(PlainProgress):
    """A bar that moves, with the lines above it, for terminals.

    Args:
        console: Where it is shown; `None` for standard error.
    """

    def __init__(self, console: Console | None = None):
        self.console = console or _standard_error()
        self.bar = Progress(
            TextColumn("{task.fields[stage]}"),
            BarColumn(bar_width=None, complete_style="cyan", finished_style="green"),
            TextColumn("{task.completed:.1f} / {task.total:g} kimg   {task.fields[eta]}"),
            console=self.console,
            transient=True,
        )

    def start(self, total_kimg: float) -> None:
        self.task = self.bar.add_task("", total=total_kimg, stage="", eta="preparing ...")
        self.bar.start()

    def message(self, text: str) -> None:
        self.console.print(text, markup=False)

    def tick(self, figures: dict[str, Any], terms: Sequence[str], eta: float) -> None:
        self.expect(figures["resolution"], eta)
        super().tick(figures, terms, eta)

    def at(self, kimg: float) -> None:
        self.bar.update(self.task, completed=kimg)

    def expect(self, resolution: int, eta: float | None) -> None:
        left = "preparing ..." if eta is None else f"ETA {duration(eta)}"
        self.bar.update(self.task, stage=f"{resolution} px", eta=left)

    def stop(self) -> None:
        self.bar.stop()

    @contextmanager
    def waiting(self, text: str) -> Iterator[None]:
        # Standard output may be a file: it is left alone. What is written to it comes after.
        shape = "dots" if self.console.encoding.startswith("utf") else "line"
        spinner = Spinner(shape, text=f"{text} ...", style="cyan")
        with Live(spinner, console=self.console, transient=True, redirect_stdout=False):
            yield

    @contextmanager
    def counting(self, text: str, total: int) -> Iterator[Callable[[int], None]]:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=None, complete_style="cyan", finished_style="green"),
            MofNCompleteColumn(),
        )
        with Progress(
            *columns, console=self.console, transient=True, redirect_stdout=False
        ) as bar:
            task = bar.add_task(text, total=total)
            yield lambda done: bar.advance(task, done)


def _standard_error() -> Console:
    # A descriptor of its own: importing a backend holds back what goes to the usual one.
    own = os.dup(sys.stderr.fileno())
    file = os.fdopen(own, "w", encoding=sys.stderr.encoding, errors="replace")
    return Console(file=file, highlight=False)


class Silent(PlainProgress):
    """Shows nothing."""

    def message(self, text: str) -> None:
        pass


def progress() -> PlainProgress:
    """What shows a training to a person, for `Trainer(progress=ganzoo.progress())`.

    In a notebook a bar, figures and the newest sheet below the cell; on a terminal a bar with
    lines above it; elsewhere lines, on standard error.
    """
    if (display := notebook_display()) is not None:
        from ganzoo.training.notebook_progress import NotebookProgress

        return NotebookProgress(display)
    return RichProgress() if can_draw_over() else PlainProgress()

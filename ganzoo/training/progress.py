"""What a person sees while a run trains, or while a command works."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.spinner import Spinner

WIDTH = 80  # Characters of a line of figures, at most.
HEADER_EVERY = 20  # Ticks.
LONGEST_NAME = 30  # Characters of a term's name that are shown.


def clock(seconds: float) -> str:
    """`75` becomes `1m 15s`."""
    seconds = round(seconds)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    if hours:
        return f"{hours}h {minutes:02d}m"
    return f"{minutes}m {seconds:02d}s" if minutes else f"{seconds}s"


def about(seconds: float) -> str:
    """`75` becomes `about 1m 15s`, and 0.2 `under a second`."""
    return f"about {clock(seconds)}" if seconds >= 0.5 else "under a second"


def tick_line(figures: dict[str, Any], terms: Sequence[str], eta: float) -> str:
    """One line for a tick, of any length, with a name before each figure; for `log.txt`."""
    parts = [
        f"kimg {figures['kimg']:<7.4g}",
        f"{figures['resolution']} px",
        f"alpha {figures['alpha']:.2f}",
        f"sec/kimg {figures['sec_per_kimg']:.2f}",
        f"ETA {clock(eta):<8}",
    ]
    parts += [f"{term} {figures[term]:.3f}" for term in terms]
    return "  ".join(parts)


def tick_rows(figures: dict[str, Any], terms: Sequence[str], eta: float) -> tuple[str, str]:
    """The header and the row of a tick, no line of them longer than 80 characters.

    The players' losses come first; penalties that do not fit beside the rest follow on lines of
    their own, each figure behind its name.
    """
    columns = [
        ("kimg", f"{figures['kimg']:.5g}", 6),
        ("px", str(figures["resolution"]), 4),
        ("alpha", f"{figures['alpha']:.2f}", 5),
        ("sec/kimg", _short(figures["sec_per_kimg"], 2), 8),
        ("ETA", clock(eta), 7),
    ]
    rest = []
    players = [term for term in terms if term in ("d_loss", "g_loss")]
    for term in [*players, *(term for term in terms if term not in players)]:
        name = term if len(term) <= LONGEST_NAME else f"{term[: LONGEST_NAME - 3]}..."
        columns.append((name, _short(figures[term], 3), 8))
        if sum(max(width, len(head)) + 2 for head, _, width in columns) - 2 > WIDTH:
            rest.append(" ".join(columns.pop()[:2]))
    header = "  ".join(f"{head:>{width}}" for head, _, width in columns)
    row = "  ".join(f"{text:>{max(width, len(head))}}" for head, text, width in columns)
    return header, "\n".join([row, *_wrapped(rest, indent=8)])


def _short(value: float, digits: int) -> str:
    """At most 8 characters."""
    return next(
        (text for n in range(digits, -1, -1) if len(text := f"{value:.{n}f}") <= 8),
        f"{value:.1e}",
    )


def _wrapped(parts: Sequence[str], indent: int) -> list[str]:
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 2 + len(part) <= WIDTH:
            lines[-1] += f"  {part}"
        else:
            lines.append(" " * indent + part)
    return lines


class PlainProgress:
    """Lines for logs and pipes: one a tick, and a header now and then."""

    ticks = 0
    header = ""

    def start(self, total_kimg: float) -> None:
        """Begin a run of `total_kimg`."""

    def message(self, text: str) -> None:
        """One line of its own."""
        print(text, file=sys.stderr, flush=True)

    def tick(self, figures: dict[str, Any], terms: Sequence[str], eta: float) -> None:
        """Figures of the last tick; `eta` in seconds."""
        header, row = tick_rows(figures, terms, eta)
        if self.ticks % HEADER_EVERY == 0 or header != self.header:
            row = f"{header}\n{row}"
        self.ticks, self.header = self.ticks + 1, header
        self.message(row)

    def at(self, kimg: float) -> None:
        """Images shown so far, between ticks."""

    def expect(self, resolution: int, eta: float | None) -> None:
        """The stage between ticks, and the seconds that are left once they are known."""

    def stop(self) -> None:
        """The run has ended."""

    @contextmanager
    def waiting(self, text: str) -> Iterator[None]:
        """Something takes a while, and nobody knows how long."""
        yield

    @contextmanager
    def counting(self, text: str, total: int) -> Iterator[Callable[[int], None]]:
        """Something of `total` parts; call what this gives with how many more are done."""
        yield lambda done: None


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
        left = "preparing ..." if eta is None else f"ETA {clock(eta)}"
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
    """The one that suits standard error."""
    return RichProgress() if sys.stderr.isatty() else PlainProgress()

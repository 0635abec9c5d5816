"""A training as lines, for logs and pipes."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ganzoo.training.text import tick_rows

HEADER_EVERY = 20  # Ticks.


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

    def sheet(self, path: Path) -> None:
        """A sheet of samples has been written."""

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

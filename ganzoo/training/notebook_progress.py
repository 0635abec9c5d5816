"""A training as it is seen below the cell of a notebook."""

import html
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from ganzoo.training.plain_progress import PlainProgress
from ganzoo.training.text import duration, tick_rows

LINES = 12  # That are shown of the figures: the newest.
PAUSE = 0.5  # Seconds from one picture of the bar to the next.
SCALE = 2  # A sheet is enlarged for its file; here it is shown this much smaller.


class NotebookProgress(PlainProgress):
    """A bar, the newest figures and the newest sheet, each in one place below the cell.

    Args:
        display: IPython's function of this name.
    """

    def __init__(self, display: Any):
        self._display = display
        self._status: Any = None
        self._sheet: Any = None
        self._lines: deque[str] = deque(maxlen=LINES)
        self._total, self._kimg, self._stage, self._header = 0.0, 0.0, "", ""
        self._drawn = -PAUSE

    def start(self, total_kimg: float) -> None:
        self._status = self._sheet = None  # Each training has a place of its own.
        self._lines.clear()  # What was said before has been shown.
        self._header = ""
        self._total, self._kimg, self._stage = total_kimg, 0.0, "preparing ..."
        self._draw()

    def tick(self, figures: dict[str, Any], terms: Sequence[str], eta: float) -> None:
        self._header, row = tick_rows(figures, terms, eta)  # It stays above the lines.
        self.message(row)

    def message(self, text: str) -> None:
        self._lines.extend(text.split("\n"))
        self._draw()

    def at(self, kimg: float) -> None:
        self._kimg = kimg
        if time.monotonic() - self._drawn >= PAUSE:
            self._draw()

    def expect(self, resolution: int, eta: float | None) -> None:
        left = "preparing ..." if eta is None else f"ETA {duration(eta)}"
        self._stage = f"{resolution} px, {left}"

    def sheet(self, path: Path) -> None:
        from IPython.display import Image as Shown

        with Image.open(path) as picture:
            width = picture.width // SCALE
        shown = Shown(data=path.read_bytes(), width=width)
        if self._sheet is None:
            self._sheet = self._display(shown, display_id=True)
        else:
            self._sheet.update(shown)

    def stop(self) -> None:
        self._stage = ""
        self._draw()

    def _draw(self) -> None:
        from IPython.display import HTML

        self._drawn = time.monotonic()
        bar = f'<progress value="{self._kimg:g}" max="{self._total:g}"></progress>'
        stage = f", {self._stage}" if self._stage else ""
        place = f"{bar} {self._kimg:.1f} / {self._total:g} kimg{stage}" if self._total else ""
        lines = html.escape("\n".join(filter(None, [self._header, *self._lines])))
        pre = f'<pre style="font-family: monospace; line-height: 1.3">{lines}</pre>'
        shown = HTML(f"{place}{pre}")
        if self._status is None:
            self._status = self._display(shown, display_id=True)
        else:
            self._status.update(shown)

"""Which runs are waiting, under way, done or failed, for a person."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ganzoo.comparison.runs import run_files
from ganzoo.comparison.runs.plan import Plan
from ganzoo.training.text import duration

SIGNS = {"waiting": ("·", "dim"), "running": ("▶", "cyan"), "done": ("✓", "green")}
SIGNS |= {"failed": ("✗", "red"), "diverged": ("∞", "red")}
ORDER = ("running", "failed", "waiting", "diverged", "done")  # in which cells find room
SPARE_LINES = 4  # of the terminal: the heading, the counts, the prompt


class RunStatus:
    """One line a change; on a terminal a table that changes in place.

    Args:
        plans: Every run of the comparison.
    """

    def __init__(self, plans: Sequence[Plan]):
        self.plans = plans
        self.by_path = {plan.path: plan for plan in reversed(plans)}  # The first of twins.
        self.states = {plan.path: self._state(plan) for plan in plans}
        self.begun = time.monotonic()
        self.made = 0
        self.console = Console(stderr=True, highlight=False)
        self.live: Live | None = None

    @staticmethod
    def _state(plan: Plan) -> str:
        result = run_files.result(plan.run)
        return str(result["status"]) if result else "waiting"

    def __enter__(self) -> "RunStatus":
        if sys.stderr.isatty():
            self.live = Live(self, console=self.console, refresh_per_second=2)
            self.live.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        if self.live:
            self.live.__exit__(None, None, None)

    def started(self, path: Path) -> None:
        """A run's process has started."""
        self._set(path, "running")

    def ended(self, path: Path, state: str) -> None:
        """A run is done, diverged, failed, or waiting again because it was stopped."""
        self.made += 1
        self._set(path, state)

    def _set(self, path: Path, state: str) -> None:
        self.states[path] = state
        if self.live is None:
            plan = self.by_path[path]
            self.console.print(
                f"{state:<8} {plan.cell.name} seed {plan.seed}   {self.summary()}",
                markup=False,
                soft_wrap=True,
            )

    def summary(self) -> str:
        """Counts of runs by state, and the ETA."""
        states = list(self.states.values())
        counts = [f"{states.count(s)} {s}" for s in SIGNS if states.count(s)]
        left = states.count("waiting") + states.count("running")
        if self.made and left:
            each = (time.monotonic() - self.begun) / self.made
            counts.append(f"ETA {duration(each * left)}")
        return ", ".join(counts)

    def __rich__(self) -> Group:
        table = Table(box=None, padding=(0, 1))
        table.add_column("cell")
        seeds = sorted({plan.seed for plan in self.plans})
        for seed in seeds:
            table.add_column(str(seed), justify="center")
        shown, hidden = self._rows()
        for cell, paths in shown.items():
            signs = [SIGNS.get(self.states[paths[seed]], ("?", "")) for seed in seeds]
            table.add_row(Text(cell), *(Text(sign, style=style) for sign, style in signs))
        more = f"{hidden:,} more cells; " if hidden else ""
        return Group(table, Text(more + self.summary(), style="dim"))

    def _rows(self) -> tuple[dict[str, dict[int, Path]], int]:
        """Folders of runs by cell and seed, and how many cells find no room on the terminal.

        Cells that are under way come first where not all have room.
        """
        cells: dict[str, dict[int, Path]] = {}
        for plan in self.plans:
            cells.setdefault(plan.cell.name, {})[plan.seed] = plan.path
        room = max(1, self.console.height - SPARE_LINES)
        if len(cells) <= room:
            return cells, 0

        def rank(cell: str) -> int:
            return min(ORDER.index(self.states[path]) for path in cells[cell].values())

        first = set(sorted(cells, key=rank)[:room])
        return {cell: cells[cell] for cell in cells if cell in first}, len(cells) - room

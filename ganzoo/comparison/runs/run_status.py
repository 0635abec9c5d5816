"""Which runs are waiting, under way, done or failed, for a person."""

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from ganzoo.comparison.runs import run_files
from ganzoo.comparison.runs.plan import Plan
from ganzoo.notebook import can_draw_over
from ganzoo.training.text import duration

SIGNS = {
    "waiting": ("·", "dim"),
    "running": ("▶", "cyan"),
    "done": ("✓", "green"),
    "failed": ("✗", "red"),
    "diverged": ("∞", "red"),
}
ORDER = ("running", "failed", "waiting", "diverged", "done")  # in which cells find room
SPARE_LINES = 4  # of the terminal: the heading, the counts, the prompt


class RunStatus:
    """One line a change of `plans`; on a terminal a table that changes in place."""

    def __init__(self, plans: Sequence[Plan]):
        self.by_path = {plan.path: plan for plan in reversed(plans)}  # The first of twins.
        self.states: dict[Path, str] = {}
        self.cells: dict[str, dict[int, Path]] = {}  # Folders by cell and seed.
        for plan in plans:
            result = run_files.result(plan.run)
            self.states[plan.path] = result["status"] if result else "waiting"
            self.cells.setdefault(plan.cell.name, {})[plan.seed] = plan.path
        self.begun = time.monotonic()
        self.made = 0
        self.console = Console(stderr=True, highlight=False)
        self.live = Live(self, console=self.console, refresh_per_second=2)

    def __enter__(self) -> "RunStatus":
        if can_draw_over():
            self.live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.live.stop()

    def started(self, path: Path) -> None:
        """A run's process has started."""
        self._set(path, "running")

    def ended(self, path: Path, state: str) -> None:
        """A run is done, diverged, failed, or waiting again because it was stopped."""
        self.made += 1
        self._set(path, state)

    def _set(self, path: Path, state: str) -> None:
        self.states[path] = state
        if not self.live.is_started:
            plan = self.by_path[path]
            line = f"{state:<8} {plan.cell.name} seed {plan.seed}   {self.summary()}"
            self.console.print(line, markup=False, soft_wrap=True)

    def summary(self) -> str:
        """Counts of runs by state, and the ETA."""
        count = Counter(self.states.values())
        said = [f"{count[state]} {state}" for state in SIGNS if count[state]]
        left = count["waiting"] + count["running"]
        if self.made and left:
            each = (time.monotonic() - self.begun) / self.made
            said.append(f"ETA {duration(each * left)}")
        return ", ".join(said)

    def __rich__(self) -> Group:
        """Cells that are under way come first where not all have room on the terminal."""

        def rank(cell: str) -> int:
            return min(ORDER.index(self.states[path]) for path in self.cells[cell].values())

        room = max(1, self.console.height - SPARE_LINES)
        first = set(sorted(self.cells, key=rank)[:room])
        seeds = sorted({seed for paths in self.cells.values() for seed in paths})
        table = Table("cell", box=None, padding=(0, 1))
        for seed in seeds:
            table.add_column(str(seed), justify="center")
        for cell, paths in self.cells.items():
            if cell in first:
                signs = [SIGNS[self.states[paths[seed]]] for seed in seeds]
                table.add_row(Text(cell), *(Text(sign, style=style) for sign, style in signs))
        hidden = len(self.cells) - len(first)
        more = f"{hidden:,} more cells; " if hidden else ""
        return Group(table, Text(more + self.summary(), style="dim"))

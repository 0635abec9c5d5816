"""The table of runs while they are made."""

import pytest
from rich.console import Console

from ganzoo.comparison.runs.grid import Cell
from ganzoo.comparison.runs.plan import Plan
from ganzoo.comparison.runs.run_status import RunStatus


@pytest.fixture
def status(tmp_path):
    cells = [Cell(f"cell {n}", {}) for n in range(30)]
    plans = [Plan(c, 0, c.name, tmp_path / c.name, {}, 0.0, 0.0, 0, {}) for c in cells]
    made = RunStatus(plans)
    made.console = Console(width=80, height=10)
    return made


def shown(status):
    with status.console.capture() as text:
        status.console.print(status)
    return text.get().splitlines()


def test_more_cells_than_lines_show_what_is_under_way(status, tmp_path):
    status.ended(tmp_path / "cell 3", "done")
    status.ended(tmp_path / "cell 2", "failed")
    status.started(tmp_path / "cell 20")
    lines = shown(status)
    assert [line.split()[:2] for line in lines[1:-1]] == [
        ["cell", str(n)] for n in (0, 1, 2, 4, 5, 20)
    ]
    assert (
        lines[-1].strip().startswith("24 more cells; 27 waiting, 1 running, 1 done, 1 failed")
    )
    status.console = Console(width=80, height=40)
    assert len(shown(status)) == 32

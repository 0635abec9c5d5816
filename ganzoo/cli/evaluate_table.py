"""The table of `ganzoo evaluate`: each figure beside that of real images, and what it means."""

from typing import Any

from rich import box
from rich.table import Table

from ganzoo.metrics.measures import MEASURES, OF_SAMPLES

ROOM = 20  # characters that meanings need: they stand in lines of this width, or not at all


def table(result: dict[str, Any], width: int) -> Table:
    """A table in which no figure is cut: meanings wrap, or are left out, where it is narrow.

    Args:
        result: What an `Evaluator` returns.
        width: Columns of the terminal.
    """
    rows = [_row(name, result) for name in MEASURES | OF_SAMPLES if result[name] is not None]
    figures = sum(max(len(row[i]) for row in rows) + 2 for i in range(3))
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    made.add_column("", no_wrap=True)
    made.add_column("value", justify="right", no_wrap=True, style="bold")
    made.add_column("real", justify="right", no_wrap=True)
    if width - figures >= ROOM:
        made.add_column("", style="dim")
    for row in rows:
        made.add_row(*row[: len(made.columns)])
    return made


def _row(name: str, result: dict[str, Any]) -> tuple[str, str, str, str]:
    measure = (MEASURES | OF_SAMPLES)[name]
    label = f"{measure.label} of {result['classes']}" if name == "modes" else measure.title
    own = measure.show_with(result[name], result.get(measure.deviation))
    real = measure.show_with(result["floor"][name], result["floor_deviation"][name])
    return label, own, real, measure.meaning

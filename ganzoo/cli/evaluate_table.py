"""The table of `ganzoo evaluate`: each figure beside that of real images, and what it means."""

from typing import Any

from rich import box
from rich.table import Table

from ganzoo.metrics.measures import MEASURES, OF_SAMPLES

LABEL = 17  # Characters of a label, at most, before it wraps.
ROOM = 20  # Characters that meanings need: they stand in lines of this width, or not at all


def table(result: dict[str, Any], width: int) -> Table:
    """A table in which no figure is cut: words wrap, or meanings are left out.

    Args:
        result: What an `Evaluator` returns.
        width: Columns of the terminal.
    """
    rows = [
        _row(name, result) for name in MEASURES | OF_SAMPLES if result.get(name) is not None
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    figures = min(widths[0], LABEL) + sum(widths[1:]) + 2 * len(widths)
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    made.add_column("", max_width=LABEL)
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

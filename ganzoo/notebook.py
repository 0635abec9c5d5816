"""Whether this is a notebook, and how it shows something below a cell."""

import os
import sys
from typing import Any


def notebook_display() -> Any:
    """IPython's function `display` in a notebook, else `None`."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if getattr(shell, "kernel", None) is None:  # Python, or IPython in a terminal.
        return None
    from IPython.display import display

    return display


def can_draw_over() -> bool:
    """Whether lines on standard error can be drawn over.

    Of a command that a notebook starts by `!` standard error is a terminal, but what it writes
    stays below the cell.
    """
    return sys.stderr.isatty() and "JPY_PARENT_PID" not in os.environ

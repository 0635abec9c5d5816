"""Whether this is a notebook, and how it shows something below a cell."""

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

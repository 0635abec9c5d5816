"""One process at a time."""

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Windows has no advisory locks of this kind; there, nothing is guarded.
fcntl: Any = None if os.name == "nt" else importlib.import_module("fcntl")


@contextmanager
def locked(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock file `path`; where another process holds it, call `waiting` and wait.

    The lock goes with the process that holds it, however that ends.
    """
    with path.open("w") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(file, fcntl.LOCK_EX)
        yield

"""One process at a time."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ganzoo.files.read import kind


@contextmanager
def locked(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock file `path`; where another process holds it, call `waiting` and wait.

    The lock goes with the process that holds it, however that ends. What the file holds stays
    as it is.

    Raises:
        OSError: If the file cannot be made, or is a link or anything else than a file.
    """
    from filelock import FileLock, Timeout  # Takes a while, and most commands lock nothing.

    if (other := kind(path)) not in (None, "a file"):
        raise OSError(errno.EEXIST, f"A lock is a file, and this is {other}", os.fspath(path))
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()

"""SIGTERM and Ctrl-C: a command ends in one word, and leaves nothing half-written."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Terminated(KeyboardInterrupt):
    """SIGTERM, raised wherever the program is, as Python does with Ctrl-C."""


@contextmanager
def terminable() -> Iterator[None]:
    """Within, the first SIGTERM raises `Terminated`; a second one ends the process at once.

    Without it SIGTERM ends the process before temporary files are removed.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        raise Terminated

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # Only a main thread may set handlers.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

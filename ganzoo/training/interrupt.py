"""SIGTERM and Ctrl-C: finish the step, save, stop."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

EXIT_CODES = {signal.SIGTERM: 143, signal.SIGINT: 130}


class Interrupt:
    """While active, remembers the first signal; a second one acts at once.

    Attributes:
        received: The signal's number, or `None`.
    """

    def __init__(self) -> None:
        self.received: int | None = None

    def __enter__(self) -> "Interrupt":
        # Only a main thread may set handlers; elsewhere signals keep their meaning.
        try:
            self._before = {s: signal.signal(s, self._note) for s in EXIT_CODES}
        except ValueError:
            self._before = {}
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.received = number
        signal.signal(number, self._before[signal.Signals(number)])


class Interrupted(Exception):
    """A run stopped by a signal after it saved its state.

    Attributes:
        exit_code: 143 for SIGTERM, 130 for Ctrl-C.
    """

    def __init__(self, number: int, message: str):
        super().__init__(message)
        self.exit_code = EXIT_CODES[signal.Signals(number)]


@contextmanager
def interrupted(message: str) -> Iterator[None]:
    """While active, the first signal raises `Interrupted`; a second one acts at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(number, before[signal.Signals(number)])
        raise Interrupted(number, message)

    before = {s: signal.getsignal(s) for s in EXIT_CODES}
    try:
        for number in EXIT_CODES:
            signal.signal(number, stop)
    except ValueError:  # Not a main thread, where signals keep their meaning.
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

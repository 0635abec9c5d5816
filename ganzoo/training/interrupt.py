"""SIGTERM and Ctrl-C: finish the step, save, stop."""

import signal
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
    """A signal stopped the work, which is saved and can go on.

    Attributes:
        exit_code: 143 for SIGTERM, 130 for Ctrl-C.
    """

    def __init__(self, number: int, message: str):
        super().__init__(message)
        self.exit_code = EXIT_CODES[signal.Signals(number)]


class RaisingInterrupt(Interrupt):
    """An `Interrupt` whose first signal raises `Interrupted` wherever the program is.

    Args:
        message: What `Interrupted` says.
    """

    def __init__(self, message: str):
        super().__init__()
        self.message = message

    def _note(self, number: int, frame: FrameType | None) -> None:
        super()._note(number, frame)
        raise Interrupted(number, self.message)

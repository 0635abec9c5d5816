"""Converters and runtimes without their chatter."""

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator

from ganzoo.start import quiet


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Within, no log, no warning and nothing of native code reaches the terminal.

    What goes wrong is an exception; it has its own line.
    """
    before = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        with (
            quiet(replay=False),
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)

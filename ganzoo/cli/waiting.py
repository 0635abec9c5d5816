"""Something to see on a terminal while a command works."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from ganzoo import start


def waiting(text: str) -> AbstractContextManager[None]:
    """A spinner beside `text` on a terminal; elsewhere nothing."""
    from ganzoo.training.progress import progress  # Rich: `--help` need not wait for it.

    return progress().waiting(text)


def counting(text: str, total: int) -> AbstractContextManager[Callable[[int], None]]:
    """A bar of `total` parts; call what it gives with how many more are done."""
    from ganzoo.training.progress import progress

    return progress().counting(text, total)


def start_backend(name: str | None) -> None:
    """Import Keras under a spinner, see `ganzoo.start.start_backend`: it takes some seconds."""
    with waiting("Loading Keras"):
        start.start_backend(name)

"""Options that several commands share."""

import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ganzoo.errors import InputError

BACKENDS = ("tensorflow", "jax", "torch")

backend_option = click.option(
    "--backend",
    type=click.Choice(BACKENDS),
    help="Framework that does the arithmetic. [default: KERAS_BACKEND, else tensorflow]",
)

precision_option = click.option(
    "--precision",
    type=click.Choice(["auto", "float32", "bfloat16"]),
    help="What layers compute in; auto: what is faster here. Weights, losses and what is "
    "penalised stay float32. [default: the preset's]",
)


def start_backend(name: str | None) -> None:
    """Choose the backend and import Keras, without the chatter of its imports.

    Raises:
        InputError: If the backend is not installed.
    """
    name = name or os.environ.get("KERAS_BACKEND")
    if name is not None:
        if name in BACKENDS and importlib.util.find_spec(name) is None:
            raise InputError(
                f"The backend {name!r} is not installed. Run: pip install 'ganzoo[{name}]'"
            )
        os.environ["KERAS_BACKEND"] = name
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _quiet():
        try:
            import ganzoo.backend  # noqa: F401
        except ImportError as error:
            raise InputError(str(error)) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Hold back what native libraries write to standard error, unless it goes wrong."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)

"""Keras on the backend that was asked for, soon and without chatter."""

import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from ganzoo.backend_choice import choose_backend
from ganzoo.errors import InputError

# What Keras and TensorFlow import if it is installed, though no command needs it.
SPARED = ("tensorflow", "jax", "matplotlib", "pandas", "sklearn")


def start_backend(name: str | None) -> None:
    """Import Keras on the backend `name`, or on the one that `choose_backend` finds.

    Raises:
        InputError: If the backend is not installed, or is none of those that ganzoo knows.
    """
    name = choose_backend(name)
    os.environ["KERAS_BACKEND"] = name
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet():
        try:
            with _spare(set(SPARED) - {name}):
                import keras

                # Keras looks for TensorFlow on every backend, once: when something, here
                # anything, is first serialized.
                keras.dtype_policies.serialize(keras.dtype_policies.get("float32"))
            importlib.import_module("ganzoo.backend")
        except (ImportError, ValueError) as error:  # Keras knows no such backend.
            raise InputError(str(error)) from error


@contextmanager
def _spare(packages: set[str]) -> Iterator[None]:
    """Within, packages that are not imported yet look as if they were not installed.

    They take as long as all the rest of Keras. Afterwards anyone may import them.
    """
    spared = packages - sys.modules.keys()
    # Python's own way of saying that there is none, which its type stubs leave out. A finder
    # that refuses would also stop those who only ask whether a package is there.
    sys.modules |= dict.fromkeys(spared)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for package in spared:
            del sys.modules[package]


@contextmanager
def quiet(replay: bool = True) -> Iterator[None]:
    """Hold back what native libraries write to standard error.

    Args:
        replay: Whether it is written after all where an exception is raised.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(kept, held.read() if replay else b"")
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)

"""Keras on the backend that was asked for, soon and without chatter."""

import importlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from ganzoo.errors import InputError

BACKENDS = ("tensorflow", "jax", "torch")
# What Keras and TensorFlow import if it is installed, though no command needs it.
SPARED = ("tensorflow", "jax", "matplotlib", "pandas", "sklearn")


def start_backend(name: str | None) -> None:
    """Choose the backend and import Keras.

    Raises:
        InputError: If the backend is not installed, or is none of `BACKENDS`.
    """
    name = name or os.environ.get("KERAS_BACKEND")
    if name is not None:
        if name not in BACKENDS:
            raise InputError(
                f"ganzoo trains on {', '.join(BACKENDS)}, not on {name!r}. Set KERAS_BACKEND "
                "to one of these, or give --backend."
            )
        if importlib.util.find_spec(name) is None:
            raise InputError(
                f"The backend {name!r} is not installed. Run: pip install 'ganzoo[{name}]'"
            )
        os.environ["KERAS_BACKEND"] = name
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    wanted = BACKENDS if name is None else (name,)  # Without a name, Keras decides.
    with _quiet():
        try:
            with _spare(set(SPARED).difference(wanted)):
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

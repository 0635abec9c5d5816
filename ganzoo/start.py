"""Keras on the backend that was asked for, soon and without chatter."""

import importlib
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ganzoo.errors import InputError

BACKENDS = ("tensorflow", "jax", "torch")
# What Keras and TensorFlow import if it is installed, though no command needs it.
SPARED = ("tensorflow", "jax", "matplotlib", "pandas", "sklearn")


def start_backend(name: str | None) -> None:
    """Import Keras on the backend `name`, or on the one that `choose_backend` finds.

    Raises:
        InputError: If the backend is not installed, or is none of `BACKENDS`.
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


def choose_backend(name: str | None) -> str:
    """The backend to train on; nothing is imported to find it.

    Args:
        name: The one that a person asked for. `None`: that of `KERAS_BACKEND`, else that of
            Keras's own settings, else the first of `BACKENDS` that is installed.

    Raises:
        InputError: If it is not installed, or is none of `BACKENDS`.
    """
    if asked := name or os.environ.get("KERAS_BACKEND"):
        _check_known(asked, "Set KERAS_BACKEND to one of these, or give --backend.")
        if not is_installed(asked):
            raise InputError(
                f"The backend {asked!r} is not installed. Run: pip install 'ganzoo[{asked}]'"
            )
        return asked
    installed = [backend for backend in BACKENDS if is_installed(backend)]
    if not installed:
        raise InputError("No backend is installed. Run: pip install tensorflow")
    preferred = keras_settings().get("backend", installed[0])
    _check_known(preferred, f"Change `backend` in {settings_file()}, or give --backend.")
    return preferred if preferred in installed else installed[0]


def _check_known(name: object, remedy: str) -> None:
    if name not in BACKENDS:
        raise InputError(f"ganzoo trains on {', '.join(BACKENDS)}, not on {name!r}. {remedy}")


def is_installed(package: str) -> bool:
    """Whether a package can be imported; it is not imported."""
    return importlib.util.find_spec(package) is not None


def settings_file() -> Path:
    """Where Keras keeps a person's settings; the file need not exist."""
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "keras.json"


def keras_settings() -> dict[str, object]:
    """A person's settings of Keras; none where the file is missing or no JSON, as for Keras.

    Raises:
        InputError: If the file holds something else than settings, at which Keras fails.
    """
    try:
        found = json.loads(settings_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):  # RuntimeError: a process without a home.
        return {}
    if not isinstance(found, dict):
        raise InputError(f"{settings_file()} holds no JSON object. Mend or remove it.")
    return found


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

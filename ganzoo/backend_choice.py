"""Which backend Keras is to run on; nothing is imported to find it."""

import importlib.util
import json
import os
from pathlib import Path

from ganzoo.errors import InputError

BACKENDS = ("tensorflow", "jax", "torch")


def choose_backend(name: str | None) -> str:
    """The backend to train on.

    Args:
        name: The backend that a person asked for. `None`: what `KERAS_BACKEND` names, else
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

"""A Keras model as a SavedModel, written by TensorFlow in a process of its own."""

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import keras

from ganzoo.errors import InputError

WRITE = """
import sys
import keras
import ganzoo.models
keras.models.load_model(sys.argv[1]).export(sys.argv[2], verbose=False)
"""


def export_by_tensorflow(network: keras.Model, path: str | Path) -> None:
    """Write `network` into the folder `path`, for backends from which Keras cannot.

    Args:
        network: A network that `keras.models.load_model` opens after `import ganzoo`.
        path: A folder.

    Raises:
        InputError: If TensorFlow is not installed, or does not write it.
    """
    if importlib.util.find_spec("tensorflow") is None:
        raise InputError("A SavedModel is written by TensorFlow. Run: pip install tensorflow")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network.keras"
        network.save(file)
        done = subprocess.run(
            [sys.executable, "-P", "-c", WRITE, str(file), str(path)],
            env=os.environ | {"KERAS_BACKEND": "tensorflow"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )
    if done.returncode:
        last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "")
        raise InputError(f"TensorFlow does not write it as a SavedModel: {last.strip()[:200]}")

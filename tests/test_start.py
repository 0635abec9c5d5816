"""A command imports its backend, and no package that Keras would only look at."""

import json
import os
import subprocess
import sys

import pytest

from ganzoo import backend

SCRIPT = """
import json, sys
from ganzoo.start import SPARED, start_backend

start_backend(NAME)
import keras

network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
keras.models.clone_model(network)
print(json.dumps([keras.backend.backend(), [name for name in SPARED if name in sys.modules]]))
import matplotlib.pyplot
"""
pytestmark = pytest.mark.backends


def start(name, **environment):
    """The backend, and what of SPARED was imported."""
    others = {key: value for key, value in os.environ.items() if key != "KERAS_BACKEND"}
    script = SCRIPT.replace("NAME", repr(name))
    process = subprocess.run(
        [sys.executable, "-c", script],
        env=others | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def test_nothing_else_is_imported_and_can_be_later():
    expected = [backend.name] if backend.name != "torch" else []
    assert start(backend.name) == [backend.name, expected]


def test_without_a_name_the_choice_is_that_of_keras(tmp_path):
    (tmp_path / "keras.json").write_text(json.dumps({"backend": backend.name}))
    name, imported = start(None, KERAS_HOME=str(tmp_path))
    assert name == backend.name and not {"matplotlib", "pandas", "sklearn"} & set(imported)

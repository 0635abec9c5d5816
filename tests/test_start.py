"""A command imports its backend, and no package that Keras would only look at."""

import json
import os
import subprocess
import sys

import pytest

from ganzoo import backend, backend_choice
from ganzoo.errors import InputError

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


@pytest.mark.backends("tensorflow", "jax", "torch")
def test_nothing_else_is_imported_and_can_be_later():
    expected = [backend.name] if backend.name != "torch" else []
    assert start(backend.name) == [backend.name, expected]


def test_without_a_name_the_choice_is_that_of_keras(tmp_path):
    (tmp_path / "keras.json").write_text(json.dumps({"backend": backend.name}))
    name, imported = start(None, KERAS_HOME=str(tmp_path))
    assert name == backend.name and not {"matplotlib", "pandas", "sklearn"} & set(imported)


# Which backend, where nothing or something odd is asked for.


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Keras's settings file of a person, to be written; KERAS_BACKEND is not set."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    return tmp_path / "keras.json"


@pytest.mark.parametrize(
    ("text", "installed", "expected"),
    [
        (None, {"tensorflow", "jax", "torch"}, "tensorflow"),
        (None, {"jax", "torch"}, "jax"),
        ('{"backend": "torch"}', {"tensorflow", "torch"}, "torch"),
        ('{"backend": "tensorflow"}', {"torch"}, "torch"),  # As Keras itself writes it.
        ('{"floatx": "float32"}', {"jax"}, "jax"),
        ('{"backend": ', {"jax"}, "jax"),  # Keras takes a broken file for none, too.
    ],
)
def test_what_is_installed_is_used(settings, text, installed, expected, monkeypatch):
    monkeypatch.setattr(backend_choice, "is_installed", installed.__contains__)
    if text is not None:
        settings.write_text(text)
    assert backend_choice.choose_backend(None) == expected


def test_settings_of_an_old_keras_are_named(settings):
    settings.write_text('{"backend": "theano"}')
    with pytest.raises(InputError, match=f"not on 'theano'. Change `backend` in {settings}"):
        backend_choice.choose_backend(None)
    settings.write_text("[]")
    with pytest.raises(InputError, match="holds no JSON object"):
        backend_choice.choose_backend(None)


def test_without_any_backend_there_is_a_way_out(settings, monkeypatch):
    monkeypatch.setattr(backend_choice, "is_installed", lambda name: False)
    with pytest.raises(InputError, match="pip install tensorflow"):
        backend_choice.choose_backend(None)
    with pytest.raises(InputError, match=r"pip install 'ganzoo\[jax\]'"):
        backend_choice.choose_backend("jax")

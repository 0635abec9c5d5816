"""`import ganzoo` is enough for Keras to find ganzoo's classes, and does not import Keras."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import keras
import pytest

import ganzoo
from ganzoo import architectures, losses
from ganzoo.registration import Deferred, classes, register

FOLDERS = {
    "ganzoo": ganzoo.__path__,
    "ganzoo.losses": losses.__path__,
    "ganzoo.architectures": architectures.__path__,
}
DECORATED = re.compile(r'register_keras_serializable\("ganzoo"\)\nclass (\w+)')


def test_every_class_with_the_decorator_is_listed():
    found = {}
    for package, folders in FOLDERS.items():
        for path in Path(folders[0]).rglob("*.py"):
            inner = ".".join((package, *path.relative_to(folders[0]).with_suffix("").parts))
            if names := DECORATED.findall(path.read_text(encoding="utf-8")):
                found[inner] = tuple(sorted(names))
    assert {module: tuple(sorted(names)) for module, names in classes().items()} == found


def test_a_deferred_class_is_the_class_that_its_module_registers():
    for module, names in classes().items():
        for name in names:
            cls = Deferred(module, name).load()
            assert keras.saving.get_registered_object(f"ganzoo>{name}") is cls
            assert cls is getattr(importlib.import_module(module), name)


def test_registering_again_replaces_no_class():  # As where Keras is imported first.
    before = keras.saving.get_custom_objects()["ganzoo>Hinge"] = losses.Hinge
    register()
    assert keras.saving.get_custom_objects()["ganzoo>Hinge"] is before


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    """A file of a generator with layers of ganzoo."""
    path = tmp_path_factory.mktemp("model") / "generator.keras"
    architecture = architectures.get("progressive-dcgan:base=8,width=4,latent_size=8")
    architecture(ganzoo.Stage(16, 1, fade=0.5))[0].save(path)
    return path


@pytest.mark.parametrize(
    "imports",
    [
        # Somebody may ask whether Keras is there before it is imported.
        "import ganzoo; importlib.util.find_spec('keras'); assert 'keras' not in sys.modules",
        # A module of ganzoo that imports Keras halfway.
        pytest.param("from ganzoo.joint_batch import by_batch", marks=pytest.mark.thorough),
    ],
)
def test_import_ganzoo_is_enough_to_load_a_generator(imports, generator):
    script = f"""
import importlib.util, sys
{imports}
import keras
before = {{name for name in sys.modules if name.startswith("ganzoo.architectures.")}}
loaded = keras.models.load_model({str(generator)!r})
print(before, loaded(keras.ops.zeros((1, 8))).shape)
"""
    process = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert process.stdout.split()[:1] == ["set()"]
    assert "16, 16, 1" in process.stdout

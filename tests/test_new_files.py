"""A new variant is one new file, and its values in one test: no other test fails by it.

A variant of each kind, most of them twins of what is there, is put into a copy of the project,
whose tests of all variants then run.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COPIED = ("ganzoo", "losses", "architectures", "tests", "docs", "pyproject.toml")
TWINS = {  # The new file, the file that it is a copy of, and names that are others in it.
    "losses/new_loss.py": ("losses/hinge.py", {"Hinge": "NewLoss"}),
    "losses/penalties/new_penalty.py": ("losses/penalties/drift.py", {"Drift": "NewPenalty"}),
    "losses/penalties/new_noise.py": (
        "losses/penalties/instance_noise.py",
        {"InstanceNoise": "NewNoise"},
    ),
    "architectures/new_net.py": ("architectures/mlp.py", {"MLP": "NewNet"}),
    "ganzoo/conditions/new_condition.py": (
        "ganzoo/conditions/labels.py",
        {"Labels": "NewCondition"},
    ),
    "ganzoo/conditions/discriminators/new_way.py": (
        "ganzoo/conditions/discriminators/concat.py",
        {"Concat": "NewWay"},
    ),
    "ganzoo/conditions/generators/new_way.py": (
        "ganzoo/conditions/generators/latent.py",
        {"Latent": "NewWayIn"},
    ),
    "ganzoo/augmentations/new_change.py": (
        "ganzoo/augmentations/diffaugment.py",
        {"DiffAugment": "NewChange"},
    ),
    "ganzoo/data/sources/new_set.py": ("ganzoo/data/sources/unown.py", {"Unown(": "NewSet("}),
    "ganzoo/export/formats/new_format.py": (
        "ganzoo/export/formats/keras.py",
        {"KerasFile": "NewFormat", '".keras"': '".new"'},
    ),
}
MODEL = '''import keras
from keras import ops

from ganzoo.models.generative_model import GenerativeModel


@keras.saving.register_keras_serializable("ganzoo")
class NewModel(GenerativeModel):
    """An autoencoder."""

    roles = ("encoder", "generator")

    def __init__(self, encoder, generator, **options):
        networks = {"encoder": encoder, "generator": generator}
        super().__init__(networks, terms=("error",), **options)

    def update(self, images):
        def error():
            codes = self.encoder(images, training=True)[:, : self.latent_size]
            error = ops.mean(ops.square(self.generator(codes, training=True) - images))
            return error, {"error": error}

        return ops.shape(images)[0], self.minimise(error, *self.roles)
'''
VALUES = """from keras import ops

from ganzoo import losses
from ganzoo.losses import penalties


def test_new_loss():
    assert float(losses.get("new-loss").generator(2 * ops.ones((2, 1)))) == -2


def test_new_penalty():
    critic = lambda images: 3 * images
    assert float(penalties.get("new-penalty:weight=2")(critic, ops.ones(2), None, None)) == 18


def test_new_noise():
    assert penalties.get("new-noise").players == ()
"""
IN_FULL = (
    "test_registry.py",
    "test_public_names.py",
    "test_registration.py",
    "test_trust.py",
    "export/test_formats.py",
    "cli/test_help.py",
    "cli/test_data_command.py",
    "training/test_recommendations.py",
)
OF_ALL_VARIANTS = (
    "test_variants.py",
    "losses",
    "conditions/test_networks.py",
    "architectures/test_contract.py",
    "training/test_counted_flops.py",
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for name in COPIED:
        source, ignored = ROOT / name, shutil.ignore_patterns("__pycache__", ".*")
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    for new, (twin, names) in TWINS.items():
        text = (folder / twin).read_text(encoding="utf-8")
        for old, name in names.items():
            assert old in text, twin
            text = text.replace(old, name)
        (folder / new).write_text(text, encoding="utf-8")
    (folder / "ganzoo/models/new_model.py").write_text(MODEL)
    (folder / "tests/losses/test_new.py").write_text(VALUES)
    return folder


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("backend", "tests", "chosen"),
    [("tensorflow", IN_FULL, ""), ("torch", OF_ALL_VARIANTS, "new")],
)
def test_no_test_of_all_variants_fails(copy, tmp_path, backend, tests, chosen):
    paths = [str(copy / "tests" / name) for name in tests]
    options = ["-v", "--all", "-c", str(copy / "pyproject.toml"), "--rootdir", str(copy)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *paths, *(["-k", chosen] if chosen else [])],
        cwd=tmp_path,
        env=os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "passed" in done.stdout.splitlines()[-1]

"""Only `ganzoo.backend` knows which framework runs, and all three give the same weights."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
FRAMEWORKS = {"tensorflow", "jax", "torch"}
SOURCES = [  # Not benchmarks: they may measure against packages of one framework.
    path
    for folder in ("ganzoo", "losses", "architectures", "examples")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if ROOT / "ganzoo" / "backend" not in path.parents
]


def frameworks_named(source):
    """Frameworks that Python source imports, or reads attributes of."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names = ["tensorflow" if node.value.id == "tf" else node.value.id]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            names = [a.value for a in node.args if isinstance(a, ast.Constant)]
        found |= {str(name).partition(".")[0] for name in names} & FRAMEWORKS
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import tensorflow as tf",
        "from jax import numpy",
        "import torch.nn",
        "def f():\n    import jax",
        "x = torch.zeros(3)",
        "y = tf.constant(1)",
        "importlib.import_module('torch.nn')",
    ],
)
def test_the_search_finds_a_framework_in_code(source):
    assert frameworks_named(source)


@pytest.mark.parametrize("source", ["CHOICES = ['jax', 'torch']", "from ganzoo import backend"])
def test_the_search_leaves_texts_alone(source):
    assert not frameworks_named(source)


def test_no_code_outside_the_backend_names_a_framework():
    assert len(SOURCES) > 30
    named = {str(path): frameworks_named(path.read_text("utf-8")) for path in SOURCES}
    assert {path: names for path, names in named.items() if names} == {}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The arrays of `parity.py`, by backend."""
    folder = tmp_path_factory.mktemp("parity")
    results = {}
    for backend in sorted(FRAMEWORKS):
        out = folder / f"{backend}.npz"
        process = subprocess.run(
            [sys.executable, str(ROOT / "tests" / "parity.py"), str(out)],
            env=os.environ | {"KERAS_BACKEND": backend},
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stderr
        with np.load(out) as arrays:
            results[backend] = dict(arrays)
    return results


# Adam divides by the size of the gradient: where that is small, so are fewer digits right.
@pytest.mark.parametrize(("optimizer", "tolerance"), [("sgd", 2e-6), ("adam", 2e-5)])
def test_five_steps_give_the_same_weights_on_all_backends(played, optimizer, tolerance):
    names = [name for name in played["jax"] if name.startswith(f"{optimizer}/after/")]
    assert {name.split("/")[2] for name in names} == {"g", "d", "ema"}
    for name in names:
        before = played["jax"][name.replace("after", "before")]
        arrays = [played[backend][name] for backend in sorted(FRAMEWORKS)]
        for array in arrays[1:]:
            np.testing.assert_allclose(array, arrays[0], rtol=0, atol=tolerance, err_msg=name)
        if name.endswith("kernel"):
            assert np.abs(arrays[0] - before).max() > 100 * tolerance, name

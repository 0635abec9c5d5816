"""Only `ganzoo.backend` knows which framework runs, and all three give the same weights."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from ganzoo import architectures, backend
from ganzoo.models.gan import GANModel
from ganzoo.schedule import Stage

ROOT = Path(__file__).parents[1]
FRAMEWORKS = {"tensorflow", "jax", "torch"}
# A format of a file may be a framework's own. Benchmarks measure against packages of any.
ELSEWHERE = (ROOT / "ganzoo" / "backend", ROOT / "ganzoo" / "export" / "formats")
SOURCES = [
    path
    for folder in ("ganzoo", "losses", "architectures", "examples")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not set(ELSEWHERE) & set(path.parents)
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
    for name in sorted(FRAMEWORKS):
        out = folder / f"{name}.npz"
        process = subprocess.run(
            [sys.executable, str(ROOT / "tests" / "parity.py"), str(out)],
            env=os.environ | {"KERAS_BACKEND": name},
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stderr
        with np.load(out) as arrays:
            results[name] = dict(arrays)
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


@pytest.fixture
def optimized():
    """JAX compiles as it does by itself, whatever `run.py` asks of it."""
    import jax

    name = "jax_disable_most_optimizations"
    before = jax.config.read(name)
    jax.config.update(name, False)
    yield
    jax.config.update(name, before)


@pytest.mark.backends("jax")
@pytest.mark.skipif(backend.name != "jax", reason="of JAX")
@pytest.mark.usefixtures("optimized")
def test_jax_computes_on_a_gpu_as_it_does_on_a_cpu(monkeypatch):
    """Plain convolutions and a loop on the device, against products and steps one by one."""
    rows = np.random.default_rng(2).integers(0, 10, (3, 4)).astype("int32")
    images = np.random.default_rng(3).integers(0, 256, (10, 8, 8, 1)).astype("uint8")
    ends = []
    for kind in ("cpu", "gpu"):
        monkeypatch.setattr("jax.default_backend", lambda kind=kind: kind)
        architecture = architectures.get("progressive-dcgan:base=8,width=4,latent_size=4")
        generator, discriminator, _ = architecture(Stage(8, 1))
        model = GANModel(generator, discriminator, "hinge", penalties=["r1:gamma=1"])
        model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
        before = end_of(model)
        backend.repeat(model, images, 8)(rows)
        ends.append(end_of(model))
    assert max(np.abs(ends[0][name] - before[name]).max() for name in before) > 1e-3
    for name, cpu in ends[0].items():
        np.testing.assert_allclose(cpu, ends[1][name], rtol=0, atol=1e-6, err_msg=name)


def end_of(model):
    """The state of a model by name, its figures as the means that a user reads."""
    sums = [variable.path for variable in model.figures.variables]
    state = {
        name: np.array(variable.value)
        for name, variable in model.named_variables().items()
        if name.removeprefix("metrics/") not in sums
    }
    return state | {name: np.array(mean) for name, mean in model.figures.result().items()}

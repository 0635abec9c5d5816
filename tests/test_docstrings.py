"""The example in each public class's docstring runs as it stands."""

import doctest
import importlib
import inspect
import math
import re
import textwrap

import keras
import numpy as np
import pytest
from keras import ops
from keras.optimizers import Adam

import ganzoo
from ganzoo.passes import Passes
from ganzoo.training.run import Run

BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
MEASURING = ("ganzoo.callbacks:Measures", "ganzoo.metrics:Evaluator")  # Fit a feature network.
CLASSES = (
    "ganzoo:Fade",
    "ganzoo:GANModel",
    "ganzoo:GenerativeModel",
    "ganzoo:Schedule",
    "ganzoo:Stage",
    "ganzoo:Trainer",
    "ganzoo.architectures:Architecture",
    "ganzoo.callbacks:LossPlot",
    "ganzoo.callbacks:Measures",
    "ganzoo.callbacks:SampleSheet",
    "ganzoo.conditions:Labels",
    "ganzoo.data:ImageSet",
    "ganzoo.data:Source",
    "ganzoo.loaded_run:LoadedRun",
    "ganzoo.losses:Loss",
    "ganzoo.losses.penalties:Penalty",
    "ganzoo.metrics:Evaluator",
    "ganzoo.models:CycleGANModel",
)


def named(path):
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)


@pytest.fixture
def names(tmp_path, monkeypatch):
    """What examples take for granted: modules, small networks, a compiled model, images."""
    monkeypatch.chdir(tmp_path)
    networks = ganzoo.architectures.get("progressive-dcgan:width=4,base=14")
    generator, discriminator, _ = networks(ganzoo.Stage(14, kimg=1))
    model = ganzoo.GANModel(generator, discriminator)
    model.compile(Adam(1e-3), Adam(1e-3))
    rng = np.random.default_rng(0)
    return {
        **{"ganzoo": ganzoo, "keras": keras, "np": np, "ops": ops, "math": math},
        **{"Adam": Adam, "Passes": Passes, "Run": Run},
        **{"generator": generator, "discriminator": discriminator, "model": model},
        "GANModel": ganzoo.GANModel,
        "images": rng.integers(0, 256, (32, 14, 14, 1), np.uint8),
        "labels": rng.integers(0, 10, 32).astype(np.int32),
        "latents": rng.standard_normal((4, generator.input_shape[-1])).astype(np.float32),
    }


def run(cls, names):
    """Run a class's example."""
    text = inspect.getdoc(cls)
    blocks = BLOCK.findall(text)
    names = vars(importlib.import_module(cls.__module__)) | names
    for block in blocks:
        exec(textwrap.dedent(block), names)
    tests = doctest.DocTestParser().get_doctest(text, names, cls.__name__, None, None)
    said = []
    doctest.DocTestRunner().run(tests, out=said.append)
    assert not said, "".join(said)
    assert blocks or tests.examples, f"{cls.__name__} has no example."


@pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=pytest.mark.thorough if p in MEASURING else ()) for p in CLASSES],
)
def test_the_example_of_a_class_runs(path, names, request):
    if path == "ganzoo.loaded_run:LoadedRun":
        run(ganzoo.Trainer, dict(names))  # Makes the run that is opened.
    run(named(path), names)


def test_each_public_class_is_among_them():
    public = {f"ganzoo:{n}" for n in ganzoo.__all__ if inspect.isclass(getattr(ganzoo, n))}
    assert public <= set(CLASSES)

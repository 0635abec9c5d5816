"""One step of every kind of model gives the same weights on the three backends."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ganzoo import models

BACKENDS = ("tensorflow", "jax", "torch")


@pytest.fixture(scope="module")
def stepped(tmp_path_factory):
    """The arrays of `parity.py`, by backend."""
    folder, results = tmp_path_factory.mktemp("parity"), {}
    for name in BACKENDS:
        out = folder / f"{name}.npz"
        process = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("parity.py")), str(out)],
            env=os.environ | {"KERAS_BACKEND": name},
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert process.returncode == 0, process.stderr
        with np.load(out) as arrays:
            results[name] = dict(arrays)
    return results


@pytest.mark.thorough
@pytest.mark.parametrize("model", [entry.name for entry in models.registry.usable()])
def test_one_step_is_the_same_on_all_backends(stepped, model):
    keys = [key for key in stepped["jax"] if key.startswith(f"{model}/after/")]
    assert keys
    moved = 0.0
    for key in keys:
        before = stepped["jax"][key.replace("/after/", "/before/")]
        for backend in BACKENDS[:1] + BACKENDS[2:]:
            np.testing.assert_allclose(
                stepped[backend][key], stepped["jax"][key], rtol=0, atol=1e-5, err_msg=key
            )
        moved = max(moved, np.abs(stepped["jax"][key] - before).max())
    assert moved > 5e-5  # Far above what may differ.

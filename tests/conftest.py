"""What every test file shares: the backend, and a gradient on each of the three."""

import contextlib
import os

import pytest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Networks this small gain nothing from threads, and PyTorch's wait for each other actively:
# beside another busy process a step took 30 times as long.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def differentiate():
    """`differentiate(fn, variables)`: the value of `fn()` and its gradients, in NumPy."""
    import keras

    from ganzoo import backend

    def run(fn, variables):
        scope = contextlib.nullcontext()
        if backend.name == "jax":
            scope = keras.StatelessScope([(v, v.value) for v in variables])
        with scope:
            value, _, gradients = backend.value_and_grad(
                lambda: (fn(), {}), variables, variables
            )
        to_numpy = keras.ops.convert_to_numpy
        return float(to_numpy(value)), [to_numpy(gradient) for gradient in gradients]

    return run

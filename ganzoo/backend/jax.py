"""JAX: variables are values that go in and come out of a pure function."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import keras
import numpy as np

version = jax.__version__


def _run_stateless(variables, values, step):
    """`step()` with `variables` at `values`: its result and the values after it."""
    with keras.StatelessScope(list(zip(variables, values, strict=True))) as scope:
        result = step()
    return result, [scope.get_current_value(v) for v in variables]


def share_cores(cores):
    """XLA divides them itself."""


class Stepper:
    """`train_step` runs the step inside one `keras.StatelessScope`."""

    step: Callable[[Any], dict[str, Any]]
    trainable_variables: list[Any]
    non_trainable_variables: list[Any]
    metrics_variables: list[Any]
    optimizer: Any

    def train_step(self, state, data):
        groups = (
            self.trainable_variables,
            self.non_trainable_variables,
            self.optimizer.variables,
            self.metrics_variables,
        )
        variables = [v for group in groups for v in group]
        values = [value for part in state for value in part]
        logs, after = _run_stateless(variables, values, lambda: self.step(data))
        remaining = iter(after)
        return logs, tuple([next(remaining) for _ in group] for group in groups)


def value_and_grad(fn, variables, state):
    """`fn() -> (loss, logs)`; returns loss, logs, d loss / d variables.

    `state` lists every variable that `fn` may assign.
    """

    def pure(values):
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        loss, logs = fn()
        return loss, (logs, [v.value for v in state])

    values = [v.value for v in variables]
    (loss, (logs, after)), gradients = jax.value_and_grad(pure, has_aux=True)(values)
    # Tracers stayed in `state` while tracing; put back the values they stood for.
    for variable, value in zip(state, after, strict=True):
        variable.assign(value)
    return loss, logs, gradients


def input_gradient(fn, x):
    """d sum(fn(x)) / dx, shape as `x`; differentiable with respect to variables."""
    return jax.grad(lambda x: fn(x).sum())(x)


def repeat(model, images, most):
    """A function of `indices` [steps <= most, n]: `model.step(images[row])` for each row."""
    loop = _loop(model, most, lambda images, row: images[row])
    images = jax.numpy.asarray(images)
    return lambda indices: loop(images, indices)


def feed(model, shape, most):
    """A function of uint8 images [steps <= most, n, *shape]: `model.step(batch)` for each."""
    loop = _loop(model, most, lambda _, batch: batch)
    return lambda batches: loop(None, batches)


def _loop(model, most, batch):
    """A function of images and rows: `model.step(batch(images, row))` for each row."""
    variables = [*model.variables, *model.optimizer.variables, *model.metrics_variables]

    @functools.partial(jax.jit, donate_argnums=0)
    def loop(values, images, rows, steps):
        def body(i, values):
            def step():
                return model.step(batch(images, rows[i]))

            return _run_stateless(variables, values, step)[1]

        return jax.lax.fori_loop(0, steps, body, values)

    def run(images, rows):
        # The same compiled code runs any number of steps, so that results do not
        # depend on how the steps are grouped.
        steps = len(rows)
        assert steps <= most
        if steps < most:
            rows = np.resize(rows, (most, *rows.shape[1:]))
        after = loop([v.value for v in variables], images, rows, steps)
        for variable, value in zip(variables, after, strict=True):
            variable.assign(value)

    return run


def device():
    """What runs the arithmetic, such as `"cpu"` or a GPU's name."""
    return jax.devices()[0].device_kind

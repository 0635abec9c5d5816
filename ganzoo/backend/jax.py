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


def faster(optimizer):
    """The class of optimizers itself. XLA fuses what a variable's update is composed of."""
    return optimizer


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


def with_slope(fn, x):
    """`fn(x)`, and a function that gives d sum(fn(x)) / dx from the same forward pass."""
    y, pull_back = jax.vjp(fn, x)
    return y, lambda: pull_back(jax.numpy.ones_like(y))[0]


def repeat(model, images, most):
    """A function of `indices` [steps <= most, n]: `model.step(images[row])` for each row."""
    variables = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    images = jax.numpy.asarray(images)

    @functools.partial(jax.jit, donate_argnums=0)
    def loop(values, images, indices, steps):
        def body(i, values):
            return _run_stateless(variables, values, lambda: model.step(images[indices[i]]))[1]

        return jax.lax.fori_loop(0, steps, body, values)

    def run(indices):
        # The same compiled code runs any number of steps, so that results do not
        # depend on how the steps are grouped.
        assert len(indices) <= most
        padded = np.resize(indices, (most, *indices.shape[1:]))
        after = loop([v.value for v in variables], images, padded, len(indices))
        for variable, value in zip(variables, after, strict=True):
            variable.assign(value)

    return run


def device():
    """What runs the arithmetic, such as `"cpu"` or a GPU's name."""
    return jax.devices()[0].device_kind

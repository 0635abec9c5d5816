"""JAX: variables are values that go in and come out of a pure function."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
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
    return y, lambda: pull_back(jnp.ones_like(y))[0]


def halve(images, kernel):
    """The 4 x 4 convolution with stride 2 and padding 1: [N, H, W, C] to [N, H/2, W/2, F].

    On the CPU it is a matrix product with the 16 pixels that each output sees: XLA has a fast
    kernel for the convolution, but none for the gradients of its gradient.

    Args:
        images: [N, H, W, C], H and W even.
        kernel: [4, 4, C, F].
    """
    if jax.default_backend() != "cpu":
        return keras.ops.conv(images, kernel, 2, "same", data_format="channels_last")
    n, h, w, c = images.shape
    padded = jnp.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    pairs = padded.reshape(n, h // 2 + 1, 2, w // 2 + 1, 2, c)
    fours = jnp.concatenate([pairs[:, :-1], pairs[:, 1:]], axis=2)
    fours = jnp.concatenate([fours[:, :, :, :-1], fours[:, :, :, 1:]], axis=4)
    seen = fours.transpose(0, 1, 3, 2, 4, 5).reshape(n, h // 2, w // 2, 16 * c)
    return seen @ kernel.reshape(16 * c, -1)


def double(images, kernel):
    """The transpose of `halve`: [N, H, W, C] to [N, 2H, 2W, F].

    Args:
        images: [N, H, W, C].
        kernel: [4, 4, F, C].
    """
    if jax.default_backend() != "cpu":
        return keras.ops.conv_transpose(images, kernel, 2, "same", data_format="channels_last")
    n, h, w, c = images.shape
    shown = (images @ kernel.reshape(-1, c).T).reshape(n, h, w, 4, 4, -1)
    fours = shown.transpose(0, 1, 3, 2, 4, 5)
    pairs = _overlap(fours[:, :, :2], fours[:, :, 2:], axis=1)
    pairs = _overlap(pairs[:, :, :, :, :2], pairs[:, :, :, :, 2:], axis=3)
    return pairs.reshape(n, 2 * h + 2, 2 * w + 2, -1)[:, 1:-1, 1:-1]


def _overlap(first, second, axis):
    """Their sum, with `second` one place further along `axis`."""
    after, before = ([(0, 0)] * first.ndim for _ in range(2))
    after[axis], before[axis] = (0, 1), (1, 0)
    return jnp.pad(first, after) + jnp.pad(second, before)


def repeat(model, images, most):
    """A function of `indices` [steps <= most, n]: `model.step(images[row])` for each row."""
    variables = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    images = jnp.asarray(images)

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

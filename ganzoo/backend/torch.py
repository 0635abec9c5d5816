"""PyTorch: variables change in place, eagerly."""

from collections.abc import Callable
from typing import Any

import keras
import torch

version = torch.__version__


def share_cores(cores):
    """PyTorch divides them itself."""


class Stepper:
    """`train_step` is the step itself."""

    step: Callable[[Any], dict[str, Any]]

    def train_step(self, data):
        return self.step(data)


def value_and_grad(fn, variables, state):
    """`fn() -> (loss, logs)`; returns loss, logs, d loss / d variables."""
    del state  # PyTorch's parameters and buffers keep their own updates.
    # autograd.grad leaves every .grad alone: nothing to zero, nothing to freeze.
    loss, logs = fn()
    gradients = torch.autograd.grad(loss, [v.value for v in variables])
    return loss.detach(), logs, gradients


def input_gradient(fn, x):
    """d sum(fn(x)) / dx, shape as `x`; differentiable with respect to variables."""
    x = x.detach().requires_grad_()
    return torch.autograd.grad(fn(x).sum(), x, create_graph=True)[0]


def repeat(model, images, most):
    """A function of `indices` [steps <= most, n]: `model.step(images[row])` for each row."""
    images = keras.ops.convert_to_tensor(images)

    def run(indices):
        for row in keras.ops.convert_to_tensor(indices):
            model.step(images[row])

    return run


def feed(model, shape, most):
    """A function of uint8 images [steps <= most, n, *shape]: `model.step(batch)` for each."""

    def run(batches):
        for batch in keras.ops.convert_to_tensor(batches):
            model.step(batch)

    return run


def device():
    """What runs the arithmetic, such as `"cpu"` or a GPU's name."""
    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"

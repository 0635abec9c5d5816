"""PyTorch: variables change in place, eagerly."""

from collections.abc import Callable
from typing import Any

import keras
import torch

version = torch.__version__


def share_cores(cores):
    """PyTorch divides them itself."""


def faster(optimizer):
    """The class of optimizers itself. Keras updates all variables in a few calls on PyTorch."""
    return optimizer


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


def with_slope(fn, x):
    """`fn(x)`, and a function that gives d sum(fn(x)) / dx from the same forward pass."""
    x = x.detach().requires_grad_()
    y = fn(x)
    return y, lambda: torch.autograd.grad(y.sum(), x, create_graph=True)[0]


def halve(images, kernel):
    """The 4 x 4 convolution with stride 2 and padding 1: [N, H, W, C] to [N, H/2, W/2, F]."""
    return keras.ops.conv(images, kernel, 2, "same", data_format="channels_last")


def double(images, kernel):
    """The transpose of `halve`: [N, H, W, C] to [N, 2H, 2W, F]; `kernel` [4, 4, F, C]."""
    return keras.ops.conv_transpose(images, kernel, 2, "same", data_format="channels_last")


def repeat(model, images, most):
    """A function of `indices` [steps <= most, n]: `model.step(images[row])` for each row."""
    images = keras.ops.convert_to_tensor(images)

    def run(indices):
        for row in keras.ops.convert_to_tensor(indices):
            model.step(images[row])

    return run


def device():
    """What runs the arithmetic, such as `"cpu"` or a GPU's name."""
    return torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu"

"""PyTorch: variables change in place, eagerly."""

import atexit
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import keras
import torch
from torch import distributed

from ganzoo.backend.strided import double as double
from ganzoo.backend.strided import halve as halve
from ganzoo.backend.torch_trace import EAGER_STEPS, TracedStep
from ganzoo.errors import InputError

version = torch.__version__
_processes, _rank = 1, 0  # How many share a batch, and the number of this one.


def share_cores(cores):
    """PyTorch divides them itself."""


def precision():
    """float32: on 2 cores a step at 28 px took 40 ms this way and 37 in bfloat16, noise."""
    return "float32"


# Of a matrix product's rate, on 2 cores: benchmarks/results/step-torch.json.
SHARE_OF_PEAK = 0.17


def faster(optimizer):
    """The class of optimizers itself. Keras updates all variables in a few calls on PyTorch."""
    return optimizer


def use_devices(count):
    """Join the processes that share each batch, a device each, which torchrun has started."""
    global _processes, _rank
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    if count not in (None, processes):
        raise InputError(
            f"PyTorch trains on {count} devices with a process for each, and {processes} is "
            f"running. Start them: torchrun --nproc-per-node {count} -m ganzoo train ..."
        )
    if processes == _processes:
        return
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    # The others wait while the first one saves and measures.
    distributed.init_process_group(timeout=timedelta(hours=1))
    atexit.register(distributed.destroy_process_group)
    _processes, _rank = processes, distributed.get_rank()


def device_count():
    """How many devices share a batch."""
    return _processes


def global_batch_size(n):
    """Rows of the whole batch, where a step works on `n`."""
    return n * _processes


def local_rows(batch):
    """This process's rows of `batch`."""
    return batch if _processes == 1 else batch.chunk(_processes)[_rank]


def whole_mean(x):
    """The mean of `x` over the whole batch, without a gradient."""
    mean = x.detach().mean()
    if _processes > 1:
        distributed.all_reduce(mean)
        mean /= _processes
    return mean


def is_main_process():
    """Whether this process writes the run."""
    return _rank == 0


def all_reduce_max(number):
    """The largest `number` of all processes; each waits for the others."""
    if _processes == 1:
        return number
    largest = keras.ops.convert_to_tensor(number)
    distributed.all_reduce(largest, distributed.ReduceOp.MAX)
    return int(largest)


class Stepper:
    """`train_step` is the step itself."""

    step: Callable[[Any], dict[str, Any]]

    def train_step(self, data):
        return self.step(data)

    def value_after(self, result, variable):
        """The value of a metric's `variable` after a train function of Keras gave `result`."""
        return variable.value

    def keep(self, result):
        """Put into the variables what a train function changed: they have it already."""


def value_and_grad(fn, variables, state):
    """`fn() -> (loss, logs)`; returns loss, logs, d loss / d variables."""
    del state  # PyTorch's parameters and buffers keep their own updates.
    # autograd.grad leaves every .grad alone: nothing to zero, nothing to freeze.
    loss, logs = fn()
    gradients = torch.autograd.grad(loss, [v.value for v in variables])
    if _processes > 1:
        return _mean_over_processes(loss, logs, gradients)
    return loss.detach(), logs, gradients


def _mean_over_processes(loss, logs, gradients):
    """All of it in one message: with networks this small, messages are what costs."""
    means = [keras.ops.convert_to_tensor(log).detach().mean() for log in logs.values()]
    parts = [loss.detach(), *means, *gradients]
    flat = torch.cat([part.reshape(-1) for part in parts])
    distributed.all_reduce(flat)
    flat /= _processes
    pieces = flat.split([part.numel() for part in parts])
    loss, *rest = (piece.view_as(part) for piece, part in zip(pieces, parts, strict=True))
    return loss, dict(zip(logs, rest, strict=False)), rest[len(logs) :]


def with_input_gradient(fn, x):
    """`fn(x)`, and a function that gives d sum(fn(x)) / dx from the same forward pass."""
    x = x.detach().requires_grad_()
    y = fn(x)
    first = y[0] if isinstance(y, list) else y
    return y, lambda: torch.autograd.grad(first.sum(), x, create_graph=True)[0]


def scores_jointly(beside):
    """Always: operations come one after another, so that fewer of them take less time.

    At 28 px on 2 cores a recorded step took 37 ms this way and 39 apart (`non-saturating`, R1
    and R2 every fourth step, batches of 16; of 32: 47 and 52), and 49 and 52 (`wgan-gp`, 16).
    """
    return True


def slow_steps(every):
    """Steps until each answer to "is it due?" has its record, and this was tried."""
    return EAGER_STEPS + 2 * every


def repeat(model, data, max_steps):
    """A function of `indices` [steps <= max_steps, n]: a step on `data[row]` for each."""
    data = keras.tree.map_structure(keras.ops.convert_to_tensor, data)
    return _loop(model, lambda row: _at(data, row))


def feed(model, max_steps):
    """A function of data [steps <= max_steps, n, ...]: a step on each batch."""
    return _loop(model, lambda batch: batch)


def compiled(network):
    """The network itself, which PyTorch runs operation by operation."""
    return lambda inputs: network(inputs, training=False)


def _at(data, row):
    """The rows of a tensor, or of several."""
    return keras.tree.map_structure(lambda each: each[row], data)


def _loop(model, batch):
    """A function of rows, a tensor or several: `model.step(batch(row))` for each row."""
    step = model.step  # With messages between processes as it is: they cannot be recorded.
    if _processes == 1:
        variables = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
        step = TracedStep(step, [variable.value for variable in variables])
    else:  # All begin where the first one does.
        for variable in model.named_variables().values():
            distributed.broadcast(variable.value.detach(), src=0)

    def run(rows):
        rows = keras.tree.map_structure(keras.ops.convert_to_tensor, rows)
        for i in range(len(keras.tree.flatten(rows)[0])):
            step(batch(_at(rows, i)))

    return run


def device():
    """What runs the arithmetic, such as `"cpu"` or a GPU's name."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return "Apple GPU" if torch.backends.mps.is_available() else "cpu"

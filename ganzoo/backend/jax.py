"""JAX: variables are values that go in and come out of a pure function."""

import functools
import os
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
from jax.experimental import multihost_utils
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from ganzoo.backend.heap import keep_freed_memory
from ganzoo.backend.jax_strided import double as double
from ganzoo.backend.jax_strided import halve as halve
from ganzoo.errors import InputError

version = jax.__version__
_mesh: Mesh | None = None  # The devices that share a batch, where there are several.


def _run_stateless(variables, values, step):
    """`step()` with `variables` at `values`: its result and the values after it."""
    with keras.StatelessScope(list(zip(variables, values, strict=True))) as scope:
        result = step()
    return result, [scope.get_current_value(v) for v in variables]


def share_cores(cores):
    """XLA divides them itself; what matters here is the thread that computes."""
    del cores
    _compute_in_this_thread()


def _compute_in_this_thread():
    """Let a CPU compute in the calling thread; call it before JAX looks for devices.

    What the first thread frees can all be kept (`ganzoo.backend.heap`). With batches of 64 at
    56 px a step took 103 to 116 ms this way, and in a thread of JAX's 127 to 140, 50 of them in
    the system for 23,400 pages (`wgan-gp`, 2 cores); one of 15 ms up to 0.5 more.
    """
    jax.config.update("jax_cpu_enable_async_dispatch", False)


def precision():
    """float32: on 2 cores a step at 28 px took 11.7 ms this way and 17.3 in bfloat16."""
    return "float32"


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

    def fit(self, *args, **kwargs):
        """As Keras does; if its first step fails, the variables keep their values.

        Keras takes them out of the variables before an epoch.
        """
        variables = [v for group in self._groups() for v in group]
        values = [v.value for v in variables]
        try:
            return super().fit(*args, **kwargs)  # type: ignore[misc]
        except BaseException:
            for variable, value in zip(variables, values, strict=True):
                if variable._value is None and not value.is_deleted():
                    variable.assign(value)
            raise

    def value_after(self, result, variable):
        """The value of a metric's `variable` after a train function of Keras gave `result`."""
        ours = [each is variable for each in self.metrics_variables].index(True)
        return result[1][-1][ours]

    def keep(self, result):
        """Put into the variables what a train function changed; Keras does after an epoch."""
        for variables, values in zip(self._groups(), result[1], strict=True):
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)

    def _groups(self):
        return (
            self.trainable_variables,
            self.non_trainable_variables,
            self.optimizer.variables,
            self.metrics_variables,
        )

    def train_step(self, state, data):
        groups = self._groups()
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


def with_input_gradient(fn, x):
    """`fn(x)`, and a function that gives d sum(fn(x)) / dx from the same forward pass."""

    def first(x):
        y = fn(x)
        return (y[0], y) if isinstance(y, list) else (y, None)

    y, pull_back, several = jax.vjp(first, x, has_aux=True)
    return several or y, lambda: pull_back(jnp.ones_like(y))[0]


def scores_jointly(beside):
    """Never: XLA runs two passes at a time, and joining them changes nothing.

    On 2 cores a step took 11.5 ms joined and 11.7 apart (`non-saturating`, R1 and R2 every
    fourth step, 28 px, batches of 16), 20.5 and 20.8 (of 32), 37.9 and 38.1 (of 32, 56 px).
    """
    return False


# Of a matrix product's rate, on 2 cores: benchmarks/results/step-jax.json.
SHARE_OF_PEAK = 0.29


def use_devices(count):
    """Let `count` devices share each batch; `None`: as many as the hosts' environment has.

    The program stays that of the whole batch, and XLA divides it by `local_rows`.
    """
    global _mesh
    _compute_in_this_thread()
    told = "KERAS_DISTRIBUTION_JOB_ADDRESSES" in os.environ
    if told and not jax.distributed.is_initialized():
        keras.distribution.initialize()
    there, hosts = jax.devices(), jax.process_count()
    count = count or (len(there) if hosts > 1 else 1)
    if count > len(there) or (hosts > 1 and count < len(there)):
        raise InputError(
            f"JAX has {len(there)} device(s) on {hosts} host(s), so --devices {count} cannot "
            f"be. Give --devices {len(there)}, or on a CPU first set "
            f"XLA_FLAGS=--xla_force_host_platform_device_count={count}."
        )
    _mesh = Mesh(there[:count], "batch") if count > 1 else None


def device_count():
    """How many devices share a batch."""
    return 1 if _mesh is None else _mesh.size


def global_batch_size(n):
    """Rows of the whole batch, where a step works on `n`: the step sees all of them."""
    return n


def local_rows(batch):
    """`batch`, of which each device works on its rows."""
    if _mesh is None:
        return batch
    by_rows = NamedSharding(_mesh, PartitionSpec("batch"))
    return jax.lax.with_sharding_constraint(batch, by_rows)


def whole_mean(x):
    """The mean of `x` over the whole batch, which the step sees, without a gradient."""
    return jax.lax.stop_gradient(jnp.mean(x))


def is_main_process():
    """Whether this process writes the run."""
    return jax.process_index() == 0


def all_reduce_max(number):
    """The largest `number` of all processes; each waits for the others."""
    if jax.process_count() == 1:
        return number
    return int(multihost_utils.process_allgather(np.int32(number)).max())


def compiled(network):
    """The network as a compiled function, which is given the weights of today."""

    @jax.jit
    def run(trainable, others, inputs):
        return network.stateless_call(trainable, others, inputs, training=False)[0]

    def call(inputs):
        groups = (network.trainable_variables, network.non_trainable_variables)
        return run(*([v.value for v in group] for group in groups), inputs)

    return call


def slow_steps(every):
    """The first, which compiles."""
    return 1


def repeat(model, data, max_steps):
    """A function of `indices` [steps <= max_steps, n]: a step on `data[row]` for each."""
    data = jax.tree.map(lambda each: _everywhere(jnp.asarray(each)), data)
    play = _loop(model, max_steps, _at)
    return lambda indices: play(data, indices)


def feed(model, max_steps):
    """A function of data [steps <= max_steps, n, ...]: a step on each batch."""
    play = _loop(model, max_steps, lambda _, batch: batch)
    return lambda batches: play(None, batches)


def _at(data, row):
    """The rows of an array, or of several."""
    return jax.tree.map(lambda each: each[row], data)


def _loop(model, max_steps, batch):
    """A function of data and rows: `model.step(batch(data, row))` for each row."""
    variables = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    if jax.process_count() > 1:  # All begin where the first one does.
        first = multihost_utils.broadcast_one_to_all([v.numpy() for v in variables])
        for variable, value in zip(variables, first, strict=True):
            variable.assign(np.asarray(value))

    def step(values, data, row):
        return _run_stateless(variables, values, lambda: model.step(batch(data, row)))[1]

    on_cpu = jax.default_backend() == "cpu"
    play = _one_by_one(step) if on_cpu else _in_a_loop(step, max_steps)
    held = [(None, None)] * len(variables)  # What each had last, and its copies.

    def run(data, rows):
        nonlocal held
        assert _count(rows) <= max_steps
        values = [
            copies if v.value is last else _everywhere(v.value)
            for v, (last, copies) in zip(variables, held, strict=True)
        ]
        after = play(values, data, rows)
        for variable, value in zip(variables, after, strict=True):
            variable.assign(_here(value))
        held = [(v.value, copies) for v, copies in zip(variables, after, strict=True)]

    return run


def _count(rows):
    return len(jax.tree.leaves(rows)[0])


# Either way the same compiled code runs any number of steps, so that results do not depend
# on how the steps are grouped.


def _one_by_one(step):
    """Steps called from Python: XLA's loops on a CPU do not divide their work among cores.

    A step takes its temporaries anew. With the heap as it is, batches of 32 at 56 px took 58.9
    ms, 30 of them in the system for 13,400 pages; with what is freed kept, 39.1 and none
    (`non-saturating`, R1 and R2 every fourth step, 2 cores).
    """
    keep_freed_memory()
    compiled = jax.jit(step, donate_argnums=0, **_results_everywhere())

    def play(values, data, rows):
        for step in range(_count(rows)):
            values = compiled(values, data, _at(rows, step))
        return values

    return play


def _in_a_loop(step, max_steps):
    """Steps that a GPU goes through without asking the host."""

    @functools.partial(jax.jit, donate_argnums=0, **_results_everywhere())
    def loop(values, data, rows, steps):
        return jax.lax.fori_loop(
            0, steps, lambda i, values: step(values, data, _at(rows, i)), values
        )

    def play(values, data, rows):
        steps = _count(rows)
        if steps < max_steps:
            rows = jax.tree.map(lambda e: np.resize(e, (max_steps, *e.shape[1:])), rows)
        return loop(values, data, rows, steps)

    return play


# Where several devices share a batch, each has a copy of what they do not share.


def _replicated():
    return NamedSharding(_mesh, PartitionSpec())


def _results_everywhere():
    return {} if _mesh is None else {"out_shardings": _replicated()}


def _everywhere(value):
    if _mesh is None:
        return value
    value = np.asarray(value)
    return jax.make_array_from_callback(value.shape, _replicated(), value.__getitem__)


def _here(value):
    """The copy of this process, with which it may compute on its own."""
    return value if _mesh is None else value.addressable_data(0)


def device():
    """What runs the arithmetic, such as `"cpu"` or a GPU's name."""
    return jax.devices()[0].device_kind

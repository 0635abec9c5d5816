"""TensorFlow: variables change in place, inside a graph too."""

import functools
import itertools
import os
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from ganzoo.backend.tensorflow_adam import faster as faster
from ganzoo.backend.tensorflow_strided import double as double
from ganzoo.backend.tensorflow_strided import halve as halve
from ganzoo.cores import processor_has
from ganzoo.errors import InputError

version = tf.__version__
_processes, _rank = 1, 0  # How many share a batch, and the number of this one.
ON_DEVICE, ON_CPU = 1, 2  # Where a message's tensors are, which must be the same everywhere.
_messages = itertools.count(1)  # All processes send the same ones in the same order.


def share_cores(cores):
    """Run two operations at a time, with half of the cores each.

    A step is some hundred small operations. On 2 cores it took 20 ms so and 25 ms with
    TensorFlow's own choice, both cores for each (28 px, batch 16, R1).
    """
    if "TF_NUM_INTEROP_THREADS" in os.environ or "TF_NUM_INTRAOP_THREADS" in os.environ:
        return
    try:
        tf.config.threading.set_inter_op_parallelism_threads(min(2, cores))
        tf.config.threading.set_intra_op_parallelism_threads(max(1, cores // 2))
    except RuntimeError:  # TensorFlow has computed something: its threads are there.
        pass


def precision():
    """bfloat16 on processors with instructions for it.

    Of the default networks, on 2 cores with batches of 16 and R1 every fourth step, a step
    took 9.3 ms so and 10.9 in float32 at 28 px, 15.2 and 18.0 at 56.
    """
    return "bfloat16" if device() == "cpu" and processor_has("avx512_bf16") else "float32"


# Of a matrix product's rate, on 2 cores: benchmarks/results/step-tensorflow.json.
SHARE_OF_PEAK = 0.30


def use_devices(count):
    """Join the processes that share each batch, a device each, which TF_CONFIG names."""
    global _processes, _rank
    cluster = tf.distribute.cluster_resolver.TFConfigClusterResolver()
    processes = len(cluster.cluster_spec().as_dict().get("worker", ["this"]))
    # WORLD_SIZE is torchrun's: this backend was meant to be another.
    n = count or max(processes, int(os.environ.get("WORLD_SIZE", "1")))
    if n != processes:
        raise InputError(
            f"TensorFlow trains on {n} devices with a process for each, and TF_CONFIG names "
            f"{processes}. Simpler are --backend jax --devices {n}, and torchrun "
            f"--nproc-per-node {n} -m ganzoo train --backend torch."
        )
    if processes == _processes:
        return
    # It connects them. Its own way to train would sum gradients in Keras's optimizers.
    tf.distribute.MultiWorkerMirroredStrategy(cluster)
    _processes, _rank = processes, cluster.task_id


def device_count():
    """How many devices share a batch."""
    return _processes


def global_batch_size(n):
    """Rows of the whole batch, where a step works on `n`."""
    return n if _processes == 1 else n * _processes


def local_rows(batch):
    """This process's rows of `batch`."""
    return batch if _processes == 1 else tf.split(batch, _processes)[_rank]


def whole_mean(x):
    """The mean of `x` over the whole batch, without a gradient."""
    mean = tf.stop_gradient(tf.reduce_mean(x))
    return mean if _processes == 1 else _over_processes(mean, "Add", "Div")


def is_main_process():
    """Whether this process writes the run."""
    return _rank == 0


def all_reduce_max(number):
    """The largest `number` of all processes; each waits for the others."""
    return number if _processes == 1 else int(_largest(number))


@tf.function(input_signature=[tf.TensorSpec([], tf.int32)], autograph=False)
def _largest(number):
    with tf.device("CPU:0"):
        return _over_processes(number, "Max", group=ON_CPU)


def _over_processes(value, merge, final="Id", group=ON_DEVICE):
    return tf.raw_ops.CollectiveReduceV2(
        input=value,
        group_size=_processes,
        group_key=group,
        instance_key=next(_messages),
        ordering_token=[],
        merge_op=merge,
        final_op=final,
    )


class Stepper:
    """`train_step` is the step itself."""

    step: Callable[[Any], dict[str, Any]]

    def train_step(self, data):
        # At the end of a data set of unknown length nothing comes, and what needs no images,
        # such as counting steps, would be done once more before TensorFlow notices.
        parts = [part for part in tf.nest.flatten(data) if part is not None]
        with tf.control_dependencies(parts):
            return self.step(data)

    def value_after(self, result, variable):
        """The value of a metric's `variable` after a train function of Keras gave `result`."""
        return variable.value

    def keep(self, result):
        """Put into the variables what a train function changed: they have it already."""


def value_and_grad(fn, variables, state):
    """`fn() -> (loss, logs)`; returns loss, logs, d loss / d variables."""
    del state  # TensorFlow's variables keep their own updates.
    targets = [v.value for v in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(targets)
        loss, logs = fn()
    gradients = tape.gradient(loss, targets)
    if _processes > 1:
        return _mean_over_processes(loss, logs, gradients)
    return loss, logs, gradients


def _mean_over_processes(loss, logs, gradients):
    """All of it in one message: with networks this small, messages are what costs."""
    parts = [loss, *(tf.reduce_mean(log) for log in logs.values()), *gradients]
    flat = tf.concat([tf.reshape(part, [-1]) for part in parts], 0)
    pieces = tf.split(
        _over_processes(flat, "Add", "Div"), [part.shape.num_elements() for part in parts]
    )
    loss, *rest = (tf.reshape(p, part.shape) for p, part in zip(pieces, parts, strict=True))
    return loss, dict(zip(logs, rest, strict=False)), rest[len(logs) :]


def with_input_gradient(fn, x):
    """`fn(x)`, and a function that gives d sum(fn(x)) / dx from the same forward pass."""
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = fn(x)
    first = y[0] if isinstance(y, list) else y
    return y, lambda: tape.gradient(first, x)


def scores_jointly(beside):
    """If another pass keeps the second core busy, which two passes would otherwise share.

    At 28 px on 2 cores a step took 15.0 ms joined and 15.8 apart (`wgan-gp`, R1 every fourth
    step, batches of 16; in bfloat16 12.8 and 13.4, and of 32 images 22.7 and 23.6), but 19.0
    and 17.4 (`non-saturating`, R1 and R2 every fourth step, bfloat16, 32).
    """
    return beside


def slow_steps(every):
    """The first, which compiles."""
    return 1


def repeat(model, data, max_steps):
    """A function of `indices` [steps <= max_steps, n]: a step on `data[row]` for each."""
    data = tf.nest.map_structure(tf.constant, data)

    def step(row):
        model.step(tf.nest.map_structure(lambda each: tf.gather(each, row), data))

    @functools.cache
    def loop(shape):
        # The batch's size is known in the graph, so that shapes need not be computed.
        return _loop(model, tf.TensorSpec([None, *shape], tf.int32), step)

    return lambda indices: loop(indices.shape[1:])(indices)


def feed(model, max_steps):
    """A function of data [steps <= max_steps, n, ...]: a step on each batch."""

    def specification(batches):
        return tf.TensorSpec([None, *batches.shape[1:]], batches.dtype)

    @functools.cache
    def loop(signature):
        return _loop(model, signature, model.step)

    return lambda data: loop(tf.nest.map_structure(specification, data))(data)


def compiled(network):
    """The network as a graph: 64 images of 28 px in 52 ms for 194 (`patch-mixer`, 2 cores)."""
    graph = tf.function(lambda inputs: network(inputs, training=False), reduce_retracing=True)
    return lambda inputs: graph(inputs)


def _loop(model, signature, step):
    """A function of rows, an array or several: `step(row)` for each row."""
    if _processes > 1:  # All begin where the first one does.
        for variable in model.named_variables().values():
            with tf.device("CPU:0"):
                ours = variable.value if is_main_process() else tf.zeros_like(variable.value)
                variable.assign(_over_processes(ours, "Add", group=ON_CPU))

    @tf.function(input_signature=[signature], autograph=False, jit_compile=False)
    def run(rows):
        def body(i):
            step(tf.nest.map_structure(lambda each: each[i], rows))
            return (i + 1,)

        steps = tf.shape(tf.nest.flatten(rows)[0])[0]
        tf.while_loop(lambda i: i < steps, body, (0,), parallel_iterations=1)

    return run


def device():
    """What runs the arithmetic, such as `"cpu"` or a GPU's name."""
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "cpu"
    return tf.config.experimental.get_device_details(gpus[0]).get("device_name", "gpu")

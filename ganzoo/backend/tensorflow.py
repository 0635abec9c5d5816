"""TensorFlow: variables change in place, inside a graph too."""

import os
from collections.abc import Callable
from typing import Any

import tensorflow as tf

version = tf.__version__


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


class Stepper:
    """`train_step` is the step itself."""

    step: Callable[[Any], dict[str, Any]]

    def train_step(self, data):
        return self.step(data)


def value_and_grad(fn, variables, state):
    """`fn() -> (loss, logs)`; returns loss, logs, d loss / d variables."""
    del state  # TensorFlow's variables keep their own updates.
    targets = [v.value for v in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(targets)
        loss, logs = fn()
    return loss, logs, tape.gradient(loss, targets)


def input_gradient(fn, x):
    """d sum(fn(x)) / dx, shape as `x`; differentiable with respect to variables."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        total = tf.reduce_sum(fn(x))
    return tape.gradient(total, x)


def repeat(model, images, most):
    """A function of `indices` [steps <= most, n]: `model.step(images[row])` for each row."""
    images = tf.constant(images)
    rows = tf.TensorSpec([None, None], tf.int32)
    return _loop(rows, lambda row: model.step(tf.gather(images, row)))


def feed(model, shape, most):
    """A function of uint8 images [steps <= most, n, *shape]: `model.step(batch)` for each."""
    return _loop(tf.TensorSpec([None, None, *shape], tf.uint8), model.step)


def _loop(signature, step):
    """A function of rows: `step(row)` for each row."""

    @tf.function(input_signature=[signature], autograph=False, jit_compile=False)
    def run(rows):
        def body(i):
            step(rows[i])
            return (i + 1,)

        tf.while_loop(lambda i: i < tf.shape(rows)[0], body, (0,), parallel_iterations=1)

    return run


def device():
    """What runs the arithmetic, such as `"cpu"` or a GPU's name."""
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "cpu"
    return tf.config.experimental.get_device_details(gpus[0]).get("device_name", "gpu")

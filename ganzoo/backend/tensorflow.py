"""TensorFlow: variables change in place, inside a graph too."""

import functools
import os
from collections.abc import Callable
from typing import Any

import keras
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


class Adam(keras.optimizers.Adam):
    """Keras's Adam, with TensorFlow's one kernel for a variable's update.

    Keras composes it of two dozen operations, which for small variables cost more than
    their arithmetic.
    """

    def apply(self, grads, trainable_variables=None):
        step = tf.cast(self.iterations + 1, "float32")
        self.powers = tf.pow(float(self.beta_1), step), tf.pow(float(self.beta_2), step)
        super().apply(grads, trainable_variables)

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        if self.amsgrad or variable.dtype != tf.float32:
            super().update_step(gradient, variable, learning_rate)
            return
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[index].value.handle,
            v=self._velocities[index].value.handle,
            beta1_power=self.powers[0],
            beta2_power=self.powers[1],
            lr=tf.cast(learning_rate, "float32"),
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )


def faster(optimizer):
    """A class of optimizers that does the same as `optimizer`, in less time if there is one."""
    return Adam if optimizer is keras.optimizers.Adam else optimizer


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


def with_slope(fn, x):
    """`fn(x)`, and a function that gives d sum(fn(x)) / dx from the same forward pass."""
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = fn(x)
    return y, lambda: tape.gradient(y, x)


def halve(images, kernel):
    """The 4 x 4 convolution with stride 2 and padding 1: [N, H, W, C] to [N, H/2, W/2, F]."""
    return keras.ops.conv(images, kernel, 2, "same", data_format="channels_last")


def double(images, kernel):
    """The transpose of `halve`: [N, H, W, C] to [N, 2H, 2W, F]; `kernel` [4, 4, F, C]."""
    return keras.ops.conv_transpose(images, kernel, 2, "same", data_format="channels_last")


def repeat(model, images, most):
    """A function of `indices` [steps <= most, n]: `model.step(images[row])` for each row."""
    images = tf.constant(images)

    @functools.cache
    def loop(n):
        # The batch's size is known in the graph, so that shapes need not be computed.
        @tf.function(
            input_signature=[tf.TensorSpec([None, n], tf.int32)],
            autograph=False,
            jit_compile=False,
        )
        def run(indices):
            def body(i):
                model.step(tf.gather(images, indices[i]))
                return (i + 1,)

            steps = tf.shape(indices)[0]
            tf.while_loop(lambda i: i < steps, body, (0,), parallel_iterations=1)

        return run

    return lambda indices: loop(indices.shape[1])(indices)


def device():
    """What runs the arithmetic, such as `"cpu"` or a GPU's name."""
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "cpu"
    return tf.config.experimental.get_device_details(gpus[0]).get("device_name", "gpu")

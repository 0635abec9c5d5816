"""The only package that knows which framework is running.

Each backend module offers the same names:

* `Stepper`: turns a `step(data)` that changes variables into Keras's `train_step`.
* `value_and_grad(fn, variables, state)`: a loss, its logs and its gradients.
* `input_gradient(fn, x)`: the gradient of `sum(fn(x))`, itself differentiable.
* `repeat(model, images, most)`: several steps a call, on images kept on the device.
* `feed(model, shape, most)`: several steps a call, on images that come with the call.
* `share_cores(cores)`: how the processor's cores divide among a step's operations. It acts
  before anything is computed: the last bits of a training depend on it.
* `device()` and `version`: what the arithmetic runs on.
"""

import importlib

import keras

SUPPORTED = ("tensorflow", "jax", "torch")

name = keras.backend.backend()
if name not in SUPPORTED:
    raise ImportError(
        f"ganzoo trains on {', '.join(SUPPORTED)}, and KERAS_BACKEND is {name!r}. "
        "Set it to one of these before Keras is imported."
    )

_module = importlib.import_module(f"ganzoo.backend.{name}")
Stepper = _module.Stepper
value_and_grad = _module.value_and_grad
input_gradient = _module.input_gradient
repeat = _module.repeat
feed = _module.feed
share_cores = _module.share_cores
device = _module.device
version = _module.version

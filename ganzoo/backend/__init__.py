"""The only package that knows which framework is running.

Each backend module offers the same names:

* `Stepper`: turns a `step(data)` that changes variables into Keras's `train_step`.
* `value_and_grad(fn, variables, state)`: a loss, its logs and its gradients.
* `with_slope(fn, x)`: `fn(x)` and a function for the gradient of its sum at `x`, which is
  itself differentiable with respect to variables.
* `halve(images, kernel)` and `double(images, kernel)`: strided and transposed convolution.
* `joins(beside)`: whether one pass of two batches takes less time than a pass each, where
  another pass that depends on neither goes on `beside` them, or not.
* `repeat(model, images, most)`: several steps a call, on images kept on the device.
* `feed(model, shape, most)`: several steps a call, on images that come with the call.
* `faster(optimizer)`: a class that updates as the given class of optimizers does, sooner.
* `share_cores(cores)`: how the processor's cores divide among a step's operations. It acts
  before anything is computed: the last bits of a training depend on it.
* `precision()`: what the layers' arithmetic is faster in here, `"float32"` or `"bfloat16"`.
* `use_devices(count)`: let so many devices share each batch; before anything is computed,
  too. Then `devices()` says how many, `share(batch)` gives the rows that a replica of the
  step works on, and `whole(n)` the rows of the batch of which it works on `n`: what is random
  is drawn for the whole batch and then shared, so that it does not depend on the devices.
* `leads()`: whether this process writes the run; `agree(number)`: the largest of all processes.
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
with_slope = _module.with_slope
joins = _module.joins
halve = _module.halve
double = _module.double
repeat = _module.repeat
faster = _module.faster
feed = _module.feed
share_cores = _module.share_cores
precision = _module.precision
use_devices = _module.use_devices
devices = _module.devices
share = _module.share
whole = _module.whole
leads = _module.leads
agree = _module.agree
device = _module.device
version = _module.version

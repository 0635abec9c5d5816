"""The only package that knows which framework is running.

Each backend module offers the same names:

* `Stepper`: turns a `step(data)` that changes variables into Keras's `train_step`.
* `value_and_grad(fn, variables, state)`: a loss, its logs and its gradients.
* `with_input_gradient(fn, x)`: `fn(x)` and a function for the gradient of its sum at `x`,
  which is itself differentiable with respect to variables. Where `fn` gives a list, the
  gradient is of the first in it.
* `halve(images, kernel)` and `double(images, kernel)`: strided and transposed convolution.
* `scores_jointly(beside)`: whether one pass of two batches is faster than a pass for each,
  with an independent pass going on `beside` them or not.
* `repeat(model, data, max_steps)`: several steps in a call, on data kept on the device: images,
  or a pair of images and labels.
* `feed(model, max_steps)`: several steps in a call, on data that come with the call.
* `compiled(network)`: the network, not in training, as a function of its inputs that takes
  less time where it is called often.
* `slow_steps(every)`: warm-up steps before the time of a step is steady, where penalties come
  in every so many steps.
* `faster(optimizer)`: a class that updates as the given class of optimizers does, sooner.
* `share_cores(cores)`: divides the processor's cores among a step's operations. Call it
  before anything is computed: the last bits of a training depend on it.
* `precision()`: the faster type for the layers' arithmetic here, `"float32"` or `"bfloat16"`.
* `use_devices(count)`: lets `count` devices share each batch; call it before anything is
  computed, too. Then `device_count()` is their number, `local_rows(batch)` the rows of this
  replica of the step, and `global_batch_size(n)` those of the whole batch where a replica
  has `n`: random numbers are drawn for the whole batch, whatever the devices.
* `whole_mean(x)`: the mean over the whole batch, without a gradient: what is remembered from
  step to step must be the same on every device.
* `is_main_process()`: whether this process writes the run. `all_reduce_max(number)`: the
  largest of all processes.
* `device()` and `version`: what the arithmetic runs on. `SHARE_OF_PEAK`: the share of a large
  matrix product's rate at which a training computes on a processor, as measured.
"""

import importlib

import keras

from ganzoo.backend_choice import BACKENDS

name = keras.backend.backend()
if name not in BACKENDS:
    raise ImportError(
        f"ganzoo trains on {', '.join(BACKENDS)}, and KERAS_BACKEND is {name!r}. "
        "Set it to one of these before Keras is imported."
    )

_module = importlib.import_module(f"ganzoo.backend.{name}")
Stepper = _module.Stepper
value_and_grad = _module.value_and_grad
with_input_gradient = _module.with_input_gradient
scores_jointly = _module.scores_jointly
halve = _module.halve
double = _module.double
repeat = _module.repeat
faster = _module.faster
feed = _module.feed
compiled = _module.compiled
slow_steps = _module.slow_steps
share_cores = _module.share_cores
precision = _module.precision
use_devices = _module.use_devices
device_count = _module.device_count
local_rows = _module.local_rows
whole_mean = _module.whole_mean
global_batch_size = _module.global_batch_size
is_main_process = _module.is_main_process
all_reduce_max = _module.all_reduce_max
device = _module.device
version = _module.version
SHARE_OF_PEAK = _module.SHARE_OF_PEAK

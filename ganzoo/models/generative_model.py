"""What every trained model shares: an average, growth, counters, figures, a watch for NaN."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo import backend
from ganzoo.conditions.condition import Condition
from ganzoo.conditions.label_range import LabelRange
from ganzoo.ema import EMA, HALF_LIFE
from ganzoo.figures import Figures
from ganzoo.keras_interface import KerasInterface
from ganzoo.networks import refuse_float16
from ganzoo.seeds import StepSeed, seed_dtype
from ganzoo.training_images import ImageRange, check_shape, dtype_of

NEVER = np.iinfo(np.int32).max


class GenerativeModel(KerasInterface, backend.Stepper, keras.Model):
    """A model whose networks are trained together, and one of which makes images.

    A kind of model names its networks in `roles`, and says in `update` who learns what from a
    batch. Counting, averaging, fading, figures and the watch for NaN are here, and so is
    everything that a trainer or plain Keras asks for. Each backend compiles or records the
    step, so what changes from one step to the next must be a Keras variable, changed by
    `assign`.

    Args:
        networks: A built network for each role.
        terms: Names of what is minimised, in the order in which a step computes it.
        figures: Names of what else a step reports.
        image_shape: Height, width and channels of the images that it learns from.
        fade: The `Fade` inside the networks while they grow, or `None`.
        ema: Half-life of the average, in thousands of images.
        seed: Seed of all random numbers.
        condition: A `ganzoo.conditions.Condition` where images have labels, or `None`.

    Raises:
        ganzoo.errors.InputError: If a network computes in float16 or cannot be copied.
    """

    roles: tuple[str, ...] = ()  # Names of its networks, each of which has an optimizer.
    sampler = "generator"  # The role that makes images, of which an average is kept.
    log_names: tuple[str, ...] = ()  # Figures that an override adds to the logs.

    def __init__(
        self,
        networks: Mapping[str, keras.Model],
        terms: Sequence[str],
        figures: Sequence[str],
        image_shape: tuple[int | None, int | None, int | None],
        fade: Any = None,
        ema: float = HALF_LIFE,
        seed: int = 0,
        condition: Condition | None = None,
        name: str | None = None,
    ):
        # Under a policy of bfloat16 too: rounded latents would choose two categories.
        super().__init__(name=name, dtype="float32")
        refuse_float16(**networks)
        for role in self.roles:
            setattr(self, role, networks[role])
        self.image_shape = image_shape
        self.fade = fade
        self.seed = seed
        self.condition: Any = condition
        seed_dtype()  # Here, outside of the step's graph.
        self.ema = EMA(networks[self.sampler], half_life=ema)
        self.ema_generator = self.ema.network
        self.iteration = self._counter("iteration")
        self.images_seen = self._counter("images_seen")
        self.terms = tuple(terms)
        self.figures = Figures((*self.terms, *figures, *self.log_names))
        self.image_range = ImageRange()
        self.label_range: Any = None if condition is None else LabelRange()
        # For each term the first step at which it was not finite.
        self.first_bad = self.add_weight(
            shape=(len(self.terms),),
            initializer=keras.initializers.Constant(NEVER),
            dtype="int32",
            trainable=False,
            name="first_bad",
        )
        self.built = True  # The networks arrive built.

    def _counter(self, name):
        return self.add_weight(
            shape=(), initializer="zeros", dtype="int32", trainable=False, name=name
        )

    def by_role(self) -> dict[str, keras.Model]:
        """The networks by role."""
        return {role: getattr(self, role) for role in self.roles}

    @property
    def alpha(self) -> float:
        """Share of the newest layers, 0 to 1; 1 where nothing fades."""
        return 1.0 if self.fade is None else float(self.fade.alpha)

    def call(self, latents, training=False):
        """Images of the averaged sampler, [N, H, W, C] in [-1, 1]."""
        return self.ema_generator(latents, training=training)

    # What a kind of model says.

    def update(self, images: Any, labels: Any = None) -> tuple[Any, dict[str, Any]]:
        """Move the networks by one step.

        Args:
            images: Real images as `prepare` gives them, float32 [N, H, W, C].
            labels: Of a model with a condition, their labels, int32 [N].

        Returns:
            How many images the step has shown, and its figures by name: scalars, or tensors
            of which the mean is reported.
        """
        raise NotImplementedError

    # The step.

    def prepare(self, images):
        """Real images as the networks see them: float, their size, faded.

        Args:
            images: uint8, or numbers in [-1, 1]; [N, H, W, C], H a multiple of the networks'
                size. Larger images shrink to their exact box mean.

        Raises:
            ganzoo.errors.InputError: If their shape is not such a one.
        """
        factor = check_shape(images, self.image_shape)
        images = ops.convert_to_tensor(images)  # `train_on_batch` may bring NumPy.
        if dtype_of(images) == "uint8":
            images = ops.cast(images, "float32") / 127.5 - 1.0
        else:
            images = ops.cast(images, "float32")
            self.image_range.update_state(images)
        images = box_mean(images, factor)
        if self.fade is None:
            return images
        return self.fade(upsample(box_mean(images, 2)), images)

    def step(self, data):
        """One `update`, averaging, counting.

        Args:
            data: Images, or a pair of images and labels; labels are left aside where the model
                has no condition.
        """
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        asked = [] if self.condition is None else [self._prepare_labels(labels)]
        shown, logs = self.update(self.prepare(images), *asked)
        self.ema.update(shown, self.images_seen)
        if self.fade is not None:
            self.fade.advance(shown)
        figures = ops.stack([ops.mean(logs[name]) for name in self.figures.names])
        figures = ops.stop_gradient(figures)
        self._note_bad_terms(figures[: len(self.terms)])
        self.figures.update_state(figures)
        self.iteration.assign_add(1)
        self.images_seen.assign_add(ops.cast(shown, "int32"))
        return self.get_metrics_result()

    def _prepare_labels(self, labels):
        labels = self.condition.prepare(labels)
        self.label_range.update_state(labels)
        return labels

    def step_seed(self, purpose: str) -> StepSeed:
        """Random numbers of this step for one purpose; other purposes have others."""
        return StepSeed(self.seed, purpose, self.iteration)

    def minimise(self, loss: Callable[[], tuple[Any, dict[str, Any]]], role: str) -> dict:
        """One update of the network of `role`.

        Args:
            loss: Gives what is minimised, and figures by name.
            role: Of `roles`; its optimizer moves the network.

        Returns:
            The figures.
        """
        variables = getattr(self, role).trainable_variables
        _, logs, gradients = backend.value_and_grad(loss, variables, self.variables)
        getattr(self.optimizer, role).apply(gradients, variables)
        return logs

    def _note_bad_terms(self, values):
        now = ops.convert_to_tensor(self.iteration)
        bad = ops.where(ops.isfinite(values), ops.full_like(now, NEVER), now)
        self.first_bad.assign(ops.minimum(self.first_bad, bad))

    # The state.

    def named_variables(self) -> dict[str, Any]:
        """Every variable that a step reads or writes, under stable names."""
        parts = {role: network.weights for role, network in self.by_role().items()}
        parts["metrics"] = self.figures.variables  # The range of images is no part of a step.
        named = {f"{part}/{v.path}": v for part, vs in parts.items() for v in vs}
        for role, network in self.by_role().items():
            for i, variable in enumerate(_states(network)):
                named[f"{role}/state_{i}"] = variable
            for variable in getattr(self.optimizer, role).variables:
                # Keras numbers optimizers within a process: adam, adam_1, ...
                named[f"{role}_optimizer/{variable.path.partition('/')[2]}"] = variable
        if self.fade is not None:
            named = {name: v for name, v in named.items() if v is not self.fade.seen}
        return named | {
            **averaged_variables(self.ema_generator, self.fade),
            "iteration": self.iteration,
            "images_seen": self.images_seen,
            "first_bad": self.first_bad,
        }


def averaged_variables(sampler, fade) -> dict[str, Any]:
    """Weights of the averaged sampler, keyed as in `GenerativeModel.named_variables`."""
    if fade is None:
        return {f"ema/{v.path}": v for v in sampler.weights}
    named = {f"ema/{v.path}": v for v in sampler.weights if v is not fade.seen}
    return named | {"fade": fade.seen}


def _states(network):
    """Variables that are no weights, such as dropout's; Keras numbers them in a process."""
    weights = {id(v) for v in network.weights}
    return [v for v in network.variables if id(v) not in weights]


def box_mean(images, factor):
    """The exact mean of each `factor` x `factor` box: [N, H, W, C] to [N, H/f, W/f, C]."""
    if factor == 1:
        return images
    return ops.average_pool(images, factor, strides=factor, data_format="channels_last")


def upsample(images):
    """Each pixel becomes 2 x 2: [N, H, W, C] to [N, 2H, 2W, C]."""
    return ops.repeat(ops.repeat(images, 2, axis=1), 2, axis=2)

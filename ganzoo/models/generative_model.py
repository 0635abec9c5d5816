"""What every trained model shares: averages, growth, counters, figures, a watch for NaN."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo import backend, conditions
from ganzoo.conditions.condition import Condition
from ganzoo.conditions.label_range import LabelRange
from ganzoo.ema import EMA, HALF_LIFE
from ganzoo.figures import Figures
from ganzoo.keras_interface import KerasInterface
from ganzoo.networks import latent_size, refuse_float16
from ganzoo.passes import Passes
from ganzoo.samples import draw_images, encode, generate
from ganzoo.saving import from_parts, parts
from ganzoo.seeds import StepSeed, seed_dtype
from ganzoo.training_images import ImageRange, check_shape, dtype_of

NEVER = np.iinfo(np.int32).max


class GenerativeModel(KerasInterface, backend.Stepper, keras.Model):
    """A model whose networks are trained together, and which makes images of latents.

    A kind of model names its networks in `roles`, and says in `update` who learns what from a
    batch. Counting, averaging, fading, figures and the watch for NaN are here, and so is
    everything that a trainer or plain Keras asks for. Each backend compiles or records the
    step, so what changes from one step to the next must be a Keras variable, changed by
    `assign`.

    A trainer calls the constructor with a network for each of `roles`, with `fade`, `ema` and
    `seed`, and with those of its settings that the constructor names, such as `loss`. Other
    keywords of the constructor are options of the kind: `--model my_vae:VAE:beta=4`.

    Args:
        networks: A built network for each role.
        terms: Names of the terms that are minimised, in the order in which a step has them.
        figures: Names of the other figures that a step reports.
        image_shape: Height, width and channels of the images that it learns from; `None` for
            those of the images that it makes.
        fade: The `Fade` inside the networks while they grow, or `None`.
        ema: Half-life of the averages, in thousands of images.
        seed: Seed of all random numbers.
        condition: A `ganzoo.conditions.Condition`, or its spec such as
            `"labels:classes=10"`, where images have labels, or `None`.
        making: Options of the kind's `make_generator`.

    Attributes:
        ema_generator: What `make_generator` makes of the averaged networks.
        latent_size: Numbers of a latent.

    Raises:
        ganzoo.errors.InputError: If a network computes in float16 or cannot be copied.

    Example:

    ```python
    class Autoencoder(ganzoo.GenerativeModel):
        roles = ("encoder", "generator")

        def __init__(self, encoder, generator, **options):
            networks = {"encoder": encoder, "generator": generator}
            super().__init__(networks, terms=("error",), **options)

        def update(self, images):
            def error():
                codes = self.encoder(images, training=True)[:, : self.latent_size]
                made = self.generator(codes, training=True)
                error = ops.mean(ops.square(made - images))
                return error, {"error": error}

            return ops.shape(images)[0], self.minimise(error, *self.roles)


    encoder, generator, fade = ganzoo.architectures.get("progressive-dcgan:base=14")(
        ganzoo.Stage(14, kimg=1), roles=Autoencoder.roles
    )
    model = Autoencoder(encoder, generator)
    model.compile(Adam(1e-3), Adam(1e-3))
    model.fit(images, batch_size=16, epochs=2)
    samples = model.sample(16)
    ```
    """

    roles: tuple[str, ...] = ()  # Names of its networks, each of which has an optimizer.
    averaged: tuple[str, ...] = ("generator",)  # Roles of which an average is kept.
    translates: bool = (
        False  # Whether it makes images of images, see `ganzoo.models.translation`.
    )
    log_names: tuple[str, ...] = ()  # Figures that an override adds to the logs.
    # Settings of a training that go well with the kind: `architecture`, `batch` and others.
    recommended: Mapping[str, Any] = {}
    remedy = "Try a lower learning rate, such as adam:learning_rate=0.0002."  # Of divergence.

    def __init__(
        self,
        networks: Mapping[str, keras.Model],
        terms: Sequence[str],
        figures: Sequence[str] = (),
        image_shape: tuple[int | None, int | None, int | None] | None = None,
        fade: Any = None,
        ema: float = HALF_LIFE,
        seed: int = 0,
        condition: str | Condition | None = None,
        making: Mapping[str, Any] | None = None,
        name: str | None = None,
    ):
        # Under a policy of bfloat16 too: rounded latents would choose two categories.
        super().__init__(name=name, dtype="float32")
        refuse_float16(**networks)
        condition = None if condition is None else conditions.get(condition)
        condition = condition if condition is not None and condition.asks else None
        for role in self.roles:
            setattr(self, role, networks[role])
        self.fade = fade
        self.seed = seed
        self.condition: Any = condition
        seed_dtype()  # Here, outside of the step's graph.
        self.half_life = ema
        self.averages = tuple(EMA(networks[role], half_life=ema) for role in self.averaged)
        for role, network in self.ema_networks().items():
            setattr(self, f"ema_{role}", network)
        make: Any = self.make_generator
        self.ema_generator = make(self.ema_networks(), **(making or {}))
        self.latent_size = 0
        if not self.translates:
            self.latent_size = latent_size(self.ema_generator, labels=condition is not None)
        self.image_shape = image_shape or tuple(self.ema_generator.output_shape[1:])
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

    def _counter(self, name: str) -> Any:
        return self.add_weight(
            shape=(), initializer="zeros", dtype="int32", trainable=False, name=name
        )

    def by_role(self) -> dict[str, keras.Model]:
        """The networks by role."""
        return {role: getattr(self, role) for role in self.roles}

    def ema_networks(self) -> dict[str, keras.Model]:
        """The averaged networks by role."""
        return {
            role: ema.network for role, ema in zip(self.averaged, self.averages, strict=True)
        }

    @property
    def alpha(self) -> float:
        """Share of the newest layers, 0 to 1; 1 where nothing fades."""
        return 1.0 if self.fade is None else float(self.fade.alpha)

    def call(self, latents: Any, training: bool = False) -> Any:
        """Images of the averaged networks, [N, H, W, C] in [-1, 1]."""
        return self.ema_generator(latents, training=training)

    def sample(
        self,
        count: int,
        seed: int = 0,
        purpose: str = "generate",
        labels: np.ndarray | None = None,
    ) -> np.ndarray:
        """Images of the averaged networks, the same on every backend but for rounding.

        Args:
            count: How many; the first n of them do not depend on it.
            seed: Decides the latents.
            purpose: Latents for one purpose are not those for another.
            labels: Of a model with a condition, the classes that are asked for, int32
                [count]; `None`: each class in turn.

        Returns:
            uint8 [count, H, W, C].
        """
        return draw_images(self.ema_generator, seed, purpose, count, labels)

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

    @classmethod
    def make_generator(cls, networks: Mapping[str, keras.Model]) -> keras.Model:
        """What makes images: here the network whose role is "generator".

        It may have weights of its own, which the step moves and a checkpoint holds. A kind's
        own method may take options that say how images are made, with their defaults: a person
        may choose others for a trained run.

        Args:
            networks: The averaged networks, by role.

        Returns:
            A model from latents, float32 [N, L] from a standard normal distribution, to images
            [N, H, W, C] in [-1, 1].
        """
        return networks["generator"]

    @classmethod
    def make_encoder(cls, networks: Mapping[str, keras.Model]) -> keras.Model | None:
        """What finds the latents of images; `None` of a kind that cannot.

        Args:
            networks: The averaged networks, by role.

        Returns:
            A model from images [N, H, W, C] in [-1, 1] to latents, float32 [N, L].
        """
        return None

    @classmethod
    def as_scored(cls, discriminator: keras.Model) -> keras.Model:
        """The discriminator of a run that is opened, with the weights by which it scores."""
        return discriminator

    def reconstruct(self, images: Any, labels: np.ndarray | None = None) -> np.ndarray | None:
        """Images of the latents of images, by the averaged networks.

        Args:
            images: As `prepare` takes them.
            labels: Of a model with a condition, their labels, int32 [N].

        Returns:
            uint8 [N, H, W, C]; `None` of a kind that does not encode images.
        """
        encoder = self.make_encoder(self.ema_networks())
        if encoder is None:
            return None
        latents = encode(encoder, ops.convert_to_numpy(self.prepare(images)))
        return generate(self.ema_generator, latents, labels=labels)

    def first_weights(self, arrays: Mapping[str, Any], model: str) -> Mapping[str, Any]:
        """Weights to begin with, of another run's.

        Args:
            arrays: Those of the other run's networks and averages, by the names of
                `named_weights`.
            model: Spec of what they are of.

        Returns:
            Weights by the names of this model.

        Raises:
            ganzoo.errors.InputError: If the kind cannot begin with such a model.
        """
        return arrays

    def updates(self) -> dict[str, int]:
        """Updates of each network in a step, by role."""
        return dict.fromkeys(self.roles, 1)

    def memory(self) -> dict[str, Any]:
        """Variables of what the step remembers beside networks, under stable names."""
        return generator_memory(self.ema_generator, self.ema_networks())

    def rhythm(self) -> int:
        """Steps after which the work of steps repeats: more than 1 where some is due seldom."""
        return 1

    def passes(self) -> dict[str, Passes]:
        """Passes of a training image through each network, by role, to count FLOPs."""
        return dict.fromkeys(self.roles, Passes(single=1, backward=1))

    def sampled_passes(self) -> dict[str, Passes]:
        """Passes for one image that is made, by role of the averaged networks."""
        makers = [role for role in self.averaged if role == "generator"] or self.averaged
        return dict.fromkeys(makers, Passes(single=1))

    def panels(self) -> dict[str, tuple[str, ...]]:
        """What a plot of the training shows: names of figures by the label of their panel."""
        figures = tuple(self.figures.names[len(self.terms) :])
        return {"loss": self.terms} | ({"figure": figures} if figures else {})

    def shown_terms(self) -> list[str]:
        """The terms in the order in which people read them: those of the first panel first."""
        first = next(iter(self.panels().values()))
        return sorted(self.terms, key=lambda term: term not in first)

    def culprits(self, bad: Sequence[str]) -> list[str]:
        """Of the `terms` that became infinite or NaN in one step, those that were the first."""
        return list(bad)

    # The step.

    def prepare(self, images: Any) -> Any:
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

    def step(self, data: Any) -> dict[str, Any]:
        """One `update`, averaging, counting.

        Args:
            data: Images, or a pair of images and labels; labels are left aside where the model
                has no condition.
        """
        images, labels, _ = keras.utils.unpack_x_y_sample_weight(data)
        shown, logs = self.update(*self.given(images, labels))
        for ema in self.averages:
            ema.update(shown, self.images_seen)
        if self.fade is not None:
            self.fade.advance(shown)
        figures = ops.stack([ops.mean(logs[name]) for name in self.figures.names])
        figures = ops.stop_gradient(figures)
        self._note_bad_terms(figures[: len(self.terms)])
        self.figures.update_state(figures)
        self.iteration.assign_add(1)
        self.images_seen.assign_add(ops.cast(shown, "int32"))
        return self.get_metrics_result()

    def given(self, images: Any, labels: Any) -> list[Any]:
        """What `update` is given of a batch and of what comes with it."""
        asked = [] if self.condition is None else [self._prepare_labels(labels)]
        return [self.prepare(images), *asked]

    def _prepare_labels(self, labels: Any) -> Any:
        labels = self.condition.prepare(labels)
        self.label_range.update_state(labels)
        return labels

    def step_seed(self, purpose: str) -> StepSeed:
        """Random numbers of this step for one purpose; other purposes have others."""
        return StepSeed(self.seed, purpose, self.iteration)

    def minimise(
        self, loss: Callable[[], tuple[Any, dict[str, Any]]], *roles: str
    ) -> dict[str, Any]:
        """One update of the networks of `roles`, each by its own optimizer.

        Args:
            loss: Gives what is minimised, and figures by name.
            roles: Of `self.roles`.

        Returns:
            The figures.
        """
        variables = {role: getattr(self, role).trainable_variables for role in roles}
        every = [variable for own in variables.values() for variable in own]
        _, logs, gradients = backend.value_and_grad(loss, every, self.variables)
        left = iter(gradients)
        for role, own in variables.items():
            getattr(self.optimizer, role).apply([next(left) for _ in own], own)
        return logs

    def _note_bad_terms(self, values: Any) -> None:
        now = ops.convert_to_tensor(self.iteration)
        bad = ops.where(ops.isfinite(values), ops.full_like(now, NEVER), now)
        self.first_bad.assign(ops.minimum(self.first_bad, bad))

    # The state.

    def get_config(self) -> dict[str, Any]:
        """The constructor's keywords, the networks among them."""
        return {"name": self.name} | parts(self)

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None
    ) -> "GenerativeModel":
        """A model with new networks; `keras.models.load_model` then loads their weights."""
        return cls(**from_parts(cls, config, custom_objects))

    def named_variables(self) -> dict[str, Any]:
        """Every variable that a step reads or writes, under stable names."""
        named = self.named_weights()
        # The range of images is no part of a step.
        named |= {f"metrics/{v.path}": v for v in self.figures.variables}
        for role, network in self.by_role().items():
            for i, variable in enumerate(_states(network)):
                named[f"{role}/state_{i}"] = variable
            for variable in getattr(self.optimizer, role).variables:
                # Keras numbers optimizers within a process: adam, adam_1, ...
                named[f"{role}_optimizer/{variable.path.partition('/')[2]}"] = variable
        if self.fade is not None:
            named["fade"] = self.fade.seen
        named |= self.memory()
        return named | {
            "iteration": self.iteration,
            "images_seen": self.images_seen,
            "first_bad": self.first_bad,
        }

    def named_weights(self) -> dict[str, Any]:
        """Weights of the networks and of their averages, keyed as in `named_variables`."""
        return weights_by_name(self.by_role() | ema_parts(self.ema_networks()), self.fade)


def weights_by_name(networks: Mapping[str, keras.Model], fade: Any) -> dict[str, Any]:
    """Weights of networks by part and path, without the fade's count, which all share."""
    seen = None if fade is None else fade.seen
    weights = ((part, v) for part, network in networks.items() for v in network.weights)
    return {f"{part}/{v.path}": v for part, v in weights if v is not seen}


def generator_memory(
    generator: keras.Model, networks: Mapping[str, keras.Model]
) -> dict[str, Any]:
    """Weights that a generator has beside those of the networks that it is made of, by name."""
    own = {id(v) for network in networks.values() for v in network.weights}
    return {f"memory/{v.path}": v for v in generator.weights if id(v) not in own}


def ema_parts(networks: Mapping[str, keras.Model]) -> dict[str, keras.Model]:
    """Averaged networks by what their weights' names begin with in `named_variables`."""
    if len(networks) == 1:
        return dict(zip(("ema",), networks.values(), strict=True))
    return {f"ema_{role}": network for role, network in networks.items()}


def _states(network: keras.Model) -> list[Any]:
    """Variables that are no weights, such as dropout's; Keras numbers them in a process."""
    weights = {id(v) for v in network.weights}
    return [v for v in network.variables if id(v) not in weights]


def box_mean(images: Any, factor: int) -> Any:
    """The exact mean of each `factor` x `factor` box: [N, H, W, C] to [N, H/f, W/f, C]."""
    if factor == 1:
        return images
    return ops.average_pool(images, factor, strides=factor, data_format="channels_last")


def upsample(images: Any, factor: int = 2) -> Any:
    """Each pixel becomes a square of its kind: [N, H, W, C] to [N, factor H, factor W, C]."""
    return ops.repeat(ops.repeat(images, factor, axis=1), factor, axis=2)

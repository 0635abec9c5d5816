"""The game: two networks, a loss, and the step that plays it."""

import keras
import numpy as np
from keras import ops

from ganzoo import backend, joint_batch, losses, networks
from ganzoo.ema import EMA, HALF_LIFE
from ganzoo.errors import InputError
from ganzoo.figures import Figures
from ganzoo.keras_interface import KerasInterface
from ganzoo.losses import penalties as penalty_registry
from ganzoo.losses.loss import check_critic_steps
from ganzoo.losses.penalties.cached_scores import CachedScores
from ganzoo.losses.penalties.penalty import due_together, one_sided
from ganzoo.saving import from_parts, parts
from ganzoo.seeds import StepSeed, seed_dtype
from ganzoo.training_images import ImageRange, check_shape, dtype_of

NEVER = np.iinfo(np.int32).max


@keras.saving.register_keras_serializable("ganzoo")
class GANModel(KerasInterface, backend.Stepper, keras.Model):
    """A generator and a discriminator that play against each other.

    Override `discriminator_loss`, `generator_loss` or `latents`; `step` runs them
    unchanged on TensorFlow, JAX and PyTorch, and `compile`, `fit`, callbacks, `save` and
    `keras.models.load_model` are those of Keras. Each backend compiles or records the step,
    so what changes from one step to the next must be a Keras variable, changed by `assign`.

    Args:
        generator: Model from latents [N, L] to images [N, H, W, C] in [-1, 1], built.
            Functional, Sequential, or a class of one's own that its config makes again.
        discriminator: Model from such images to logits [N, ...], without an activation at
            its end. Where that was measured
            faster and its layers allow it (`ganzoo.joint_batch`), real and fake images
            share its pass. Layers of it that have a method `after_update` (see
            `ganzoo.architectures.spectral`) have it called after each of its updates.
        loss: A `Loss`, its name, or a spec such as `"wgan-gp:weight=5"`. Its `settings` are
            for `Trainer`: what goes with it here, you say.
        penalties: More penalties, or their specs, on top of the loss's own.
        fade: The `Fade` inside both networks while they grow, or `None`.
        critic_steps: Discriminator updates for each generator update, each with
            fresh images and latents; images come round in a batch of fewer. `None` for
            the loss's own number.
        ema: Half-life of the averaged generator, in thousands of images.
        seed: Seed of latents and penalties.

    Raises:
        ganzoo.errors.InputError: If a penalised discriminator has batch normalization,
            `critic_steps` is not a whole number of 1 or more, or a network is not built,
            computes in float16 or cannot be copied.

    Example:

    ```python
    model = GANModel(generator, discriminator, loss="wgan-gp")
    model.compile(Adam(1e-3, beta_1=0.0), Adam(1e-3, beta_1=0.0))
    model.fit(images, batch_size=16, epochs=5)  # uint8, or float in [-1, 1]
    samples = model.predict(latents)
    ```
    """

    log_names: tuple[str, ...] = ()  # Figures that an override adds to the logs.

    def __init__(
        self,
        generator,
        discriminator,
        loss="non-saturating",
        penalties=(),
        fade=None,
        critic_steps=None,
        ema=HALF_LIFE,
        seed=0,
        name=None,
    ):
        # Under a policy of bfloat16 too: rounded latents would choose two categories.
        super().__init__(name=name, dtype="float32")
        networks.refuse_float16(generator=generator, discriminator=discriminator)
        self.latent_size = networks.latent_size(generator)
        self.image_shape = networks.image_shape(discriminator)
        networks.warn_of_probabilities(discriminator)
        self.generator = generator
        self.discriminator = discriminator
        self.loss = losses.get(loss)
        self.penalties = (
            *self.loss.penalties,
            *penalty_registry.get_all(penalties),
        )
        self.fade = fade
        self.critic_steps = self.loss.critic_steps if critic_steps is None else critic_steps
        check_critic_steps(self.critic_steps)
        self.seed = seed
        seed_dtype()  # Here, outside of the step's graph.
        refuse_batch_statistics(discriminator, self.penalties)
        self.scores_jointly = joint_batch.possible(discriminator) and faster_joined(
            self.penalties
        )
        self.ema = EMA(generator, half_life=ema)
        self.ema_generator = self.ema.network
        self.iteration = self._counter("iteration")
        self.images_seen = self._counter("images_seen")
        self.terms = ("d_loss", *self.penalty_names, "g_loss")
        self.figures = Figures((*self.terms, "real_score", "fake_score", *self.log_names))
        self.image_range = ImageRange()
        # For each term the first step at which it was not finite.
        self.first_bad = self.add_weight(
            shape=(len(self.terms),),
            initializer=keras.initializers.Constant(NEVER),
            dtype="int32",
            trainable=False,
            name="first_bad",
        )
        self.built = True  # Both networks arrive built.

    def _counter(self, name):
        return self.add_weight(
            shape=(), initializer="zeros", dtype="int32", trainable=False, name=name
        )

    @property
    def penalty_names(self):
        """Names of the penalties' figures in the logs."""
        names = [
            penalty_registry.registry.describe(p).rpartition(":")[2] for p in self.penalties
        ]
        return [
            name if names.count(name) == 1 else f"{name}_{i}" for i, name in enumerate(names)
        ]

    @property
    def alpha(self):
        """Share of the newest layers, 0 to 1; 1 where nothing fades."""
        return 1.0 if self.fade is None else float(self.fade.alpha)

    def call(self, latents, training=False):
        """Images of the averaged generator, [N, H, W, C] in [-1, 1]."""
        return self.ema_generator(latents, training=training)

    # What a new idea overrides.

    def latents(self, n, seed):
        """`n` latent vectors [n, L] from a standard normal distribution."""
        return keras.random.normal((n, self.latent_size), seed=seed)

    def discriminator_loss(self, real, fake, seed):
        """What the discriminator minimises, and figures for the logs.

        Args:
            real: Real images [N, H, W, C], float32 in [-1, 1].
            fake: Generated images of that shape, without gradient.
            seed: Source of random numbers, for penalties.
        """
        critic = CachedScores(self.score, self.scores_jointly)
        score = critic.both if self.penalties else self._scores
        on_real, on_fake = score(real, fake)
        total = loss = self.loss.discriminator(on_real, on_fake)
        logs = {"d_loss": loss, "real_score": on_real, "fake_score": on_fake}
        penalties = dict(zip(self.penalty_names, self.penalties, strict=True))
        for every, due in due_together(penalties).items():
            logs |= self._penalties(every, due, critic, real, fake, seed)
        for name in penalties:
            total = total + logs[name]  # `+=` would change `loss` on PyTorch.
        return total, logs

    def _penalties(self, every, penalties, critic, *arguments):
        if every == 1:
            return {name: p(critic, *arguments) for name, p in penalties.items()}

        def when_due():
            inside = critic.inside(both=not one_sided(penalties.values()))
            return {name: every * p(inside, *arguments) for name, p in penalties.items()}

        def skipped():
            return {name: ops.zeros((), "float32") for name in penalties}

        return ops.cond(ops.equal(self.iteration % every, 0), when_due, skipped)

    def generator_loss(self, fake, real):
        """What the generator minimises, and figures for the logs.

        Args:
            fake: Generated images [N, H, W, C].
            real: The discriminator's last batch, for relativistic losses.
        """
        if self.loss.relativistic:
            loss = self.loss.generator(*self._scores(fake, real))
        else:
            loss = self.loss.generator(self.score(fake))
        return loss, {"g_loss": loss}

    def _scores(self, *batches):
        if not self.scores_jointly:
            return [self.score(images) for images in batches]
        with joint_batch.joined(len(batches)):
            logits = self.score(joint_batch.join(*batches))
        return joint_batch.split(logits, len(batches))

    # The step.

    def score(self, images):
        """Logits of the discriminator in training, float32."""
        return ops.cast(self.discriminator(images, training=True), "float32")

    def prepare(self, images):
        """Real images as the discriminator sees them: float, its size, faded.

        Args:
            images: uint8, or numbers in [-1, 1]; [N, H, W, C], H a multiple of the
                discriminator's size. Larger images shrink to their exact box mean.

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
        """Discriminator updates, one generator update, averaging, counting."""
        images, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        images = self.prepare(images)
        rows = ops.shape(images)[0]
        n = _at_least_one(rows // self.critic_steps)
        for k in range(self.critic_steps):
            start = k * n % rows  # In a batch of fewer images than updates they come round.
            real = backend.local_rows(images[start : start + n])
            logs = self._update_discriminator(real, n, k)
        logs |= self._update_generator(real, n)
        shown = n * self.critic_steps
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

    def _latents(self, n, purpose):
        latents = self.latents(n, StepSeed(self.seed, purpose, self.iteration))
        return backend.local_rows(latents)

    def _update_discriminator(self, real, n, k):
        latents = self._latents(n, f"d_latents_{k}")
        fake = ops.stop_gradient(self.generator(latents, training=True))
        seed = StepSeed(self.seed, f"penalty_{k}", self.iteration)
        logs = self._minimise(
            lambda: self.discriminator_loss(real, fake, seed),
            self.discriminator.trainable_variables,
            self.optimizer.discriminator,
        )
        for layer in self.discriminator._flatten_layers():
            if hasattr(layer, "after_update"):
                layer.after_update()
        if self.loss.constraint is not None:
            for variable in self.discriminator.trainable_variables:
                variable.assign(self.loss.constraint(variable))
        return logs

    def _update_generator(self, real, n):
        latents = self._latents(n, "g_latents")
        return self._minimise(
            lambda: self.generator_loss(self.generator(latents, training=True), real),
            self.generator.trainable_variables,
            self.optimizer.generator,
        )

    def _minimise(self, loss, variables, optimizer):
        _, logs, gradients = backend.value_and_grad(loss, variables, self.variables)
        optimizer.apply(gradients, variables)
        return logs

    def _note_bad_terms(self, values):
        now = ops.convert_to_tensor(self.iteration)
        bad = ops.where(ops.isfinite(values), ops.full_like(now, NEVER), now)
        self.first_bad.assign(ops.minimum(self.first_bad, bad))

    # The state.

    def get_config(self):
        """The constructor's keywords, both networks among them."""
        return {"name": self.name} | parts(self)

    @classmethod
    def from_config(cls, config, custom_objects=None):
        """A model with new networks; `keras.models.load_model` then loads their weights."""
        return cls(**from_parts(config, custom_objects))

    def named_variables(self):
        """Every variable that a step reads or writes, under stable names."""
        parts = {
            "generator": self.generator.weights,
            "discriminator": self.discriminator.weights,
            "metrics": self.figures.variables,  # The range of images is no part of a step.
        }
        named = {f"{part}/{v.path}": v for part, vs in parts.items() for v in vs}
        for player in ("generator", "discriminator"):
            for i, variable in enumerate(_states(getattr(self, player))):
                named[f"{player}/state_{i}"] = variable
            for variable in getattr(self.optimizer, player).variables:
                # Keras numbers optimizers within a process: adam, adam_1, ...
                named[f"{player}_optimizer/{variable.path.partition('/')[2]}"] = variable
        if self.fade is not None:
            named = {name: v for name, v in named.items() if v is not self.fade.seen}
        return named | {
            **averaged_variables(self.ema_generator, self.fade),
            "iteration": self.iteration,
            "images_seen": self.images_seen,
            "first_bad": self.first_bad,
        }


def averaged_variables(generator, fade):
    """Weights of the EMA generator, keyed as in `GANModel.named_variables`."""
    if fade is None:
        return {f"ema/{v.path}": v for v in generator.weights}
    named = {f"ema/{v.path}": v for v in generator.weights if v is not fade.seen}
    return named | {"fade": fade.seen}


def faster_joined(penalties):
    """Whether scoring real and fake images in one pass is faster here."""
    each_step = [penalty for penalty in penalties if penalty.every == 1]
    # The gradient at one of them alone would be that of both.
    return backend.scores_jointly(beside=bool(each_step)) and not one_sided(each_step)


def _states(network):
    """Variables that are no weights, such as dropout's; Keras numbers them in a process."""
    weights = {id(v) for v in network.weights}
    return [v for v in network.variables if id(v) not in weights]


def _at_least_one(n):
    """`n` or 1; where TensorFlow does not know a batch's size in the graph, `n` is a tensor."""
    return max(n, 1) if isinstance(n, int) else ops.maximum(n, 1)


def box_mean(images, factor):
    """The exact mean of each `factor` x `factor` box: [N, H, W, C] to [N, H/f, W/f, C]."""
    if factor == 1:
        return images
    return ops.average_pool(images, factor, strides=factor, data_format="channels_last")


def upsample(images):
    """Each pixel becomes 2 x 2: [N, H, W, C] to [N, 2H, 2W, C]."""
    return ops.repeat(ops.repeat(images, 2, axis=1), 2, axis=2)


def refuse_batch_statistics(discriminator, penalties):
    """Raises `InputError` if a penalised discriminator has batch normalization."""
    if penalties and has_batch_statistics(discriminator):
        raise InputError(
            "A penalty prices the gradient at each sample alone, and batch normalization in "
            "the discriminator mixes samples. Give it layer normalization or none, or drop "
            f"{', '.join(map(repr, penalties))}."
        )


def has_batch_statistics(layer):
    """Whether a layer, or one inside it, normalises over the batch."""
    # `layers` of a model does not look into blocks that are layers themselves.
    inner = layer._flatten_layers()
    return any(isinstance(each, keras.layers.BatchNormalization) for each in inner)

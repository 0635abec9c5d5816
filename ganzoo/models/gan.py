"""The game: two networks, a loss, and the updates that play it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import keras
from keras import ops

from ganzoo import (
    architectures,
    augmentations,
    backend,
    conditions,
    joint_batch,
    losses,
    networks,
)
from ganzoo.architectures.reconstruction import ReconstructionScore
from ganzoo.augmentations.augmentation import Augmentation
from ganzoo.augmentations.controller import certainty
from ganzoo.conditions.condition import Condition
from ganzoo.ema import HALF_LIFE
from ganzoo.errors import InputError
from ganzoo.growth import Fade
from ganzoo.losses import penalties as penalty_registry
from ganzoo.losses.loss import Loss, check_critic_steps
from ganzoo.losses.penalties.cached_scores import CachedScores
from ganzoo.losses.penalties.penalty import Penalty, one_sided
from ganzoo.losses.penalties.turn import Turn
from ganzoo.models.gan_passes import gan_passes
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.models.penalty_terms import (
    DISCRIMINATOR,
    GENERATOR,
    PenaltyTerms,
    current,
    figures,
    remembered,
)
from ganzoo.models.scales import Scales
from ganzoo.passes import Passes


@keras.saving.register_keras_serializable("ganzoo")
class GANModel(GenerativeModel):
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
        condition: A `Condition`, or its spec such as `"labels:classes=10"`, where images are
            made of what is asked for. The generator then has labels, int32 [N], as its second
            input, and so has the discriminator where the condition says so.
        augment: An `Augmentation`, or its spec such as `"ada"`: a change of all images that
            the discriminator is shown, for small sets. The discriminator's penalties see
            changed images too, the generator's see them as they are.
        beside: Built networks of the further roles that a subclass has, by role.
        making: Options of the subclass's `make_generator`.

    Raises:
        ganzoo.errors.InputError: If a penalised discriminator has batch normalization,
            `critic_steps` is not a whole number of 1 or more, the augmentation does not go
            with the loss or the condition, or a network is not built, computes in float16 or
            cannot be copied.

    Example:

    ```python
    model = GANModel(generator, discriminator, loss="wgan-gp")
    model.compile(Adam(1e-3, beta_1=0.0), Adam(1e-3, beta_1=0.0))
    model.fit(images, batch_size=16, epochs=2)  # uint8, or float in [-1, 1]
    samples = model.predict(latents)
    ```
    """

    roles: tuple[str, ...] = ("generator", "discriminator")
    remedy = (
        "Try a lower learning rate (adam:learning_rate=0.0002,beta_1=0.0,global_clipnorm=1) or "
        "stronger penalties (r1:gamma=1, r2:gamma=1)."
    )
    moved_with_generator: tuple[str, ...] = ("generator",)  # Roles that its update moves.
    further_terms: tuple[str, ...] = ()  # Of a subclass's generator update.
    asked: Any = None  # The labels of the update that is being made, `AskedLabels`.
    drawn: Any = None  # Its latents.
    unchanged: Any = None  # Real images and fakes of the generator's, before augmentation.

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        loss: str | Loss = "non-saturating",
        penalties: str | Iterable[str | Penalty] = (),
        fade: Fade | None = None,
        critic_steps: int | None = None,
        ema: float = HALF_LIFE,
        seed: int = 0,
        condition: str | Condition | None = None,
        augment: str | Augmentation | None = None,
        name: str | None = None,
        beside: Mapping[str, keras.Model] | None = None,
        making: Mapping[str, Any] | None = None,
    ):
        condition = None if condition is None else conditions.get(condition)
        condition = condition if condition is not None and condition.asks else None
        loss = losses.get(loss)
        penalties = (*loss.penalties, *penalty_registry.get_all(penalties))
        critic_steps = loss.critic_steps if critic_steps is None else critic_steps
        check_critic_steps(critic_steps)
        networks.latent_size(generator, labels=condition is not None)
        in_discriminator = condition is not None and condition.discriminator.takes_labels
        image_shape = networks.image_shape(discriminator, labels=in_discriminator)
        networks.warn_of_probabilities(discriminator)
        refuse_penalties(generator, discriminator, penalties)
        refuse_scores(discriminator, loss)
        augment = None if augment is None else augmentations.get(augment)
        augment = augment if augment is not None and augment.changes else None
        refuse_augmentation(augment, loss, condition)
        super().__init__(
            {"generator": generator, "discriminator": discriminator, **(beside or {})},
            terms=(*terms(penalties, condition), *self.further_terms),
            figures=(
                "real_score",
                "fake_score",
                *augmentation_figures(augment),
                *loss.figures,
            ),
            image_shape=image_shape,
            fade=fade,
            ema=ema,
            seed=seed,
            condition=condition,
            making=making,
            name=name,
        )
        self.loss = loss
        self.penalties = penalties
        self.penalty_terms = PenaltyTerms(self, penalties)
        self.loss_remembers = remembered(self, "loss", loss.memory)
        self.augment = augment
        self.augmented_by = remembered(self, "augment", augment.memory if augment else {})
        self.scales = Scales.of(generator, discriminator)
        refuse_scales(self.scales, augment)
        self.features = (
            self.scales.features if self.scales else networks.Features(discriminator)
        )
        self.critic_steps = critic_steps
        self.scores_jointly = joint_batch.possible(discriminator) and faster_joined(penalties)

    # What a trainer asks.

    def updates(self) -> dict[str, int]:
        moved = dict.fromkeys(self.moved_with_generator, 1)
        return moved | {"discriminator": self.critic_steps}

    def memory(self) -> dict[str, Any]:
        own = {f"memory/augment/{key}": v for key, v in self.augmented_by.items()}
        own |= {f"memory/loss/{key}": v for key, v in self.loss_remembers.items()}
        return super().memory() | self.penalty_terms.named_variables() | own

    def rhythm(self) -> int:
        return max((penalty.every for penalty in self.penalties), default=1)

    def passes(self) -> dict[str, Passes]:
        return gan_passes(
            self.loss, self.penalties, self.critic_steps, jointly=self.scores_jointly
        )

    def panels(self) -> dict[str, tuple[str, ...]]:
        names = tuple(self.penalty_names)
        penalties = {"penalty": names} if names else {}
        names = (*self.log_names, *self.loss.figures)
        own = {"figure": names} if names else {}
        scores = {"mean logit of D": ("real_score", "fake_score")}
        others = (*self.penalty_names, *self.further_terms)
        losses = tuple(term for term in self.terms if term not in others)
        changes = augmentation_figures(self.augment)
        augment = {"augmentation": changes} if changes else {}
        return {"loss": losses} | penalties | scores | augment | own

    def shown_terms(self) -> list[str]:
        return [*super().shown_terms(), *self.loss.figures]

    def culprits(self, bad: Sequence[str]) -> list[str]:
        # D is updated first, and a bad update of D spoils G's loss.
        last = self.terms[self.terms.index("g_loss") :]
        return [term for term in bad if term not in last] or list(bad)

    @property
    def penalty_names(self) -> list[str]:
        """Names of the penalties' figures in the logs."""
        players = (DISCRIMINATOR, GENERATOR)
        return [name for player in players for name in figures(self.penalties, player)]

    def get_config(self) -> dict[str, Any]:
        serialize = keras.saving.serialize_keras_object
        return super().get_config() | {
            "loss": serialize(self.loss),
            # The loss brings its own.
            "penalties": [serialize(p) for p in self.penalties[len(self.loss.penalties) :]],
            "critic_steps": self.critic_steps,
            "augment": self.augment and serialize(self.augment),
        }

    # What a new idea overrides.

    def latents(self, n: int, seed: Any) -> Any:
        """`n` latent vectors [n, L] from a standard normal distribution."""
        return keras.random.normal((n, self.latent_size), seed=seed)

    def discriminator_loss(self, real: Any, fake: Any, seed: Any) -> tuple[Any, dict[str, Any]]:
        """What the discriminator minimises, and figures for the logs.

        Args:
            real: Real images [N, H, W, C], float32 in [-1, 1], augmented if asked for; of an
                architecture with images at several sizes packed, see `ganzoo.models.scales`.
            fake: Generated images of that shape, without gradient; augmented as well.
            seed: Source of random numbers, for penalties.
        """
        turn = self._turn(self.discriminator, real, fake, seed)
        real, fake = self.penalty_terms.seen(real, turn), self.penalty_terms.seen(fake, turn)
        critic = scored = self._critic(real, fake)
        cached = self.penalties or self.condition is not None
        on_real, on_fake = (critic.both if cached else self._scores)(real, fake)
        remembered = current(self.loss_remembers)
        given = {"memory": remembered} if remembered else {}
        total = loss = self.loss.discriminator(on_real, on_fake, **given)
        logs = {"d_loss": loss, "real_score": on_real, "fake_score": on_fake}
        if (witness := self.loss.witness) is not None:
            critic = critic.composed(lambda scores: witness(scores, on_real, on_fake))
        turn = replace(turn, critic=critic, real=real, fake=fake)
        total, logs = self._with_penalties(DISCRIMINATOR, turn, total, logs)
        if self.condition is None:
            return total, logs
        terms = self.condition.discriminator.discriminator_loss(
            scored.others(real), scored.others(fake), self.asked.real, self.asked.fake
        )
        return sum(terms.values(), total), logs | terms

    def _critic(self, real: Any, fake: Any, gradients: bool = True) -> CachedScores:
        if self.condition is None:
            return CachedScores(self.score, self.scores_jointly)
        labels = ((real, self.asked.real), (fake, self.asked.fake))
        return CachedScores(self.outputs, self.scores_jointly, labels, gradients)

    def _turn(
        self,
        network: keras.Model,
        real: Any,
        fake: Any,
        seed: keras.random.SeedGenerator,
    ) -> Turn:
        return Turn(
            critic=lambda images: self.score(images, self._labels_of(images, real)),
            generate=self._generate,
            features=lambda images: self.features(
                self._inputs(images, self._labels_of(images, real))
            ),
            network=network,
            real=real,
            fake=fake,
            latents=self.drawn,
            images_seen=ops.cast(self.images_seen, "float32"),
            seed=seed,
        )

    def _labels_of(self, images: Any, real: Any) -> Any:
        if self.asked is None:
            return None
        return self.asked.real if images is real else self.asked.fake

    def _inputs(self, images: Any, labels: Any) -> Any:
        takes = self.condition is not None and self.condition.discriminator.takes_labels
        return [images, labels] if takes else images

    def _with_penalties(
        self, player: str, turn: Turn, total: Any, logs: dict[str, Any]
    ) -> tuple[Any, dict[str, Any]]:
        values = self.penalty_terms.pay(player, turn, self.iteration)
        for name in figures(self.penalties, player):
            total = total + values[name]  # `+=` would change the loss on PyTorch.
        return total, logs | values

    def generator_loss(self, fake: Any, real: Any) -> tuple[Any, dict[str, Any]]:
        """What the generator minimises, and figures for the logs.

        Args:
            fake: Generated images [N, H, W, C], augmented if asked for.
            real: The discriminator's last batch, for relativistic losses; augmented as well.
        """
        plain = (real, fake) if self.unchanged is None else self.unchanged
        seed = self.step_seed("g_penalty")
        turn = self._turn(self.generator, plain[0], plain[1], seed)
        real, fake = self.penalty_terms.seen(real, turn), self.penalty_terms.seen(fake, turn)
        on_fake, on_real, terms = self._scored_for_generator(fake, real)
        learned_from = self.penalty_terms.learned_from(on_fake, turn)
        total = loss = self.loss.generator(learned_from, *on_real)
        logs = {"g_loss": loss, "g_fake_score": on_fake} | terms
        total, logs = self._with_penalties(GENERATOR, turn, total, logs)
        return sum(terms.values(), total), logs

    def further_loss(self, fake: Any, real: Any, n: int) -> tuple[Any, dict[str, Any]]:
        """What the generator's update minimises beside `generator_loss`, and its terms.

        Args:
            fake: Generated images [N, H, W, C] of the latents `drawn`, not augmented.
            real: The discriminator's last batch, not augmented.
            n: Images of the update on all devices; N are this device's.

        Returns:
            A number, and the figures that `further_terms` names.
        """
        return 0.0, {}

    def _scored_for_generator(
        self, fake: Any, real: Any
    ) -> tuple[Any, list[Any], dict[str, Any]]:
        """Scores of fakes, those of real images in a list if need be, a condition's terms."""
        relativistic = self.loss.relativistic
        if self.condition is None:
            on_fake, *on_real = self._scores(fake, real) if relativistic else [self.score(fake)]
            return on_fake, on_real, {}
        critic = self._critic(real, fake, gradients=False)
        on_real = critic.both(real, fake)[:1] if relativistic else []
        terms = self.condition.discriminator.generator_loss(
            critic.others(fake), self.asked.fake
        )
        return critic(fake), on_real, terms

    def _scores(self, *batches: Any) -> list[Any]:
        if not self.scores_jointly:
            return [self.score(images) for images in batches]
        with joint_batch.joined(len(batches)):
            logits = self.score(joint_batch.join(*batches))
        return joint_batch.split(logits, len(batches))

    # The step.

    def score(self, images: Any, labels: Any = None) -> Any:
        """Logits of the discriminator in training, float32.

        Args:
            images: Images [N, H, W, C].
            labels: Of a conditional model, the images' labels, int32 [N]: in a loss of one's
                own `self.asked.real` or `self.asked.fake`.
        """
        if self.condition is None:
            return ops.cast(self._discriminate(images), "float32")
        outputs = self.outputs(images, labels)
        return outputs[0] if isinstance(outputs, list) else outputs

    def outputs(self, images: Any, labels: Any) -> list[Any]:
        """What the discriminator of a conditional model gives in training, float32.

        Args:
            images: Images [N, H, W, C].
            labels: Their labels, int32 [N].

        Returns:
            Logits, or a list of them and of further outputs.
        """
        if labels is None:
            raise InputError(
                "The model is conditional: say the labels of the images that are scored, as "
                "self.score(fake, self.asked.fake)."
            )
        outputs = self._discriminate(self._inputs(images, labels))
        if isinstance(outputs, list | tuple):
            return [ops.cast(output, "float32") for output in outputs]
        return ops.cast(outputs, "float32")

    def _discriminate(self, inputs: Any) -> Any:
        if self.scales is not None:
            return self.scales.score(inputs)
        return self.discriminator(inputs, training=True)

    def update(self, images: Any, labels: Any = None) -> tuple[Any, dict[str, Any]]:
        """Discriminator updates, and one of the generator."""
        rows = ops.shape(images)[0]
        n = _at_least_one(rows // self.critic_steps)
        for k in range(self.critic_steps):
            start = k * n % rows  # In a batch of fewer images than updates they come round.
            real = backend.local_rows(images[start : start + n])
            real = real if self.scales is None else self.scales.packed(real)
            asked = labels if labels is None else labels[start : start + n]
            self.asked = self._ask(labels, asked, f"d_labels_{k}")
            logs = self._update_discriminator(real, n, k)
        self.asked = self._ask(labels, asked, "g_labels")
        logs |= self._update_generator(real, n)
        logs |= self._learn_of_loss(logs)
        self.asked = self.drawn = self.unchanged = None
        return n * self.critic_steps, logs

    def _ask(self, labels: Any, of_real: Any, purpose: str) -> Any:
        """Labels of real images, and as many for fakes: drawn from the labels of the step.

        So they are as frequent among fakes as among real images, whatever the data set.
        """
        if labels is None:
            return None
        n, count = ops.shape(of_real)[0], ops.shape(labels)[0]
        seed = self.step_seed(purpose)
        drawn = ops.take(labels, keras.random.randint((n,), 0, count, seed=seed), axis=0)
        return AskedLabels(*map(backend.local_rows, (of_real, drawn)))

    def _latents(self, n: int, purpose: str) -> Any:
        latents = self.latents(n, self.step_seed(purpose))
        return backend.local_rows(latents)

    def _generate(self, latents: Any) -> Any:
        inputs = latents if self.asked is None else [latents, self.asked.fake]
        if self.scales is not None:
            return self.scales.generate(inputs)
        return self.generator(inputs, training=True)

    def _update_discriminator(self, real: Any, n: int, k: int) -> dict[str, Any]:
        self.drawn = self._latents(n, f"d_latents_{k}")
        fake = ops.stop_gradient(self._generate(self.drawn))
        seed = self.step_seed(f"penalty_{k}")
        memory = current(self.augmented_by)
        if self.augment is not None:
            of_augment = self.step_seed(f"augment_{k}")
            real, fake = self.augment.in_discriminator(real, fake, of_augment, memory)

        def loss() -> tuple[Any, dict[str, Any]]:
            total, logs = self.discriminator_loss(real, fake, seed)
            if self.augment is not None and self.augment.watches:
                sure = certainty(self.loss, logs["real_score"], logs["fake_score"])
                logs = logs | {"certainty": sure, "p": memory["p"]}
            return total, logs

        logs = self.minimise(loss, "discriminator")
        if self.augment is not None and self.augment.watches:
            for key, value in self.augment.learn(logs["certainty"], n, memory).items():
                self.augmented_by[key].assign(ops.stop_gradient(value))
        networks.after_update(self.discriminator, self.loss.constraint)
        return logs

    def _update_generator(self, real: Any, n: int) -> dict[str, Any]:
        self.drawn = latents = self._latents(n, "g_latents")

        def loss() -> tuple[Any, dict[str, Any]]:
            fake = self._generate(latents)
            total, logs = self.generator_loss(*self._shown(fake, real))
            further, terms = self.further_loss(fake, real, n)
            return total + further, logs | terms

        return self.minimise(loss, *self.moved_with_generator)

    def _learn_of_loss(self, logs: dict[str, Any]) -> dict[str, Any]:
        """Let the loss remember; gives its figures."""
        if not self.loss_remembers:
            return {}
        known = current(self.loss_remembers)
        found = self.loss.learn(logs["real_score"], logs["g_fake_score"], known)
        for key, variable in self.loss_remembers.items():
            variable.assign(ops.stop_gradient(found[key]))
        return {name: found[name] for name in self.loss.figures}

    def _shown(self, fake: Any, real: Any) -> tuple[Any, Any]:
        """Fakes of the generator's update as D sees them, and real images if it does."""
        if self.augment is None:
            return fake, real
        self.unchanged = real, fake
        memory, seed = current(self.augmented_by), self.step_seed("g_augment")
        changed = self.augment.shown(fake, seed, memory)
        if self.loss.relativistic:
            real = self.augment.shown(real, seed, memory)
        return changed, real


@dataclass(frozen=True, eq=False)
class AskedLabels:
    """The labels of an update, int32 [N] each.

    Attributes:
        real: Of the real images.
        fake: What generated images are asked for.
    """

    real: Any
    fake: Any


def terms(penalties: Sequence[Penalty], condition: Condition | None = None) -> tuple[str, ...]:
    """Names of what both players minimise, in the order in which a step has them."""
    own = condition and condition.discriminator
    of_discriminator = own.discriminator_terms if own else ()
    of_generator = own.generator_terms if own else ()
    return (
        "d_loss",
        *figures(penalties, DISCRIMINATOR),
        *of_discriminator,
        "g_loss",
        *figures(penalties, GENERATOR),
        *of_generator,
    )


def augmentation_figures(augment: Augmentation | None) -> tuple[str, ...]:
    """Names of what a step reports of an augmentation: of one that adapts, how."""
    return ("certainty", "p") if augment is not None and augment.watches else ()


def faster_joined(penalties: Sequence[Penalty]) -> bool:
    """Whether scoring real and fake images in one pass is faster here."""
    paid = [penalty for penalty in penalties if DISCRIMINATOR in penalty.players]
    each_step = [penalty for penalty in paid if penalty.every == 1]
    # The gradient at one of them alone would be that of both.
    return backend.scores_jointly(beside=bool(each_step)) and not one_sided(each_step)


def _at_least_one(n: Any) -> Any:
    """`n` or 1; where TensorFlow does not know a batch's size in the graph, `n` is a tensor."""
    return max(n, 1) if isinstance(n, int) else ops.maximum(n, 1)


def refuse_penalties(
    generator: keras.Model, discriminator: keras.Model, penalties: Sequence[Penalty]
) -> None:
    """Raises `InputError` if a network has what one of its penalties cannot do with."""
    generating = [penalty for penalty in penalties if penalty.generates]
    if generating and has_batch_statistics(generator):
        raise InputError(
            f"{', '.join(map(repr, generating))}: more images are made than the loss sees, "
            "and batch normalization in the generator would average over them too. Give the "
            "generator pixel or layer normalization."
        )
    paid = [penalty for penalty in penalties if DISCRIMINATOR in penalty.players]
    if paid and has_batch_statistics(discriminator):
        raise InputError(
            "A penalty is of the gradient at each sample alone, and batch normalization in "
            "the discriminator mixes samples. Give it layer normalization or none, or drop "
            f"{', '.join(map(repr, paid))}."
        )
    exact = [penalty for penalty in penalties if penalty.float32]
    if exact and "bfloat16" in {each.compute_dtype for each in _layers(discriminator)}:
        raise InputError(
            f"{', '.join(map(repr, exact))}: small differences of scores are lost in bfloat16. "
            "Let the discriminator compute in float32."
        )


def refuse_scores(discriminator: keras.Model, loss: Loss) -> None:
    """Raises `InputError` if a loss needs the errors of an autoencoder, and D is none."""
    layers = discriminator._flatten_layers()
    if loss.autoencoder and not any(isinstance(each, ReconstructionScore) for each in layers):
        known = ", ".join(architectures.with_autoencoder())
        raise InputError(
            f"{loss!r} needs a discriminator that is an autoencoder, as the architecture "
            f"{known} has, and {discriminator.name!r} is none."
        )


def refuse_scales(scales: Scales | None, augment: Augmentation | None) -> None:
    """Raises `InputError` if images of several sizes would have to change."""
    if scales is not None and augment is not None:
        raise InputError(
            f"{augment!r} changes images of one size, and these networks have {scales.count}. "
            "Leave the augmentation out, or take another architecture."
        )


def refuse_augmentation(
    augment: Augmentation | None, loss: Loss, condition: Condition | None
) -> None:
    """Raises `InputError` if an augmentation cannot go with the loss or the condition."""
    if augment is None:
        return
    if augment.mixes and condition is not None:
        raise InputError(
            f"{augment!r} shows fakes among real images, under the labels of these. Take "
            "another augmentation, or no condition."
        )
    if augment.watches and loss.witness is not None:
        raise InputError(
            f"{augment!r} adapts to the scores of real images, and {loss!r} has features in "
            "their place. Take an augmentation that does not adapt, such as diffaugment."
        )


def _layers(network: keras.Model) -> list[keras.layers.Layer]:
    return [each for each in network._flatten_layers() if not isinstance(each, keras.Model)]


def has_batch_statistics(layer: keras.layers.Layer) -> bool:
    """Whether a layer, or one inside it, normalises over the batch."""
    # `layers` of a model does not look into blocks that are layers themselves.
    inner = layer._flatten_layers()
    return any(isinstance(each, keras.layers.BatchNormalization) for each in inner)

"""A discriminator of one domain, with the zoo's losses and penalties."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import keras
from keras import ops

from ganzoo import joint_batch, networks
from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.cached_scores import CachedScores
from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.losses.penalties.turn import Turn
from ganzoo.models.gan import faster_joined, refuse_scores
from ganzoo.models.gan_passes import gan_passes
from ganzoo.models.penalty_terms import DISCRIMINATOR, GENERATOR, PenaltyTerms, figures
from ganzoo.passes import Passes


class Adversary:
    """A discriminator among several, and what it and its translator minimise.

    Args:
        model: The model, which has `discriminator_<name>` and holds what penalties remember.
        name: Of the domain, such as `"b"`; figures end with it.
        loss: The loss.
        penalties: All penalties, the loss's own among them.
    """

    def __init__(self, model: Any, name: str, loss: Loss, penalties: Sequence[Penalty]):
        self.model, self.name, self.loss, self.penalties = model, name, loss, penalties
        self.role = f"discriminator_{name}"
        self.penalty_terms = PenaltyTerms(model, penalties)
        refuse_scores(self.network, loss)
        self.features = networks.Features(self.network)
        self.jointly = joint_batch.possible(self.network) and faster_joined(penalties)

    @property
    def network(self) -> keras.Model:
        """The discriminator."""
        return getattr(self.model, self.role)

    def score(self, images: Any) -> Any:
        """Logits in training, float32."""
        return ops.cast(self.network(images, training=True), "float32")

    def generator_loss(
        self, fake: Any, real: Any, source: Any, translator: keras.Model
    ) -> tuple[Any, dict[str, Any]]:
        """What the translator minimises for its fakes, and figures.

        Args:
            fake: What the translator makes, [N, H, W, C].
            real: Images of its domain.
            source: What the fakes are made of.
            translator: The translator.
        """
        seed = self.model.step_seed(f"g_penalty_{self.name}")
        turn = replace(self._turn(real, fake, source, translator, seed), network=translator)
        fake = self.penalty_terms.seen(fake, turn)
        on_real = (
            [self.score(self.penalty_terms.seen(real, turn))] if self.loss.relativistic else []
        )
        on_fake = self.penalty_terms.learned_from(self.score(fake), turn)
        loss = self.loss.generator(on_fake, *on_real)
        return self._with_penalties(GENERATOR, turn, loss, {f"g_loss_{self.name}": loss})

    def discriminator_loss(
        self, fake: Any, real: Any, source: Any, translator: keras.Model
    ) -> tuple[Any, dict[str, Any]]:
        """What the discriminator minimises, and figures; arguments as of `generator_loss`."""
        seed = self.model.step_seed(f"penalty_{self.name}")
        turn = self._turn(real, fake, source, translator, seed)
        critic: Any = CachedScores(self.score, self.jointly)
        seen = {
            "real": self.penalty_terms.seen(real, turn),
            "fake": self.penalty_terms.seen(fake, turn),
        }
        scores = critic.both(*seen.values())
        loss = self.loss.discriminator(*scores)
        if (witness := self.loss.witness) is not None:
            critic = critic.composed(lambda some: witness(some, *scores))
        logs = {f"d_loss_{self.name}": loss}
        logs |= dict(zip(self.score_names, scores, strict=True))
        return self._with_penalties(
            DISCRIMINATOR, replace(turn, critic=critic, **seen), loss, logs
        )

    def _turn(
        self, real: Any, fake: Any, source: Any, translator: keras.Model, seed: Any
    ) -> Turn:
        return Turn(
            critic=self.score,
            generate=lambda images: translator(images, training=True),
            features=self.features,
            network=self.network,
            **{"real": real, "fake": fake, "latents": source},
            images_seen=ops.cast(self.model.images_seen, "float32"),
            seed=seed,
        )

    def _with_penalties(
        self, player: str, turn: Turn, loss: Any, logs: dict[str, Any]
    ) -> tuple[Any, dict[str, Any]]:
        paid = self.penalty_terms.pay(player, turn, self.model.iteration)
        named = {f"{key}_{self.name}": value for key, value in paid.items()}
        return sum(named.values(), loss), logs | named

    def update(self, loss: Callable[[], tuple[Any, dict[str, Any]]]) -> dict[str, Any]:
        """One update of the discriminator; gives the figures of `loss`."""
        logs = self.model.minimise(loss, self.role)
        networks.after_update(self.network, self.loss.constraint)
        return logs

    # What is said of it beforehand.

    @property
    def score_names(self) -> tuple[str, str]:
        """Names of the figures of mean logits of real images and fakes."""
        return f"real_score_{self.name}", f"fake_score_{self.name}"

    def passes(self) -> dict[str, Passes]:
        """Passes of discriminator and generator for a real image of the domain."""
        found = gan_passes(self.loss, self.penalties, 1, self.jointly)
        if self.loss.relativistic and self.jointly:  # The translator's turn has its own passes.
            found["discriminator"] += Passes(single=-1)
        return found


def terms(penalties: Sequence[Penalty], player: str, names: Sequence[str]) -> tuple[str, ...]:
    """Names of what a player minimises for each domain, its loss first."""
    first = "d_loss" if player == DISCRIMINATOR else "g_loss"
    own = (first, *figures(penalties, player))
    return tuple(f"{figure}_{name}" for name in names for figure in own)


def named_memory(adversaries: Mapping[str, Adversary]) -> dict[str, Any]:
    """What the penalties of all remember, under stable names."""
    return {
        f"memory/{name}/{key.removeprefix('memory/')}": variable
        for name, adversary in adversaries.items()
        for key, variable in adversary.penalty_terms.named_variables().items()
    }

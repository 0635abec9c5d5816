"""The settings of a training that only some kinds of model have."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ganzoo import augmentations, conditions, losses
from ganzoo.augmentations.augmentation import Augmentation
from ganzoo.conditions.condition import Condition
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError
from ganzoo.losses import penalties as penalty_registry
from ganzoo.losses.loss import Loss, check_critic_steps
from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.models.choice import Choice
from ganzoo.spec import parse
from ganzoo.training.recommendations import loss_of, recommended


@dataclass(frozen=True)
class ModelSettings:
    """A kind of model, and what it is made with beside its networks.

    Attributes:
        choice: The kind and its options.
        loss: The loss, or `None` where the kind has none.
        penalties: Penalties beside the loss's own.
        critic_steps: Discriminator updates for each generator update, or `None` where the
            kind has no such setting.
        condition: The spec of a condition, or `None` where nothing can be asked for.
        augment: How images are changed, or `None` where they are not.
    """

    choice: Choice
    loss: Loss | None
    penalties: tuple[Penalty, ...]
    critic_steps: int | None
    condition: str | None
    augment: Augmentation | None = None

    @classmethod
    def of(
        cls,
        model: str | type,
        loss: str | Loss | None,
        penalties: str | Iterable[str | Penalty] | None,
        critic_steps: int | None,
        condition: str | Condition | None,
        augment: str | Augmentation | None = None,
    ) -> "ModelSettings":
        """The settings of `Trainer`, checked; `None` for what is usual.

        Raises:
            InputError: If one cannot be used, or the kind of model has no use for it.
        """
        choice = Choice.of(model)
        asked = None if condition is None else _spec_that_asks(condition)
        changed = None if augment is None else augmentations.get(augment)
        changed = changed if changed is not None and changed.changes else None
        _check_taken(
            choice,
            loss=loss,
            penalties=penalties or None,
            critic_steps=critic_steps,
            condition=asked,
            augment=changed,
        )
        own = dict(choice.kind.recommended)
        made = loss_of(choice, loss)
        if penalties is None:
            penalties = own.get("penalties", recommended(made)["penalties"])
        return cls(
            choice=choice,
            loss=made,
            penalties=tuple(penalty_registry.get_all(penalties)),
            critic_steps=_critic_steps(choice, critic_steps, made),
            condition=asked,
            augment=changed,
        )

    @property
    def all_penalties(self) -> tuple[Penalty, ...]:
        """The loss's own penalties too."""
        return (*(() if self.loss is None else self.loss.penalties), *self.penalties)

    def specs(self) -> dict[str, Any]:
        """What a config records of them, without the condition, which follows from the data."""
        own = {
            "loss": self.loss and losses.registry.spec(self.loss),
            "penalties": [penalty_registry.registry.spec(each) for each in self.penalties],
            "critic_steps": self.critic_steps,
        }
        taken = {key: value for key, value in own.items() if self.choice.takes(key)}
        if self.augment is not None:
            taken["augment"] = augmentations.registry.spec(self.augment)
        return {"model": self.choice.spec} | taken

    def fitted_condition(self, images: ImageSet, data: str) -> Condition | None:
        """The condition, with the options that follow from the images.

        Args:
            images: The images.
            data: What they are called, for the message.

        Raises:
            InputError: If it cannot be asked of them, or has other options.
        """
        if self.condition is None:
            return None
        name, given = parse(self.condition)
        kind = conditions.registry.find(name)
        return conditions.get(self.condition, kind.fitted(given, images, data))


def _spec_that_asks(condition: str | Condition) -> str | None:
    """The spec of a condition, or `None` if it asks for nothing."""
    if not isinstance(condition, str):
        condition = conditions.registry.spec(conditions.get(condition))
    name, given = parse(condition)
    trial = conditions.registry.find(name).trial
    takes = partial(conditions.registry.takes, condition)
    free = {key: trial[key] for key in trial if takes(key) and key not in given}
    return condition if conditions.get(condition, free).asks else None


def _check_taken(choice: Choice, **given: Any) -> None:
    """Raises `InputError` for settings that the kind of model has no use for."""
    unused = [k for k, value in given.items() if value is not None and not choice.takes(k)]
    if unused:
        raise InputError(
            f"The model {choice.name!r} has no use for {' and '.join(unused)}. Leave "
            f"{'it' if len(unused) == 1 else 'them'} out."
        )


def _critic_steps(choice: Choice, given: int | None, loss: Loss | None) -> int | None:
    if not choice.takes("critic_steps"):
        return None
    usual = 1 if loss is None else loss.critic_steps
    steps = usual if given is None else given
    check_critic_steps(steps)
    return int(steps)

"""The interface of a loss."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from keras import constraints

from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.variant import Variant, check_whole

MAX_CRITIC_STEPS = 100  # Each is traced and compiled by itself.


def check_critic_steps(number: Any) -> None:
    """Raises `InputError` unless it is a whole number from 1 to `MAX_CRITIC_STEPS`."""
    check_whole(1, MAX_CRITIC_STEPS, critic_steps=number)


class Loss(Variant, ABC):
    """What each player minimises, given the discriminator's logits.

    A loss is plain mathematics: it holds no variables and no state. Logits have
    any shape [N, ...]; each method gives a float32 scalar, a mean over them.

    Attributes:
        relativistic: Whether `generator` needs the logits of real images too.
        penalties: Penalties that are part of this loss.
        constraint: A `keras.constraints.Constraint` on every trainable weight of
            the discriminator, applied after each of its updates, or `None`.
        critic_steps: Discriminator updates for each generator update.
        settings: Keywords of `Trainer` (`penalties`, `optimizer`, `ema`) with which this
            loss gave its best images by measurement; what a user gives wins over them.
    """

    relativistic: bool = False
    penalties: tuple[Penalty, ...] = ()
    constraint: constraints.Constraint | None = None
    critic_steps: int = 1
    settings: Mapping[str, Any] = {}

    @abstractmethod
    def discriminator(self, real: Any, fake: Any) -> Any:
        """What the discriminator minimises.

        Args:
            real: Logits of real images, [N, ...].
            fake: Logits of generated images, [N, ...].
        """

    @abstractmethod
    def generator(self, fake: Any, real: Any = None) -> Any:
        """What the generator minimises.

        Args:
            fake: Logits of generated images, [N, ...].
            real: Logits of real images, [N, ...]; given to relativistic losses.
        """

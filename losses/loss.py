"""The interface of a loss."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from keras import constraints

from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.variant import Variant, check_whole

MAX_CRITIC_STEPS = 100  # Each is traced and compiled by itself.


def check_critic_steps(number: Any) -> None:
    """Raises `InputError` unless it is a whole number from 1 to `MAX_CRITIC_STEPS`."""
    check_whole(1, MAX_CRITIC_STEPS, critic_steps=number)


def require_real(real: Any) -> Any:
    """`real`; raises `ValueError` if a relativistic loss was not given any."""
    if real is None:
        raise ValueError("A relativistic loss needs the real logits in `generator` too.")
    return real


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
        memory: Names and first values of numbers that are carried from one step to the next,
            and saved with the run. `discriminator` then has a keyword `memory`, what is
            remembered, and `learn` says what is next.
        figures: Names of what `learn` gives for people to see.
        autoencoder: Whether the discriminator has to be an autoencoder, whose scores are minus
            its errors.
        logits: Numbers that the discriminator should give an image; `Trainer` makes it so.
        witness: Function of the logits of any images, those of real images and those of fakes,
            that gives one number for each of the first, [N]: the critic whose slope the
            penalties look at, where that is not the logits themselves. `None`: it is.
        parted_at: The score at which the discriminator takes an image for neither, real images
            having higher ones; `None` where only differences of scores count.
        recommended: Of a loss of your own, settings that go well with it: `penalties`,
            `optimizer`, `ema`, `architecture`. What a person gives wins over them. Those of
            the losses here stand in `ganzoo.training.recommendations`.

    Example:
        >>> class Plain(Loss):
        ...     def discriminator(self, real, fake):
        ...         return ops.mean(fake) - ops.mean(real)
        ...
        ...     def generator(self, fake, real=None):
        ...         return -ops.mean(fake)
        >>> float(Plain().discriminator(ops.ones(4), ops.zeros(4)))
        -1.0
    """

    relativistic: bool = False
    penalties: tuple[Penalty, ...] = ()
    constraint: constraints.Constraint | None = None
    critic_steps: int = 1
    memory: Mapping[str, float] = {}
    figures: tuple[str, ...] = ()
    autoencoder: bool = False
    logits: int = 1
    witness: Callable[[Any, Any, Any], Any] | None = None
    parted_at: float | None = None
    recommended: Mapping[str, Any] = {}

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

    def learn(self, real: Any, fake: Any, memory: Mapping[str, Any]) -> dict[str, Any]:
        """What is remembered after a step, and its `figures`, float32 scalars by name.

        Args:
            real: Logits of real images in the discriminator's last update, [N, ...].
            fake: Logits of fakes in the generator's update, [N, ...].
            memory: What was remembered, float32 scalars by name.
        """
        return dict(memory)

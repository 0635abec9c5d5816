"""The interface of a penalty."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import keras
from keras import ops

from ganzoo import backend
from ganzoo.losses.penalties.critic import Critic


class Penalty(ABC):
    """A price on the critic's slope, added to what the critic minimises.

    A penalty holds no variables. It is called with the critic as a function, so
    that it may look at the slope wherever it likes.

    Attributes:
        every: Steps from one use to the next. A price that is asked every fourth time
            counts four times (Karras et al., arXiv:1912.04958, section 3.1).
        at: `"real"` or `"fake"` where the slope is taken at these images themselves.
    """

    every: int = 1
    at: str | None = None

    @abstractmethod
    def __call__(
        self,
        critic: Callable[[Any], Any],
        real: Any,
        fake: Any,
        seed: keras.random.SeedGenerator,
    ) -> Any:
        """The penalty, a float32 scalar.

        Args:
            critic: Function from images [N, H, W, C] to logits [N, ...].
            real: Real images, float32 [N, H, W, C] in [-1, 1].
            fake: Generated images of the same shape, detached from the generator.
            seed: Source of random numbers for this step.
        """

    def get_config(self) -> dict[str, Any]:
        """The constructor's keywords."""
        return {}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Penalty":
        return cls(**config)

    def __repr__(self) -> str:
        options = ", ".join(f"{k}={v!r}" for k, v in self.get_config().items())
        return f"{type(self).__name__}({options})"


def check_every(every: Any) -> int:
    """`every` as it is, if it is a number of steps; raises `ValueError` otherwise."""
    if not isinstance(every, int) or every < 1:
        raise ValueError(f"`every` is a whole number of steps, 1 or more. Received: {every!r}")
    return every


def due_together(penalties: Mapping[str, Penalty]) -> dict[int, dict[str, Penalty]]:
    """Penalties by the steps from one use of them to the next."""
    periods = dict.fromkeys(penalty.every for penalty in penalties.values())
    return {
        every: {name: p for name, p in penalties.items() if p.every == every}
        for every in periods
    }


def one_sided(penalties: Iterable[Penalty]) -> bool:
    """Whether slopes are asked for at real images or at fakes, but not at both."""
    return len({penalty.at for penalty in penalties} & {"real", "fake"}) == 1


def squared_slope(critic: Callable[[Any], Any], x: Any) -> Any:
    """|grad D(x)|^2 of each sample, over all its axes: [N, ...] -> [N]."""
    critic = critic if isinstance(critic, Critic) else Critic(critic)
    slope = ops.cast(critic.slope(x), "float32")
    return ops.sum(ops.square(slope), axis=tuple(range(1, len(slope.shape))))


def slope(critic: Callable[[Any], Any], x: Any) -> Any:
    """|grad D(x)| of each sample: [N, ...] -> [N]."""
    # The square root has no gradient at 0, where a fresh critic may well be.
    return ops.sqrt(squared_slope(critic, x) + 1e-12)


def between(real: Any, fake: Any, seed: keras.random.SeedGenerator) -> Any:
    """One point on the line from each fake to its real, uniform, shape as `real`."""
    ones = (1,) * (len(real.shape) - 1)
    n = backend.whole(ops.shape(real)[0])
    mix = backend.share(keras.random.uniform((n, *ones), dtype="float32", seed=seed))
    return fake + mix * (real - fake)

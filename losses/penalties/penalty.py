"""The interface of a penalty."""

from abc import ABC
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import keras
from keras import ops

from ganzoo import backend
from ganzoo.losses.penalties.cached_scores import CachedScores
from ganzoo.losses.penalties.turn import Turn
from ganzoo.passes import Passes
from ganzoo.variant import Variant


class Penalty(Variant, ABC):
    """What a player pays beside its loss, such as for the critic's slope.

    A penalty holds no variables. One on the critic is a function of the critic, real images
    and fakes: `__call__`. One that looks at more, at the generator, at hidden features or at
    what it remembers, has `discriminator` or `generator`, functions of a `Turn`. One that
    changes what the discriminator is shown, or which scores the generator learns from, has
    `seen` or `learned_from`.

    Attributes:
        players: Who pays: `"discriminator"`, `"generator"`, both or nobody.
        memory: Names and first values of numbers that are carried from one use to the next,
            and saved with the run; see `Turn.memory`.
        generates: Whether it makes images of its own.
        every: Steps from one use to the next. The penalty is then multiplied by `every`
            (lazy regularization: Karras et al., arXiv:1912.04958, section 3.1). Their other
            half, Adam's rate and betas adjusted by every / (every + 1) in appendix B, makes up
            for an update that the penalty takes on its own. Here the loss and the penalty take
            one update together, so there is nothing to make up for, and Adam stays as given.
        at: `"real"` or `"fake"` where the gradient is taken at these images themselves.
        float32: Whether the critic has to compute in float32, because small differences of
            its scores are what counts.

    Example:
        >>> class Drift(Penalty):
        ...     def __call__(self, critic, real, fake, seed):
        ...         return ops.mean(ops.square(critic(real)))
        ...
        ...     def passes(self, shared):
        ...         return Passes()  # The loss has scored these images already.
        >>> float(Drift()(lambda images: 3 * images, ops.ones(4), None, None))
        9.0
    """

    players: tuple[str, ...] = ("discriminator",)
    memory: Mapping[str, float] = {}
    generates: bool = False
    every: int = 1
    at: str | None = None
    float32: bool = False

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
        raise NotImplementedError

    def discriminator(self, turn: Turn) -> Any:
        """The penalty in the discriminator's turn, a float32 scalar."""
        return self(turn.critic, turn.real, turn.fake, turn.seed)

    def generator(self, turn: Turn) -> Any:
        """The penalty in the generator's turn, a float32 scalar."""
        raise NotImplementedError

    def seen(self, images: Any, turn: Turn) -> Any:
        """What the discriminator is shown of images in either turn, shape as they."""
        return images

    def learned_from(self, scores: Any, turn: Turn) -> Any:
        """The scores of fakes as the generator's loss takes them, shape as they."""
        return scores

    def passes(self, shared: bool) -> Passes:
        """What one use in the discriminator's turn costs in passes of the discriminator.

        Passes are for each real image; see `other_passes` for those of the generator.

        The base class counts a gradient by the images. That gradient is one single pass. The
        gradient of it by the weights is two more: each layer has a product for its weights and
        one for the layer above it. Override this in a penalty that computes something else.

        A pass forward and one backward come on top where the loss has not scored the images:
        scores of real images and fakes are differentiated for the loss anyway, those of mixed
        images only here.

        Args:
            shared: Whether the loss's own pass of real images or of fakes can be used.
        """
        gradient = Passes(single=3)
        if shared and self.at is not None:
            return gradient
        return gradient + Passes(single=1, backward=1)

    def other_passes(self, player: str) -> Mapping[str, Passes]:
        """What one use in a turn costs for each fake, by network, beside what `passes` says.

        Args:
            player: Whose turn it is, of `players`.
        """
        return {}


def due_together(penalties: Mapping[str, Penalty]) -> dict[int, dict[str, Penalty]]:
    """Penalties by the steps from one use of them to the next."""
    periods = dict.fromkeys(penalty.every for penalty in penalties.values())
    return {
        every: {name: p for name, p in penalties.items() if p.every == every}
        for every in periods
    }


def one_sided(penalties: Iterable[Penalty]) -> bool:
    """Whether gradients are asked for at real images or at fakes, but not at both."""
    return len({penalty.at for penalty in penalties} & {"real", "fake"}) == 1


def apart(batches: int, shared: bool) -> Passes:
    """What the scores of so many batches cost that the loss scores too.

    Args:
        batches: How many.
        shared: Whether the loss's own passes can be used.
    """
    return Passes() if shared else Passes(single=batches, backward=batches)


def squared_gradient_norm(critic: Callable[[Any], Any], x: Any) -> Any:
    """|grad D(x)|^2 of each sample, over all its axes: [N, ...] -> [N]."""
    critic = critic if isinstance(critic, CachedScores) else CachedScores(critic)
    gradient = ops.cast(critic.gradient(x), "float32")
    return ops.sum(ops.square(gradient), axis=tuple(range(1, len(gradient.shape))))


def gradient_norm(critic: Callable[[Any], Any], x: Any) -> Any:
    """|grad D(x)| of each sample: [N, ...] -> [N]."""
    # The square root has no gradient at 0, where a fresh critic may well be.
    return ops.sqrt(squared_gradient_norm(critic, x) + 1e-12)


def between(real: Any, fake: Any, seed: keras.random.SeedGenerator) -> Any:
    """One point on the line from each fake to its real, uniform, shape as `real`."""
    ones = (1,) * (len(real.shape) - 1)
    n = backend.global_batch_size(ops.shape(real)[0])
    mix = backend.local_rows(keras.random.uniform((n, *ones), dtype="float32", seed=seed))
    return fake + mix * (real - fake)


def normal(images: Any, seed: keras.random.SeedGenerator) -> Any:
    """N(0, 1) for each number of the images, shape as they, float32."""
    n = backend.global_batch_size(ops.shape(images)[0])
    noise = keras.random.normal((n, *images.shape[1:]), dtype="float32", seed=seed)
    return backend.local_rows(noise)


def squared_slope(
    critic: Callable[[Any], Any], x: Any, step: float, seed: keras.random.SeedGenerator
) -> Any:
    """((D(x + step n) - D(x)) / step)^2 of each logit, n ~ N(0, 1), shape as the logits."""
    moved = score_like(critic, x + step * normal(x, seed), x)
    return ops.square((moved - critic(x)) / step)


def score_like(critic: Callable[[Any], Any], images: Any, of: Any) -> Any:
    """Logits of images that were made of the batch `of`, whose labels they have, if any."""
    return critic.like(images, of) if isinstance(critic, CachedScores) else critic(images)

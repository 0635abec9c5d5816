"""The interface of an augmentation."""

from abc import ABC
from collections.abc import Mapping
from typing import Any

import keras

from ganzoo.variant import Variant


class Augmentation(Variant, ABC):
    """A random change of every image that the discriminator is shown, real or generated.

    The generator learns through it: its images are changed too before they are scored, so that
    it is not taught to make changed ones. An augmentation holds no variables.

    Attributes:
        changes: Whether it does anything.
        memory: Names and first values of numbers that are carried from step to step, and saved
            with the run.
        watches: Whether it has `learn` called, with how sure the discriminator is.
        mixes: Whether it shows fakes among real images, whose labels then would be wrong.

    Example:
        >>> class Negative(Augmentation):
        ...     def shown(self, images, seed, memory):
        ...         return -images
        >>> real, fake = Negative().in_discriminator(1.0, 2.0, None, {})
        >>> (real, fake)
        (-1.0, -2.0)
    """

    changes: bool = True
    memory: Mapping[str, float] = {}
    watches: bool = False
    mixes: bool = False

    def shown(self, images: Any, seed: keras.random.SeedGenerator, memory: Any) -> Any:
        """The images as the discriminator sees them, with a gradient to what they were.

        Args:
            images: Images [N, H, W, C], float32 in [-1, 1].
            seed: Source of random numbers for this use.
            memory: What is remembered, float32 scalars by name.
        """
        return images

    def in_discriminator(
        self, real: Any, fake: Any, seed: keras.random.SeedGenerator, memory: Any
    ) -> tuple[Any, Any]:
        """Real images and fakes as the discriminator sees them in its own update.

        Args:
            real: Real images [N, H, W, C], float32 in [-1, 1].
            fake: Generated ones of that shape, without a gradient.
            seed: Source of random numbers for this use.
            memory: What is remembered, float32 scalars by name.
        """
        return self.shown(real, seed, memory), self.shown(fake, seed, memory)

    def learn(self, certainty: Any, images: Any, memory: Mapping[str, Any]) -> dict[str, Any]:
        """What is remembered after an update of the discriminator.

        Args:
            certainty: Mean sign of its scores of real images, -1 to 1: see `certainty`.
            images: Real images that the update has shown, over all devices.
            memory: What was remembered, float32 scalars by name.
        """
        return dict(memory)

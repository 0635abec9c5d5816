"""The interface of an objective: how images are noised, and what a denoiser learns of it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops

from ganzoo.variant import Variant


@dataclass(frozen=True)
class Scale:
    """How large the numbers are.

    Attributes:
        mean: Mean of the training images.
        deviation: Their standard deviation.
        noise: Standard deviation of the noise.
    """

    mean: Any = 0.0
    deviation: Any = 0.5
    noise: Any = 1.0


class Objective(Variant, ABC):
    """How images are noised, and what the denoiser learns.

    At a time t an image x with noise n is a(t) x + b(t) n. Times are the objective's own: they
    go from a first one, at which there is noise alone, to a last one, at which there is none.
    Times are float32 [N], images and noise [N, H, W, C].

    Example:
        >>> objective = ganzoo.diffusion.objectives.get("flow")
        >>> [float(part) for part in objective.coefficients(0.25)]
        [0.25, 0.75]
    """

    @abstractmethod
    def times(self, quantiles: Any) -> Any:
        """Times at which the denoiser is trained, float32 [N], from the noisiest on.

        Args:
            quantiles: Numbers between 0 and 1, float32 [N]: the inverse of the times'
                distribution is taken at them.
        """

    @abstractmethod
    def coefficients(self, time: Any) -> tuple[Any, Any]:
        """a(t) and b(t)."""

    @abstractmethod
    def grid(self, steps: int) -> np.ndarray:
        """Times that a sampler of `steps` steps passes, float64 [steps + 1].

        Raises:
            ganzoo.errors.InputError: If there are not so many.
        """

    @abstractmethod
    def clock(self, time: np.ndarray) -> np.ndarray:
        """What a differential equation is integrated over, at times [N]: float64 [N]."""

    @abstractmethod
    def rates(self, time: Any) -> tuple[Any, Any]:
        """Derivatives of a and b by the clock."""

    @abstractmethod
    def level(self, time: Any) -> Any:
        """The number of about -2 to 2 that the denoiser is told, [N]."""

    def given(self, noisy: Any, time: Any, scale: Scale) -> Any:
        """The images that the denoiser is given."""
        return noisy

    @abstractmethod
    def target(self, image: Any, noise: Any, time: Any, scale: Scale) -> Any:
        """What the denoiser should say."""

    def weight(self, time: Any, scale: Scale) -> Any:
        """Weight of the squared error of what it says, [N]."""
        return ops.ones_like(time)

    @abstractmethod
    def estimate(self, said: Any, noisy: Any, time: Any, scale: Scale) -> tuple[Any, Any]:
        """The image and the noise that follow from what the denoiser said."""

    def noisy(self, image: Any, noise: Any, time: Any) -> Any:
        """The image with noise."""
        a, b = map(by_image, self.coefficients(time))
        return a * image + b * noise


def by_image(numbers: Any) -> Any:
    """A number for each image, [N] to [N, 1, 1, 1]."""
    return ops.reshape(numbers, (-1, 1, 1, 1))


def normal_quantile(quantiles: Any) -> Any:
    """The inverse of the standard normal distribution's function."""
    return 2**0.5 * ops.erfinv(2 * quantiles - 1)

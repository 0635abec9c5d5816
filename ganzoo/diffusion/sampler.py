"""The interface of a sampler, and what it walks along: times from noise to an image."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from keras import ops

from ganzoo.diffusion.objective import Objective
from ganzoo.variant import Variant


class Path:
    """Times from noise to an image, and what a denoiser says at each.

    Args:
        objective: What the denoiser has learned.
        steps: Steps from the first time to the last.
        denoise: From noisy images [N, H, W, C] and a time, float32 [N], to estimates of image
            and noise, [N, H, W, C] each.
    """

    def __init__(
        self,
        objective: Objective,
        steps: int,
        denoise: Callable[[Any, Any], tuple[Any, Any]],
    ):
        self.objective = objective
        self.steps = steps
        self.denoise = denoise
        self.times = objective.grid(steps)
        self.clock = objective.clock(self.times)

    def start(self, noise: Any) -> Any:
        """What there is at the first time, of standard normal noise."""
        return self.coefficients(0)[1] * noise

    def coefficients(self, i: int) -> tuple[float, float]:
        """a and b at time number `i`."""
        a, b = self.objective.coefficients(np.array(self.times[i]))
        return float(a), float(b)

    def estimate(self, x: Any, i: int) -> tuple[Any, Any]:
        """Image and noise in `x`, which is at time number `i`."""
        return self.denoise(x, self._time(x, i))

    def rate(self, x: Any, i: int) -> Any:
        """The derivative of `x` by the clock, at time number `i`."""
        image, noise = self.estimate(x, i)
        a, b = self.objective.rates(np.array(self.times[i]))
        return float(a) * image + float(b) * noise

    def gap(self, i: int) -> float:
        """From the clock at time number `i` to the clock at the next."""
        return float(self.clock[i + 1] - self.clock[i])

    def _time(self, x: Any, i: int) -> Any:
        return ops.full((ops.shape(x)[0],), float(self.times[i]), dtype="float32")


class Sampler(Variant, ABC):
    """A way from noise to an image.

    Attributes:
        random: Whether it adds noise on its way: that of each step but the last is in the
            latent, after the noise that it begins with.
    """

    random: bool = False

    def evaluations(self, steps: int) -> int:
        """How often the denoiser is asked for an image of `steps` steps."""
        return steps

    @abstractmethod
    def __call__(self, path: Path, noises: Sequence[Any]) -> Any:
        """Images [N, H, W, C].

        Args:
            path: The times.
            noises: Standard normal noise to begin with, [N, H, W, C]; if the sampler is
                `random`, then that of each step but the last.
        """

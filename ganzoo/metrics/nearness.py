"""Which images are copies of training images, and which are unlike all real ones.

Both are told by the nearest real images, image by image, so that few images suffice, and
both limits come from real images, each held against all others:

* A copy is much nearer to a training image than to any that was held out. Where nothing was
  held out, the generator may have seen all; a copy is then much nearer to an image of one half
  of the set than to any of the other. `CLOSEST` of real images are as near.
* An outlier is farther from every real image than `FAR` times what `FARTHEST` of real images
  keep to: noise, negatives and mixtures of two images are, blurred and unclear ones are not.
"""

from dataclasses import dataclass

import numpy as np

from ganzoo.metrics.memorisation import Neighbours, training_neighbours

CLOSEST = 0.005  # Quantile of real images.
FARTHEST = 0.995  # Quantile of real images.
FAR = 2.0
FARTHER = 4.0  # In place of `FAR`: noise is so far from every real image.
ENOUGH = 1000  # Real images that limits are taken from, where there are so many.


@dataclass(frozen=True)
class Limits:
    """Where copies end and outliers begin.

    Attributes:
        close: Limit of `closeness`.
        far: Limit of the distance to the nearest real image.
        close_rate: Share of other real images below `close`, at most.
        far_rate: Share of other real images beyond `far`, at most.
        both: Whether the generator may have seen the held-out images, too.
    """

    close: float
    far: float
    close_rate: float
    far_rate: float
    both: bool

    def copies(self, found: Neighbours) -> np.ndarray:
        """Which of N images are copies, bool [N]."""
        return closeness(found, self.both) < self.close

    def garbage(self, found: Neighbours) -> np.ndarray:
        """Which of N images are as far as noise is, bool [N]."""
        return found.distance > FARTHER / FAR * self.far

    def outliers(self, found: Neighbours) -> np.ndarray:
        """Which of N images are unlike all real ones, bool [N]."""
        return found.distance > self.far


def closeness(found: Neighbours, both: bool) -> np.ndarray:
    """Distance to the nearest training image by that to the nearest held-out one, [N].

    Args:
        found: The nearest real images of N images.
        both: Take the smaller distance by the larger one instead.
    """
    near, other = found.to_training, found.to_held_out
    if both:
        near, other = found.distance, np.maximum(near, other)
    return np.divide(near, other, out=np.ones(len(near)), where=other > 0)


def limits(training: np.ndarray, held_out: np.ndarray, real: Neighbours, both: bool) -> Limits:
    """The limits of a set.

    Args:
        training: Features [T, F] of its training images.
        held_out: Features [H, F] of its held-out images.
        real: `held_out_neighbours` of these.
        both: Whether the generator may have seen the held-out images, too.
    """
    found = [real]
    if len(held_out) < ENOUGH:
        found.append(training_neighbours(training, held_out, ENOUGH - len(held_out)))
    close = np.concatenate([closeness(part, both) for part in found])
    distance = np.concatenate([part.distance for part in found])
    least = float(np.quantile(close, CLOSEST))
    most = FAR * float(np.quantile(distance, FARTHEST))
    return Limits(
        close=least,
        far=most,
        close_rate=_rate(close < least),
        far_rate=_rate(distance > most),
        both=both,
    )


def _rate(found: np.ndarray) -> float:
    """A share that is not too small: with one more in one more."""
    return float((found.sum() + 1) / (len(found) + 1))

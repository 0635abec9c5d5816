import math

import keras
import numpy as np
from keras import ops

from ganzoo.diffusion.objective import Objective, by_image
from ganzoo.errors import InputError
from ganzoo.variant import check_whole

LARGEST = 0.999  # Of a step's variance in the cosine schedule.


def cosine(length):
    """Variances of the steps by Nichol and Dhariwal, arXiv:2102.09672, equation 17."""
    share = (np.arange(length + 1) / length + 0.008) / 1.008
    kept = np.cos(share * math.pi / 2) ** 2
    return np.minimum(1 - kept[1:] / kept[:-1], LARGEST)


def linear(length):
    """Variances of the steps by Ho et al., section 4: 0.0001 to 0.02 in 1000 steps."""
    return np.minimum(np.linspace(0.1, 20, length) / length, LARGEST)


SCHEDULES = {"cosine": cosine, "linear": linear}
PREDICTIONS = ("velocity", "noise")


@keras.saving.register_keras_serializable("ganzoo")
class DDPM(Objective):
    """A chain of small steps into noise, which keep the variance.

    Ho et al., arXiv:2006.11239: after step t, from 1 to `length`, there is
    sqrt(k_t) x + sqrt(1 - k_t) n, with k the product of 1 - beta over the steps so far.

    Differences from the paper: by default the schedule is the cosine (arXiv:2102.09672), and
    the denoiser learns the velocity sqrt(k) n - sqrt(1 - k) x (Salimans and Ho,
    arXiv:2202.00512), which keeps its size where few steps are made; `prediction="noise"` is
    equation 14, and images that follow from it are clipped to [-1, 1].

    Args:
        schedule: `"cosine"` or `"linear"`.
        prediction: `"velocity"` or `"noise"`.
        length: Steps of the chain; a sampler passes some of them.
    """

    choices = {"schedule": tuple(SCHEDULES), "prediction": PREDICTIONS}

    def __init__(self, schedule="cosine", prediction="velocity", length=1000):
        self.check_choices(schedule=schedule, prediction=prediction)
        check_whole(2, 100_000, length=length)
        self.schedule = schedule
        self.prediction = prediction
        self.length = length
        self.variances = SCHEDULES[schedule](length)
        self.kept = np.append(1.0, np.cumprod(1 - self.variances))  # k, by step from 0.

    def times(self, quantiles):
        return ops.clip(ops.floor(self.length * (1 - quantiles)) + 1, 1, self.length)

    def coefficients(self, time):
        if isinstance(time, np.ndarray):
            kept = self.kept[time.astype(int)]
            return np.sqrt(kept), np.sqrt(1 - kept)
        at = ops.cast(time, "int32")
        tables = (np.sqrt(self.kept), np.sqrt(1 - self.kept))
        a, b = (ops.take(ops.cast(table, "float32"), at, axis=0) for table in tables)
        return a, b

    def grid(self, steps):
        if steps > self.length:
            raise InputError(
                f"The chain has {self.length} steps, and a sampler makes no more. "
                f"Received: steps={steps}"
            )
        return np.rint(np.linspace(self.length, 0, steps + 1))

    def clock(self, time):
        """The angle whose cosine and sine are the coefficients."""
        return np.arctan2(*self.coefficients(time)[::-1])

    def rates(self, time):
        a, b = self.coefficients(time)
        return -b, a

    def level(self, time):
        return time / self.length

    def target(self, image, noise, time, scale):
        if self.prediction == "noise":
            return noise
        a, b = map(by_image, self.coefficients(time))
        return a * noise - b * image

    def estimate(self, said, noisy, time, scale):
        a, b = map(by_image, self.coefficients(time))
        if self.prediction == "velocity":
            return a * noisy - b * said, b * noisy + a * said
        image = ops.clip((noisy - b * said) / a, -1.0, 1.0)
        return image, (noisy - a * image) / b

    def get_config(self):
        return {
            "schedule": self.schedule,
            "prediction": self.prediction,
            "length": self.length,
        }

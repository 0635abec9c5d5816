import keras
import numpy as np
from keras import ops

from ganzoo.diffusion.objective import Objective, by_image, normal_quantile
from ganzoo.variant import check_choice, check_number, check_positive

DISTRIBUTIONS = ("logit-normal", "uniform")


@keras.saving.register_keras_serializable("ganzoo")
class Flow(Objective):
    """Flow matching: the velocity on straight lines from noise to images.

    Lipman et al., arXiv:2210.02747, equations 20 to 23 at a least deviation of 0: at time t,
    from 0 to 1, there is t x + (1 - t) n, and the denoiser learns x - n. Times are drawn
    logit-normal, as in Esser et al., arXiv:2403.03206, section 3.1.

    Args:
        times: `"logit-normal"` or `"uniform"`.
        location: Mean of the logit of a time. Below 0 noisier times come more often.
        spread: Its standard deviation.
    """

    choices = {"times": DISTRIBUTIONS}

    def __init__(self, times="logit-normal", location=0.0, spread=1.0):
        check_choice(DISTRIBUTIONS, times=times)
        check_number(location=location)
        check_positive(spread=spread)
        self.distribution = times
        self.location = location
        self.spread = spread

    def times(self, quantiles):
        if self.distribution == "uniform":
            return quantiles
        return ops.sigmoid(self.location + self.spread * normal_quantile(quantiles))

    def coefficients(self, time):
        return time, 1 - time

    def grid(self, steps):
        return np.linspace(0.0, 1.0, steps + 1)

    def clock(self, time):
        return time

    def rates(self, time):
        return 0 * time + 1, 0 * time - 1

    def level(self, time):
        return time

    def target(self, image, noise, time, scale):
        return image - noise

    def estimate(self, said, noisy, time, scale):
        time = by_image(time)
        return noisy + (1 - time) * said, noisy - time * said

    def get_config(self):
        return {
            "times": self.distribution,
            "location": self.location,
            "spread": self.spread,
        }

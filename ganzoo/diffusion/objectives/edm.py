import keras
import numpy as np
from keras import ops

from ganzoo.diffusion.objective import Objective, by_image, normal_quantile
from ganzoo.errors import InputError
from ganzoo.variant import check_number, check_positive


@keras.saving.register_keras_serializable("ganzoo")
class EDM(Objective):
    """Noise of any size on the image as it is, with inputs and outputs of variance 1.

    Karras et al., arXiv:2206.00364, table 1, column "Ours": the time is the noise's size,
    sigma; the denoised image is c_skip x + c_out F(c_in x, c_noise).

    Differences from the paper: sigma_data is measured (`ganzoo.diffusion.moments`), where the
    paper has 0.5, and the images' mean is taken away before and added after.

    Args:
        location: Mean of ln sigma in training, P_mean.
        spread: Its standard deviation, P_std.
        least: The last sigma before 0 in sampling.
        most: The first one.
        rho: How much closer small sigmas lie: sigma^(1/rho) goes in equal steps.
    """

    def __init__(self, location=-1.2, spread=1.2, least=0.002, most=80.0, rho=7.0):
        check_number(location=location)
        check_positive(spread=spread, least=least, most=most, rho=rho)
        if least > most:
            raise InputError(f"`least` is at most `most`. Received: {least} and {most}")
        self.location = location
        self.spread = spread
        self.least = least
        self.most = most
        self.rho = rho

    def times(self, quantiles):
        return ops.exp(self.location - self.spread * normal_quantile(quantiles))

    def coefficients(self, time):
        return 0 * time + 1, time

    def grid(self, steps):
        begin, end = self.most ** (1 / self.rho), self.least ** (1 / self.rho)
        share = np.arange(steps) / max(1, steps - 1)
        return np.append((begin + share * (end - begin)) ** self.rho, 0.0)

    def clock(self, time):
        return time

    def rates(self, time):
        return 0 * time, 0 * time + 1

    def level(self, time):
        """c_noise."""
        return ops.log(time) / 4

    def parts(self, sigma, deviation):
        """c_skip, c_out and c_in."""
        total = sigma**2 + deviation**2
        return deviation**2 / total, sigma * deviation * ops.rsqrt(total), ops.rsqrt(total)

    def given(self, noisy, time, scale):
        c_in = self.parts(by_image(time) * scale.noise, scale.deviation)[2]
        return c_in * (noisy - scale.mean)

    def target(self, image, noise, time, scale):
        time = by_image(time)
        c_skip, c_out, _ = self.parts(time * scale.noise, scale.deviation)
        image = image - scale.mean
        return (image - c_skip * (image + time * noise)) / c_out

    def denoised_weight(self, sigma, deviation):
        """lambda, the weight of the denoised image's squared error."""
        return (sigma**2 + deviation**2) / (sigma * deviation) ** 2

    def weight(self, time, scale):
        """lambda c_out^2, which is 1."""
        sigma = time * scale.noise
        c_out = self.parts(sigma, scale.deviation)[1]
        return self.denoised_weight(sigma, scale.deviation) * c_out**2

    def estimate(self, said, noisy, time, scale):
        time = by_image(time)
        c_skip, c_out, _ = self.parts(time * scale.noise, scale.deviation)
        image = scale.mean + c_skip * (noisy - scale.mean) + c_out * said
        return image, (noisy - image) / time

    def get_config(self):
        return {
            "location": self.location,
            "spread": self.spread,
            "least": self.least,
            "most": self.most,
            "rho": self.rho,
        }

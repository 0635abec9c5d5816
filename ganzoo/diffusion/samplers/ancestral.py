import math

import keras

from ganzoo.diffusion.sampler import Sampler


@keras.saving.register_keras_serializable("ganzoo")
class Ancestral(Sampler):
    """The chain of `ddpm` backwards, with new noise in each step but the last.

    Ho et al., arXiv:2006.11239, algorithm 2, with the variance of the posterior, equation 7;
    for fewer steps than the chain's, Song et al., arXiv:2010.02502, equation 16 at eta 1.
    Written in the coefficients a and b it is a step of any objective.
    """

    random = True

    def __call__(self, path, noises):
        x = path.start(noises[0])
        for i in range(path.steps):
            image, noise = path.estimate(x, i)
            now, later = path.coefficients(i), path.coefficients(i + 1)
            new = posterior_deviation(now, later)
            x = later[0] * image + math.sqrt(later[1] ** 2 - new**2) * noise
            if i + 1 < path.steps:
                x = x + new * noises[i + 1]
        return x


def posterior_deviation(now, later):
    """Deviation of x at a later time, given x now and the image.

    Args:
        now: a and b.
        later: The same at the later time, which is nearer to the image.
    """
    (a, b), (a_later, b_later) = now, later
    kept = a / a_later * b_later
    return b_later / b * math.sqrt(max(0.0, b**2 - kept**2))

import keras

from ganzoo.diffusion.sampler import Sampler


@keras.saving.register_keras_serializable("ganzoo")
class DDIM(Sampler):
    """The estimated image with the estimated noise at the next size: one evaluation a step.

    Song et al., arXiv:2010.02502, equation 12 with sigma 0. With `edm` and `flow` it is Euler's
    step.
    """

    def __call__(self, path, noises):
        x = path.start(noises[0])
        for i in range(path.steps):
            image, noise = path.estimate(x, i)
            a, b = path.coefficients(i + 1)
            x = a * image + b * noise
        return x

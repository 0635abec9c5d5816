import keras

from ganzoo.diffusion.sampler import Sampler


@keras.saving.register_keras_serializable("ganzoo")
class Euler(Sampler):
    """Straight steps along the velocity: one network evaluation a step.

    Karras et al., arXiv:2206.00364, equation 4, over the objective's own clock: the noise's
    size for `edm`, the time for `flow`, the angle of arXiv:2202.00512, section 4 and
    appendix D, for `ddpm`.
    """

    def __call__(self, path, noises):
        x = path.start(noises[0])
        for i in range(path.steps):
            x = x + path.gap(i) * path.rate(x, i)
        return x

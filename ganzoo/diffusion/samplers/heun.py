import keras

from ganzoo.diffusion.sampler import Sampler


@keras.saving.register_keras_serializable("ganzoo")
class Heun(Sampler):
    """Steps along the mean of the velocities at both ends: twice the steps, less 1, in evaluations.

    Karras et al., arXiv:2206.00364, algorithm 1. The last step is Euler's: at its end there is
    no noise that a velocity could be told from. Its error falls by 4 where the steps double.
    """

    def evaluations(self, steps):
        return 2 * steps - 1

    def __call__(self, path, noises):
        x = path.start(noises[0])
        for i in range(path.steps):
            gap, rate = path.gap(i), path.rate(x, i)
            ahead = x + gap * rate
            if i + 1 < path.steps:
                ahead = x + gap / 2 * (rate + path.rate(ahead, i + 1))
            x = ahead
        return x

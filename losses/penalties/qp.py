import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, apart
from ganzoo.variant import check_choice, check_positive, check_whole

DISTANCES = {"l1": ops.abs, "l2": ops.square}
SMALLEST = 1e-6  # Of a mean over pixels in [-1, 1]; two equal images would divide by 0.


@keras.saving.register_keras_serializable("ganzoo")
class QuadraticPotential(Penalty):
    """The squared difference of two scores over the distance of the two images.

    Su, arXiv:1811.07296, the second term of D's loss there; see `gan-qp`. Real images and
    fakes are paired by position:

        E[(D(x) - D(G(z)))^2 / (2 weight |x - G(z)|)]

    Args:
        weight: The paper's lambda.
        distance: `"l1"`, the mean absolute difference of the pixels, or `"l2"`, the root of
            their mean square: means, as in the author's code, so that `weight` does not
            depend on the size of the images.
        every: Steps from one use to the next; see `Penalty`.
    """

    def __init__(self, weight=10.0, distance="l1", every=1):
        check_positive(weight=weight)
        check_choice(DISTANCES, distance=distance)
        check_whole(every=every)
        self.weight = weight
        self.distance = distance
        self.every = every

    def __call__(self, critic, real, fake, seed):
        pixels = tuple(range(1, len(real.shape)))
        distance = ops.mean(DISTANCES[self.distance](real - fake), axis=pixels) + SMALLEST
        distance = ops.sqrt(distance) if self.distance == "l2" else distance
        difference = critic(real) - critic(fake)
        squares = ops.square(ops.reshape(difference, (ops.shape(real)[0], -1)))
        return ops.mean(squares / (2 * self.weight * distance[:, None]))

    def passes(self, shared):
        return apart(2, shared)

    def get_config(self):
        return {"weight": self.weight, "distance": self.distance, "every": self.every}

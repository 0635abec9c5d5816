import keras
from keras import ops

from ganzoo import backend
from ganzoo.losses.penalties.penalty import Penalty, normal
from ganzoo.passes import Passes
from ganzoo.variant import check_between, check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class PathLength(Penalty):
    """A step in the latent changes the image by the same amount everywhere.

    Karras et al., arXiv:1912.04958, equation 4, with J the derivative of G(z) by z:

        G: weight E[(|J^T n| - length)^2],  n ~ N(0, 1) / sqrt(pixels)

    `length` is the moving average of |J^T n|. Differences from the paper: z is the latent
    that the network is given, not what a mapping network makes of it; the whole batch is used.

    Args:
        weight: The paper's gamma_pl.
        decay: How much of `length` each use replaces.
        every: Steps from one use to the next; see `Penalty`.
    """

    players = ("generator",)
    memory = {"length": 0.0}
    generates = True

    def __init__(self, weight=2.0, decay=0.01, every=4):
        check_not_negative(weight=weight)
        check_between(0, 1, decay=decay)
        check_whole(every=every)
        self.weight = weight
        self.decay = decay
        self.every = every

    def generator(self, turn):
        _, height, width, _ = turn.fake.shape
        noise = normal(turn.fake, turn.seed) / (height * width) ** 0.5
        _, gradient = backend.with_input_gradient(
            lambda latents: ops.sum(turn.generate(latents) * noise, axis=(1, 2, 3)),
            turn.latents,
        )
        lengths = ops.sqrt(ops.sum(ops.square(gradient()), axis=1) + 1e-12)
        known = turn.memory["length"]
        known = known + self.decay * (backend.whole_mean(lengths) - known)
        turn.memory["length"] = known
        return self.weight * ops.mean(ops.square(lengths - known))

    def other_passes(self, player):
        # As in `passes`: the gradient, its gradient by the weights, and G's own pass.
        return {"generator": Passes(single=4, backward=1)}

    def get_config(self):
        return {"weight": self.weight, "decay": self.decay, "every": self.every}

import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, normal
from ganzoo.passes import Passes
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class ModeSeeking(Penalty):
    """G's images differ as their latents do: MSGAN.

    Mao et al., arXiv:1903.05628, equation 3, in the form that the authors' code minimises:

        G: weight / (E[|G(z) - G(m)|] / E[|z - m|] + 1e-5),  m ~ N(0, 1)

    Both differences are means over the batch and all coordinates before one is divided by the
    other. Of a model with labels both images are asked for the same class.

    Args:
        weight: The paper's lambda_ms.
        every: Steps from one use to the next; see `Penalty`.
    """

    players = ("generator",)
    generates = True

    def __init__(self, weight=1.0, every=1):
        check_not_negative(weight=weight)
        check_whole(every=every)
        self.weight = weight
        self.every = every

    def generator(self, turn):
        others = normal(turn.latents, turn.seed)
        images = ops.mean(ops.abs(turn.fake - turn.generate(others)))
        latents = ops.mean(ops.abs(turn.latents - others))
        return self.weight / (images / latents + 1e-5)

    def other_passes(self, player):
        return {"generator": Passes(single=1, backward=1)}

    def get_config(self):
        return {"weight": self.weight, "every": self.every}

import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.passes import Passes
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class FeatureMatching(Penalty):
    """G's images have the features of real ones on average.

    Salimans et al., arXiv:1606.03498, section 3.1, with f(x) what the last layer of D is
    given:

        G: weight |E[f(x)] - E[f(G(z))]|^2

    Difference from the paper: it is added to G's loss, in whose place it stands there.

    Args:
        weight: Weight.
        every: Steps from one use to the next; see `Penalty`.
    """

    players = ("generator",)

    def __init__(self, weight=1.0, every=1):
        check_not_negative(weight=weight)
        check_whole(every=every)
        self.weight = weight
        self.every = every

    def generator(self, turn):
        of_real = ops.stop_gradient(ops.mean(turn.features(turn.real), axis=0))
        of_fake = ops.mean(turn.features(turn.fake), axis=0)
        return self.weight * ops.sum(ops.square(of_real - of_fake))

    def other_passes(self, player):
        # Forward twice, and by the input of fakes alone; D's last layer is hardly anything.
        return {"discriminator": Passes(single=3)}

    def get_config(self):
        return {"weight": self.weight, "every": self.every}

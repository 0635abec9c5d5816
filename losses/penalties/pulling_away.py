import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.passes import Passes
from ganzoo.variant import check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class PullingAway(Penalty):
    """G's images have features at right angles to each other, pair by pair.

    Zhao et al., arXiv:1609.03126, equation 4, with S the features of N fakes: an autoencoder's
    code, of another D what its last layer is given.

        G: weight / (N (N - 1)) sum over i and j != i of (S_i . S_j / (|S_i| |S_j|))^2

    Args:
        weight: Weight.
        every: Steps from one use to the next; see `Penalty`.
    """

    players = ("generator",)

    def __init__(self, weight=0.1, every=1):
        check_not_negative(weight=weight)
        check_whole(every=every)
        self.weight = weight
        self.every = every

    def generator(self, turn):
        features = turn.features(turn.fake)
        squares = ops.sum(ops.square(features), axis=-1, keepdims=True)
        units = features / ops.sqrt(squares + 1e-12)
        cosines = ops.matmul(units, ops.transpose(units))
        n = ops.shape(features)[0]
        off_diagonal = ops.square(cosines) * (1.0 - ops.eye(n))
        pairs = ops.cast(n * ops.maximum(n - 1, 1), "float32")
        return self.weight * ops.sum(off_diagonal) / pairs

    def other_passes(self, player):
        # Forward, and by the input; D's last layer is hardly anything.
        return {"discriminator": Passes(single=2)}

    def get_config(self):
        return {"weight": self.weight, "every": self.every}

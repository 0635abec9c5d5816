import keras
from keras import ops

from ganzoo import backend
from ganzoo.losses.penalties.penalty import Penalty, apart
from ganzoo.variant import check_between, check_not_negative, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class LeCam(Penalty):
    """Pulls each score to where those of the other kind have been on average.

    Tseng et al., arXiv:2104.03310, equation 5:

        weight (E[(D(x) - fakes)^2] + E[(D(G(z)) - reals)^2])

    `reals` and `fakes` are moving averages of the batches' mean scores, divided by the share
    of them that is not their first value of 0. The authors' code counts a difference only
    where D(x) is above `fakes` or D(G(z)) below `reals`, unlike their paper and this penalty.

    Args:
        weight: The paper's lambda.
        decay: Of the averages, for each use.
        every: Steps from one use to the next; see `Penalty`.
    """

    memory = {"reals": 0.0, "fakes": 0.0, "share": 0.0}

    def __init__(self, weight=0.3, decay=0.99, every=1):
        check_not_negative(weight=weight)
        check_between(0, 1, decay=decay)
        check_whole(every=every)
        self.weight = weight
        self.decay = decay
        self.every = every

    def discriminator(self, turn):
        on_real, on_fake = turn.critic(turn.real), turn.critic(turn.fake)
        mean = backend.whole_mean
        means = {"reals": mean(on_real), "fakes": mean(on_fake), "share": 1.0}
        for key, now in means.items():
            turn.memory[key] = self.decay * turn.memory[key] + (1 - self.decay) * now
        share = ops.maximum(turn.memory["share"], 1e-6)
        reals, fakes = turn.memory["reals"] / share, turn.memory["fakes"] / share
        of_real = ops.mean(ops.square(on_real - fakes))
        of_fake = ops.mean(ops.square(on_fake - reals))
        return self.weight * (of_real + of_fake)

    def passes(self, shared):
        return apart(2, shared)

    def get_config(self):
        return {"weight": self.weight, "decay": self.decay, "every": self.every}

import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.variant import check_between, check_positive


@keras.saving.register_keras_serializable("ganzoo")
class TopK(Penalty):
    """G learns from its best images alone, and from fewer of them as it gets better.

    Sinha et al., arXiv:2002.06224, section 3: the fakes of a batch that D scores lowest give
    G no gradient. The share of those that do is

        max(least, 2^(-seen / half_life))

    Differences from the paper: the share falls by images seen instead of epochs, and what is
    left of the gradient is still divided by the whole batch.

    Args:
        least: The smallest share, the paper's nu.
        half_life: Thousands of images in which the share halves. The paper's 0.99 an epoch is
            that of 69 epochs.
    """

    players = ()

    def __init__(self, least=0.5, half_life=500.0):
        check_between(0, 1, least=least)
        check_positive(half_life=half_life)
        self.least = least
        self.half_life = half_life

    def learned_from(self, scores, turn):
        n = ops.shape(scores)[0]
        of_image = ops.mean(ops.reshape(ops.stop_gradient(scores), (n, -1)), axis=1)
        better = ops.sum(ops.cast(of_image[None] > of_image[:, None], "float32"), axis=1)
        share = ops.exp2(-turn.images_seen / (1000 * self.half_life))
        chosen = better < ops.ceil(ops.maximum(share, self.least) * ops.cast(n, "float32"))
        chosen = ops.reshape(chosen, (n, *(1 for _ in scores.shape[1:])))
        return ops.where(chosen, scores, ops.stop_gradient(scores))

    def get_config(self):
        return {"least": self.least, "half_life": self.half_life}

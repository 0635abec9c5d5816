import keras
from keras import ops

from ganzoo.losses.cross_entropy import check_label_smoothing, cross_entropy
from ganzoo.losses.loss import Loss


@keras.saving.register_keras_serializable("ganzoo")
class Minimax(Loss):
    """The saturating game of the first GAN: G minimises log(1 - D(G(z))).

    Goodfellow et al., arXiv:1406.2661, equation 1. Its generator gets almost no
    gradient while the discriminator is sure of itself; the same paper therefore
    trained with `non-saturating`, which is a loss of its own here.

    Args:
        label_smoothing: How far below 1 the target of real images is.
    """

    parted_at = 0.0

    def __init__(self, label_smoothing=0.0):
        self.label_smoothing = check_label_smoothing(label_smoothing)

    def discriminator(self, real, fake):
        return cross_entropy(real, fake, self.label_smoothing)

    def generator(self, fake, real=None):
        return -ops.mean(ops.softplus(fake))  # log(1 - D(G(z)))

    def get_config(self):
        return {"label_smoothing": self.label_smoothing}

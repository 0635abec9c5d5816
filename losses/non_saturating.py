import keras
from keras import ops

from ganzoo.losses.cross_entropy import check_label_smoothing, cross_entropy
from ganzoo.losses.loss import Loss


@keras.saving.register_keras_serializable("ganzoo")
class NonSaturating(Loss):
    """The heuristic that most GANs train with: G minimises -log D(G(z)).

    Goodfellow et al., arXiv:1406.2661, section 3, last paragraph. The fixed point
    is that of `minimax`; the gradient is strong while fakes are poor.

    Args:
        label_smoothing: How far below 1 the target of real images is.
    """

    parted_at = 0.0

    def __init__(self, label_smoothing=0.0):
        self.label_smoothing = check_label_smoothing(label_smoothing)

    def discriminator(self, real, fake):
        return cross_entropy(real, fake, self.label_smoothing)

    def generator(self, fake, real=None):
        return ops.mean(ops.softplus(-fake))  # -log D(G(z))

    def get_config(self):
        return {"label_smoothing": self.label_smoothing}

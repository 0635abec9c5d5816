import keras
from keras import ops

from ganzoo.losses.cross_entropy import check_label_smoothing, cross_entropy
from ganzoo.losses.loss import Loss


@keras.saving.register_keras_serializable("ganzoo")
class NonSaturating(Loss):
    """The heuristic that most GANs train with: G minimises -log D(G(z)).

    Goodfellow et al., arXiv:1406.2661, section 3, last paragraph. The fixed point
    is that of `minimax`; the gradient is strong while fakes are poor.

    R1 and R2 at 0.3 go with it, the best of 12 trials of 40 kimg at 28 px
    (`benchmarks/results/sweep`): coverage 0.59; R1 at 1.0 alone 0.52, no penalty 0.31. After
    the 320 kimg of `quick` on `unown-original` (seeds 0 to 5, `benchmarks/results/growth` at
    commit ee6a0f3) KID -0.001 to 0.004, coverage 0.89 to 0.92; with R1 at 1.0 alone (at commit
    46525e1) -0.001 to 0.006 and 0.88 to 0.90. Letters decided: on an earlier drawing of those
    in `benchmarks/other_sets.py` (seed 0) 0.001 and 0.78; R1 at 1.0 alone 0.031 and 0.66, at
    0.3 0.019 and 0.75, at 0.1 0.024 and 0.65, R1 and R2 at 1.0 0.000 and 0.74.

    Args:
        label_smoothing: How far below 1 the target of real images is.
    """

    settings = {"penalties": ("r1:gamma=0.3,every=4", "r2:gamma=0.3,every=4")}

    def __init__(self, label_smoothing=0.0):
        self.label_smoothing = check_label_smoothing(label_smoothing)

    def discriminator(self, real, fake):
        return cross_entropy(real, fake, self.label_smoothing)

    def generator(self, fake, real=None):
        return ops.mean(ops.softplus(-fake))  # -log D(G(z))

    def get_config(self):
        return {"label_smoothing": self.label_smoothing}

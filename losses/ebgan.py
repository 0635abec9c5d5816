import keras
from keras import ops

from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.pulling_away import PullingAway
from ganzoo.variant import check_not_negative, check_positive


@keras.saving.register_keras_serializable("ganzoo")
class EnergyBased(Loss):
    """An energy, low on real images and up to a margin on fakes: EBGAN.

    Zhao et al., arXiv:1609.03126, equations 1 and 2. D is an autoencoder, such as the
    architecture `autoencoder`, and the energy is its error, minus the score D(x):

        D: E[-D(x)] + E[max(0, margin + D(G(z)))]
        G: E[-D(G(z))] + pulling_away PT

    PT is the penalty `pulling-away`. Difference from the paper: an error is a mean over
    pixels, where the paper has the Euclidean norm of an image; margins differ accordingly.

    Args:
        margin: Energy of fakes from which on they teach D nothing.
        pulling_away: Weight of PT; 0 for none, 0.1 in the paper.
    """

    autoencoder = True

    def __init__(self, margin=0.3, pulling_away=0.0):
        check_positive(margin=margin)
        check_not_negative(pulling_away=pulling_away)
        self.penalties = (PullingAway(pulling_away),) if pulling_away else ()
        self.margin = margin
        self.pulling_away = pulling_away

    def discriminator(self, real, fake):
        return ops.mean(ops.relu(self.margin + fake)) - ops.mean(real)

    def generator(self, fake, real=None):
        return -ops.mean(fake)

    def get_config(self):
        return {"margin": self.margin, "pulling_away": self.pulling_away}

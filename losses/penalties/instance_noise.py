import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, normal
from ganzoo.variant import check_not_negative, check_positive


@keras.saving.register_keras_serializable("ganzoo")
class InstanceNoise(Penalty):
    """D sees real images and fakes through noise that dies away.

    Soenderby et al., arXiv:1610.04490, section 3.2: without noise the two kinds share no
    image, and D tells them apart with certainty. x + sigma (1 - seen / kimg) n is shown, with
    n ~ N(0, 1) for each number, in the turn of either player, and plain images from `kimg` on.

    Args:
        sigma: Deviation of the noise at the start, on images in [-1, 1].
        kimg: Thousands of images after which there is none.
    """

    players = ()

    def __init__(self, sigma=0.1, kimg=100.0):
        check_not_negative(sigma=sigma)
        check_positive(kimg=kimg)
        self.sigma = sigma
        self.kimg = kimg

    def seen(self, images, turn):
        left = ops.relu(1.0 - turn.images_seen / (1000 * self.kimg))
        return images + self.sigma * left * normal(images, turn.seed)

    def get_config(self):
        return {"sigma": self.sigma, "kimg": self.kimg}

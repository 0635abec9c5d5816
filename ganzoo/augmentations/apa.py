import keras
from keras import ops

from ganzoo.augmentations.controller import Controlled
from ganzoo.augmentations.draws import Draws


@keras.saving.register_keras_serializable("ganzoo")
class APA(Controlled):
    """D is shown fakes as real images, with a probability that adapts: pseudo augmentation.

    Jiang et al., arXiv:2111.06849, equations 3 and 4, with the probability p of
    `ganzoo.augmentations.controller`: a real image of D's update is with probability p a fake.

    Differences from the paper: these fakes are those of the same update, as its other half;
    p ends at `most`, for with p at 1 nothing real would be left.

    Args:
        target: The certainty of D at which p stays: the paper's lambda_r.
        kimg: Thousands of real images in which p goes from 0 to 1; 0: p stays as it is.
        every: Updates of D from one change of p to the next.
        p: The first p, 0.9 at most.
    """

    most = 0.9
    mixes = True

    def __init__(self, target=0.6, kimg=500.0, every=4, p=0.0):
        super().__init__(target, kimg, every, p)

    def in_discriminator(self, real, fake, seed, memory):
        swapped = Draws(real, seed).happens(memory["p"])
        # Not its own neighbour in the batch: paired losses would see no difference.
        return ops.where(swapped > 0, ops.roll(fake, 1, axis=0), real), fake

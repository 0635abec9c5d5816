import keras
from keras import ops

from ganzoo.losses.loss import Loss, check_critic_steps
from ganzoo.losses.weight_clip import WeightClip
from ganzoo.variant import check_positive


@keras.saving.register_keras_serializable("ganzoo")
class Wasserstein(Loss):
    """Wasserstein distance, with the critic's weights clipped to a box.

    Arjovsky et al., arXiv:1701.07875, algorithm 1: after each update every weight
    of the critic, biases too, is clipped to [-clip, clip], which bounds its gradient.

    Differences from the paper: one critic update for each generator update (the
    paper: 5) and Adam (the paper: RMSprop at 5e-5), as with the other losses; a box
    of 0.1 (the paper: 0.01).

    Args:
        clip: Half the side of the box. `None` leaves that to a penalty.
        critic_steps: Discriminator updates for each generator update.
    """

    def __init__(self, clip=0.1, critic_steps=1):
        check_critic_steps(critic_steps)
        if clip is not None:
            check_positive(clip=clip)
        self.clip = clip
        self.critic_steps = critic_steps
        self.constraint = None if clip is None else WeightClip(clip)

    def discriminator(self, real, fake):
        return ops.mean(fake) - ops.mean(real)

    def generator(self, fake, real=None):
        return -ops.mean(fake)

    def get_config(self):
        return {"clip": self.clip, "critic_steps": self.critic_steps}

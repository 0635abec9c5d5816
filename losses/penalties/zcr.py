import keras
from keras import ops

from ganzoo.losses.penalties.penalty import Penalty, apart, normal, score_like
from ganzoo.passes import Passes
from ganzoo.variant import check_not_negative, check_positive, check_whole


@keras.saving.register_keras_serializable("ganzoo")
class LatentConsistency(Penalty):
    """D keeps its score where a latent moves a little, G changes its image: zCR-GAN.

    Zhao et al., arXiv:2002.04724, algorithm 2, with m = z + noise n and n ~ N(0, 1):

        D: discriminator_weight E[(D(G(z)) - D(G(m)))^2]
        G: -generator_weight E[(G(z) - G(m))^2], a mean over pixels too

    With `bcr` beside it this is their ICR.

    Args:
        discriminator_weight: The paper's lambda_dis.
        generator_weight: The paper's lambda_gen.
        noise: Deviation of the noise.
        every: Steps from one use to the next; see `Penalty`.
    """

    players = ("discriminator", "generator")
    generates = True

    def __init__(self, discriminator_weight=5.0, generator_weight=0.5, noise=0.05, every=1):
        check_not_negative(
            discriminator_weight=discriminator_weight, generator_weight=generator_weight
        )
        check_positive(noise=noise)
        check_whole(every=every)
        self.discriminator_weight = discriminator_weight
        self.generator_weight = generator_weight
        self.noise = noise
        self.every = every

    def discriminator(self, turn):
        moved = score_like(turn.critic, ops.stop_gradient(self._moved(turn)), turn.fake)
        change = moved - turn.critic(turn.fake)
        return self.discriminator_weight * ops.mean(ops.square(change))

    def generator(self, turn):
        change = turn.fake - self._moved(turn)
        return -self.generator_weight * ops.mean(ops.square(change))

    def _moved(self, turn):
        return turn.generate(turn.latents + self.noise * normal(turn.latents, turn.seed))

    def passes(self, shared):
        return Passes(single=1, backward=1) + apart(1, shared)

    def other_passes(self, player):
        if player == "discriminator":
            return {"generator": Passes(single=1)}
        return {"generator": Passes(single=1, backward=1)}

    def get_config(self):
        return {
            "discriminator_weight": self.discriminator_weight,
            "generator_weight": self.generator_weight,
            "noise": self.noise,
            "every": self.every,
        }

"""A GAN with an encoder, whose reconstructions are compared by the discriminator's features."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from ganzoo.errors import InputError
from ganzoo.models.gan import GANModel
from ganzoo.models.posterior import Posterior, check_encoder, mean_encoder
from ganzoo.passes import Passes
from ganzoo.variant import check_not_negative


@keras.saving.register_keras_serializable("ganzoo")
class VAEGANModel(GANModel):
    """A GAN with an encoder, and reconstructions compared by the discriminator's features.

    Larsen et al., arXiv:1512.09300, with any loss and penalties of a GAN.
    The generator's update moves the encoder too. Minimised is

        loss of the generator + weight * (reconstruction + beta * KL)

    Reconstruction is half the squared distance between an image and its reconstruction in
    features of the discriminator, those that its last layer is given, summed over features:
    a Gaussian likelihood of features with variance 1. The KL divergence of the posterior to
    the prior is summed over coordinates of the latent; both are means over the batch.

    Differences from the paper: the discriminator is shown images of latents from the prior
    alone, no reconstructions. The weight is on the encoder's terms, and the encoder has an
    optimizer of its own. With a condition the encoder has no labels.

    Args:
        encoder: Model from images [N, H, W, C] in [-1, 1] to [N, 2 L], means and log
            variances of L latents.
        generator: See `GANModel`.
        discriminator: See `GANModel`. Functional or sequential, for its features are needed.
        weight: Weight of reconstruction and divergence beside the generator's loss.
        beta: Weight of the divergence beside the reconstruction. With 1 the posterior came
            down to the prior: 1 nat after 20 kimg of `unown-original`, where 0.1 left 74.
        options: Further keywords of `GANModel`.

    Raises:
        ganzoo.errors.InputError: As `GANModel`; or if the networks' latents differ in length.
    """

    roles = ("encoder", "generator", "discriminator")
    averaged = ("generator", "encoder")
    moved_with_generator = ("encoder", "generator")
    further_terms = ("reconstruction", "kl")
    # Without a gradient of the choice among categories an encoder learns nothing of it.
    recommended = {"architecture": "progressive-dcgan:straight_through=true"}

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        discriminator: keras.Model,
        weight: float = 0.001,
        beta: float = 0.1,
        **options: Any,
    ):
        check_not_negative(weight=weight, beta=beta)
        super().__init__(generator, discriminator, beside={"encoder": encoder}, **options)
        check_encoder(encoder, self.latent_size)
        if self.scales is not None:
            raise InputError(
                "The model 'vae-gan' compares images of one size, and these networks have "
                f"{self.scales.count}. Take another architecture, or the model 'gan'."
            )
        self.weight, self.beta = weight, beta

    def further_loss(self, fake: Any, real: Any, n: int) -> tuple[Any, dict[str, Any]]:
        posterior = Posterior.of(self.encoder(real, training=True))
        codes = posterior.draw(self._latents(n, "posterior"))
        error = ops.mean(self._feature_distance(codes, real))
        kl = ops.mean(posterior.kl())
        total = self.weight * (error + self.beta * kl)
        return total, {"reconstruction": error, "kl": kl}

    def _feature_distance(self, codes: Any, real: Any) -> Any:
        """Half the squared distance of features between images and reconstructions, [N]."""
        labels = None if self.asked is None else self.asked.real
        made = self.generator(codes if labels is None else [codes, labels], training=True)
        wanted = ops.stop_gradient(self.features(self._inputs(real, labels)))
        found = self.features(self._inputs(made, labels))
        return 0.5 * ops.sum(ops.square(found - wanted), axis=-1)

    @classmethod
    def make_encoder(cls, networks: Mapping[str, keras.Model]) -> keras.Model:
        return mean_encoder(networks["encoder"])

    def passes(self) -> dict[str, Passes]:
        # The reconstruction is made, and scored with a gradient; so is the real image without.
        share = 1 / self.critic_steps
        own = super().passes()
        return {
            "encoder": Passes(single=1, backward=1) * share,
            "generator": own["generator"] + Passes(single=1, backward=1) * share,
            "discriminator": own["discriminator"] + Passes(single=3) * share,
        }

    def panels(self) -> dict[str, tuple[str, ...]]:
        own = {"reconstruction": ("reconstruction",), "KL in nats": ("kl",)}
        return super().panels() | own

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"weight": self.weight, "beta": self.beta}

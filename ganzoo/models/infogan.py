"""A GAN whose images tell the codes that they were made of, by `--model infogan`."""

import math
from typing import Any

import keras
from keras import ops

from ganzoo.architectures.categories import Categories
from ganzoo.conditions.layers import one_hot
from ganzoo.errors import InputError
from ganzoo.models.gan import GANModel
from ganzoo.models.posterior import Posterior, check_encoder
from ganzoo.passes import Passes
from ganzoo.variant import check_not_negative, check_whole

LOG_2_PI = math.log(2 * math.pi)


@keras.saving.register_keras_serializable("ganzoo")
class InfoGANModel(GANModel):
    """An encoder finds the code in an image, and G makes images in which it can: InfoGAN.

    Chen et al., arXiv:1606.03657, equation 6, with any loss and penalties of a GAN. A code is
    a part of the latent, and no labels are needed: the category that the generator chooses by
    its first coordinates, and the next `codes` coordinates themselves. The generator's update
    moves the encoder too. Minimised is

        loss of the generator - weight * E[log q(category | image)]
                              - continuous_weight * E[log q(code | image)]

    q is a softmax of the encoder's first means, and a normal distribution of its means and
    variances for the other codes.

    Differences from the paper: q is a network of its own, where the paper has a layer on the
    discriminator's body; codes are normal, where the paper has uniform ones.

    Args:
        encoder: Model from images [N, H, W, C] in [-1, 1] to [N, 2 L], means and log
            variances of L latents.
        generator: See `GANModel`. Its categories are those of its `Categories` layer, if any.
        discriminator: See `GANModel`.
        codes: Continuous codes.
        weight: Of the category's term.
        continuous_weight: Of the other codes' term.
        options: Further keywords of `GANModel`.

    Raises:
        ganzoo.errors.InputError: As `GANModel`; or if the latent is too short for the codes,
            or there is no code.
    """

    roles = ("encoder", "generator", "discriminator")
    averaged = ("generator", "encoder")
    moved_with_generator = ("encoder", "generator")
    further_terms = ("category", "code")

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        discriminator: keras.Model,
        codes: int = 2,
        weight: float = 1.0,
        continuous_weight: float = 0.1,
        **options: Any,
    ):
        check_whole(0, codes=codes)
        check_not_negative(weight=weight, continuous_weight=continuous_weight)
        super().__init__(generator, discriminator, beside={"encoder": encoder}, **options)
        check_encoder(encoder, self.latent_size)
        found = (each for each in generator.layers if isinstance(each, Categories))
        self.categories = max((each.count for each in found), default=0)
        self.codes, self.weight, self.continuous_weight = codes, weight, continuous_weight
        if not 0 < self.categories + codes <= self.latent_size:
            raise InputError(
                f"{self.categories} coordinates of the {self.latent_size} of a latent choose "
                f"a category here, and {codes} more would be codes. Take fewer codes, or one "
                "at least."
            )
        if self.scales is not None:
            raise InputError(
                "The model 'infogan' encodes images of one size, and these networks have "
                f"{self.scales.count}. Take another architecture."
            )

    def further_loss(self, fake: Any, real: Any, n: int) -> tuple[Any, dict[str, Any]]:
        category, code = self.information(self.encoder(fake, training=True), self.drawn)
        total = self.weight * category + self.continuous_weight * code
        return total, {"category": category, "code": code}

    def information(self, moments: Any, latents: Any) -> tuple[Any, Any]:
        """-E[log q] of the category and of the continuous codes, in nats, summed over codes.

        Args:
            moments: What the encoder gives of images, [N, 2 L].
            latents: What the images were made of, [N, L].
        """
        found, count, end = Posterior.of(moments), self.categories, self.categories + self.codes
        category = code = ops.zeros((), "float32")
        if count:
            chosen = one_hot(ops.argmax(latents[:, :count], axis=-1), count)
            logits = found.mean[:, :count]
            right = ops.sum(chosen * logits, axis=-1)
            category = ops.mean(ops.logsumexp(logits, axis=-1) - right)
        if self.codes:
            log_variance = found.log_variance[:, count:end]
            squares = ops.square(latents[:, count:end] - found.mean[:, count:end])
            each = squares * ops.exp(-log_variance) + log_variance + LOG_2_PI
            code = 0.5 * ops.mean(ops.sum(each, axis=-1))
        return category, code

    def passes(self) -> dict[str, Passes]:
        share = 1 / self.critic_steps
        return {"encoder": Passes(single=2, backward=1) * share} | super().passes()

    def panels(self) -> dict[str, tuple[str, ...]]:
        return super().panels() | {"-log q in nats": self.further_terms}

    def get_config(self) -> dict[str, Any]:
        own = {"codes": self.codes, "weight": self.weight}
        return super().get_config() | own | {"continuous_weight": self.continuous_weight}

"""A variational autoencoder: a lower bound of the likelihood of images."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from ganzoo import backend
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.models.likelihood import LIKELIHOODS, bits_per_dimension
from ganzoo.models.posterior import Posterior, check_encoder, mean_encoder
from ganzoo.variant import check_choice, check_not_negative


@keras.saving.register_keras_serializable("ganzoo")
class VAEModel(GenerativeModel):
    """An encoder and a generator that raise a lower bound of the likelihood of images.

    Kingma and Welling, arXiv:1312.6114; with `beta` the model of Higgins et al. (ICLR 2017).
    The encoder gives a normal distribution of latents for each image, and the generator makes
    the image of a latent drawn from it. Minimised is the mean over the batch of

        -log p(image | latent) + beta * KL(posterior of the image | standard normal)

    The first term is a sum over pixels, the second one over coordinates of the latent.

    A sample is the mean of the likelihood at a latent from the prior: no noise is added to
    its pixels. With a condition the generator has labels, and the encoder has none.

    Figures of a step are `reconstruction` and `kl` in nats an image, and
    `bits_per_dimension`: the negative lower bound, with beta 1 whatever `beta` is, in bits a
    pixel and channel. It is not comparable between likelihoods: that of `gaussian` is of a
    density, a pixel measured in its 256 levels, and can be negative.

    Args:
        encoder: Model from images [N, H, W, C] in [-1, 1] to [N, 2 L], means and log
            variances of L latents.
        generator: Model from latents [N, L] to such images.
        beta: Weight of the divergence.
        likelihood: `"gaussian"` or `"bernoulli"`.
        sigma: Standard deviation of the Gaussian likelihood; `None`: the most likely one for
            each batch.
        options: `fade`, `ema`, `seed`, `condition` and `name` of `GenerativeModel`.

    Raises:
        ganzoo.errors.InputError: If the networks' latents differ in length, or an option is
            none that it can be.

    Example:

    ```python
    encoder, generator, _ = ganzoo.architectures.get("progressive-dcgan:base=14")(
        ganzoo.Stage(14, kimg=1), roles=("encoder", "generator")
    )
    model = ganzoo.models.VAEModel(encoder, generator, beta=4)
    model.compile(Adam(1e-3), Adam(1e-3))
    model.fit(images, batch_size=16, epochs=2)
    ```
    """

    roles = ("encoder", "generator")
    averaged = ("generator", "encoder")
    # An encoder learns nothing of a choice among categories, which has no gradient.
    recommended = {"architecture": "progressive-dcgan:categories=0"}

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        beta: float = 1.0,
        likelihood: str = "gaussian",
        sigma: float | None = None,
        **options: Any,
    ):
        check_not_negative(beta=beta)
        check_choice(LIKELIHOODS, likelihood=likelihood)
        made = LIKELIHOODS[likelihood](sigma)
        super().__init__(
            {"encoder": encoder, "generator": generator},
            terms=("reconstruction", "kl"),
            figures=("bits_per_dimension",),
            **options,
        )
        check_encoder(encoder, self.latent_size)
        self.beta, self.likelihood, self.sigma = beta, likelihood, sigma
        self._likelihood = made

    def update(self, images: Any, labels: Any = None) -> tuple[Any, dict[str, Any]]:
        rows = ops.shape(images)[0]
        seed = self.step_seed("posterior")
        noise = backend.local_rows(keras.random.normal((rows, self.latent_size), seed=seed))
        images = backend.local_rows(images)
        labels = labels if labels is None else backend.local_rows(labels)

        def loss() -> tuple[Any, dict[str, Any]]:
            posterior = Posterior.of(self.encoder(images, training=True))
            codes = posterior.draw(noise)
            made = self.generator(codes if labels is None else [codes, labels], training=True)
            nats = self._likelihood.nats(images, ops.cast(made, "float32"))
            reconstruction, kl = ops.mean(nats), ops.mean(posterior.kl())
            bits = bits_per_dimension(reconstruction + kl, images)
            logs = {"reconstruction": reconstruction, "kl": kl, "bits_per_dimension": bits}
            return reconstruction + self.beta * kl, logs

        return rows, self.minimise(loss, *self.roles)

    @classmethod
    def make_encoder(cls, networks: Mapping[str, keras.Model]) -> keras.Model:
        return mean_encoder(networks["encoder"])

    def panels(self) -> dict[str, tuple[str, ...]]:
        return {
            "reconstruction in nats": ("reconstruction",),
            "KL in nats": ("kl",),
            "bits per dimension": ("bits_per_dimension",),
        }

    def get_config(self) -> dict[str, Any]:
        own = {"beta": self.beta, "likelihood": self.likelihood, "sigma": self.sigma}
        return super().get_config() | own

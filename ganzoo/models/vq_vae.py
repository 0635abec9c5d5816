"""An autoencoder whose codes are choices from a codebook, with a prior over the choices."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from ganzoo import backend
from ganzoo.errors import InputError
from ganzoo.models.codes import Codes, Quantiles
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.models.likelihood import LIKELIHOODS, bits_per_dimension
from ganzoo.models.posterior import check_encoder, mean_encoder
from ganzoo.passes import Passes
from ganzoo.variant import check_choice, check_not_negative


@keras.saving.register_keras_serializable("ganzoo")
class VQVAEModel(GenerativeModel):
    """An autoencoder whose codes are choices from a codebook, with a prior over the choices.

    van den Oord et al., arXiv:1711.00937, equation 3. The encoder's output is split into
    vectors, each of which is replaced by the nearest one of its codebook, and the generator
    makes the image of these. The prior gives the logits of each choice from those before it.
    Minimised is the mean over the batch of

        -log p(image | codes) - log p(codes)
        + ||sg(encoding) - vectors||^2 + commitment * ||encoding - sg(vectors)||^2

    `sg` stops a gradient. That of the first term goes to the encoder as if vectors and encoding
    were equal (straight through), that of the second to the prior alone, that of the third to
    the codebook alone. All terms are sums over pixels or numbers. An entry that hardly any
    image chooses begins again where the encoder puts an image: see `Codebook.restart`.

    Difference from the paper: the prior is trained beside the others, not after them.

    A latent is a normal number for each choice, the quantile at which it is made: see `Codes`.
    `bits_per_dimension` is the first two terms in bits a pixel and channel. It is a bound of
    the negative log likelihood, since an image has a chance with other codes too.

    Args:
        encoder: Model from images [N, H, W, C] in [-1, 1] to [N, 2 L]; the first L are used.
        generator: Model from vectors [N, L] to such images.
        prior: Model from encodings [N, L] to chosen vectors [N, L], codes and logits [N, P, K],
            with a layer `codebook`: see `ganzoo.architectures.VQDCGAN`.
        commitment: Weight of the last term.
        likelihood: `"gaussian"` or `"bernoulli"`.
        sigma: Standard deviation of the Gaussian likelihood; `None`: the most likely one for
            each batch.
        options: `fade`, `ema`, `seed` and `name` of `GenerativeModel`.

    Raises:
        ganzoo.errors.InputError: If the networks' vectors differ in length, an option is none
            that it can be, or with a condition.

    Example:

    ```python
    architecture = ganzoo.architectures.get("vq-dcgan:base=14")
    *networks, _ = architecture(ganzoo.Stage(14, kimg=1), ("encoder", "generator", "prior"))
    model = ganzoo.models.VQVAEModel(*networks)
    model.compile(Adam(1e-3), Adam(1e-3), Adam(1e-3))
    model.fit(images, batch_size=16, epochs=2)
    ```
    """

    roles = ("encoder", "generator", "prior")
    averaged = ("generator", "encoder", "prior")
    recommended = {"architecture": "vq-dcgan"}

    def __init__(
        self,
        encoder: keras.Model,
        generator: keras.Model,
        prior: keras.Model,
        commitment: float = 0.25,
        likelihood: str = "gaussian",
        sigma: float | None = None,
        condition: Any = None,
        **options: Any,
    ):
        check_not_negative(commitment=commitment)
        check_choice(LIKELIHOODS, likelihood=likelihood)
        made = LIKELIHOODS[likelihood](sigma)
        if condition is not None:
            raise InputError("The prior of a VQ-VAE has no labels. Leave the condition out.")
        check_encoder(encoder, prior.input_shape[1])
        super().__init__(
            {"encoder": encoder, "generator": generator, "prior": prior},
            terms=("reconstruction", "prior_nats", "quantization"),
            figures=("bits_per_dimension", "perplexity"),
            **options,
        )
        self.commitment, self.likelihood, self.sigma = commitment, likelihood, sigma
        self._likelihood = made

    def update(self, images: Any, labels: Any = None) -> tuple[Any, dict[str, Any]]:
        mine = backend.local_rows(images)
        logs = self.minimise(lambda: self.coding_loss(mine), *self.roles)
        encodings, codes = logs["encodings"], logs["codes"]
        if backend.device_count() > 1:  # Where each process has a part of the batch.
            encodings = _first_half(self.encoder(images, training=True))
            _, codes, _ = self.prior(encodings, training=True)
        self.prior.get_layer("codebook").restart(
            ops.stop_gradient(encodings), codes, self.step_seed("restart")
        )
        return ops.shape(images)[0], logs

    def coding_loss(self, images: Any) -> tuple[Any, dict[str, Any]]:
        """What is minimised, and figures for the logs; `encodings` and `codes` among them.

        Args:
            images: Real images [N, H, W, C], float32 in [-1, 1].
        """
        encodings = _first_half(self.encoder(images, training=True))
        quantized, codes, logits = self.prior(encodings, training=True)
        straight = encodings + ops.stop_gradient(quantized - encodings)
        made = ops.cast(self.generator(straight, training=True), "float32")
        nats = self._likelihood.nats(images, made)
        surprise = -ops.sum(codes * ops.log_softmax(logits), axis=(1, 2))
        to_book = ops.sum(ops.square(ops.stop_gradient(encodings) - quantized), axis=-1)
        to_code = ops.sum(ops.square(encodings - ops.stop_gradient(quantized)), axis=-1)
        used = ops.mean(codes, axis=0)
        entropy = -ops.sum(used * ops.log(used + 1e-10), axis=-1)
        logs = {
            "reconstruction": ops.mean(nats),
            "prior_nats": ops.mean(surprise),
            "quantization": ops.mean(to_book + self.commitment * to_code),
            "bits_per_dimension": bits_per_dimension(ops.mean(nats + surprise), images),
            "perplexity": ops.mean(ops.exp(entropy)),
        }
        total = sum(logs[term] for term in self.terms)
        return total, logs | {"encodings": encodings, "codes": codes}

    @classmethod
    def make_generator(cls, networks: Mapping[str, keras.Model]) -> keras.Model:
        codes = Codes(networks["prior"], name="codes")
        latents = keras.Input((codes.places,), name="latents")
        return keras.Model(latents, networks["generator"](codes(latents)), name="generator")

    @classmethod
    def make_encoder(cls, networks: Mapping[str, keras.Model]) -> keras.Model:
        encoder = mean_encoder(networks["encoder"])
        _, codes, logits = networks["prior"](encoder.outputs[0])
        return keras.Model(encoder.inputs[0], Quantiles(name="quantiles")(codes, logits))

    def sampled_passes(self) -> dict[str, Passes]:
        return super().sampled_passes() | {"prior": Passes(single=self.latent_size)}

    def panels(self) -> dict[str, tuple[str, ...]]:
        nats = {"nats": ("reconstruction", "prior_nats")}
        own = ("quantization", "bits_per_dimension", "perplexity")
        return nats | {name.replace("_", " "): (name,) for name in own}

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        del config["condition"]
        own = {"likelihood": self.likelihood, "sigma": self.sigma}
        return config | {"commitment": self.commitment} | own


def _first_half(moments: Any) -> Any:
    return moments[:, : moments.shape[-1] // 2]

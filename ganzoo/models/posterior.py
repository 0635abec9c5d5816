"""The posterior of an encoder: a normal distribution of latents for each image."""

from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from ganzoo.errors import InputError


@dataclass(frozen=True, eq=False)
class Posterior:
    """Normal distributions with independent coordinates, one for each image.

    Attributes:
        mean: float32 [N, L].
        log_variance: float32 [N, L].
    """

    mean: Any
    log_variance: Any

    @classmethod
    def of(cls, moments: Any) -> "Posterior":
        """The posterior that an encoder gives.

        Args:
            moments: Output of the encoder, [N, 2 L]: L means, then L log variances.
        """
        return cls(*ops.split(ops.cast(moments, "float32"), 2, axis=-1))

    def draw(self, noise: Any) -> Any:
        """Latents [N, L] from the posterior, with a gradient (Kingma and Welling, section 2.4).

        Args:
            noise: Standard normal numbers, float32 [N, L].
        """
        return self.mean + ops.exp(0.5 * self.log_variance) * noise

    def kl(self) -> Any:
        """KL divergence to the standard normal prior in nats, float32 [N].

        The closed form of Kingma and Welling (arXiv:1312.6114), appendix B, summed over the
        latent's coordinates.
        """
        variance = ops.exp(self.log_variance)
        terms = ops.square(self.mean) + variance - 1.0 - self.log_variance
        return 0.5 * ops.sum(terms, axis=-1)


def check_encoder(encoder: keras.Model, latent_size: int) -> None:
    """Raises `InputError` if an encoder does not give two numbers for each of L latents."""
    if tuple(encoder.output_shape) != (None, 2 * latent_size):
        raise InputError(
            f"The encoder gives means and log variances of the generator's {latent_size} "
            f"latents, [N, {2 * latent_size}]. Received one of {encoder.output_shape}."
        )


def mean_encoder(encoder: keras.Model) -> keras.Model:
    """The model from images to the means of their posteriors, float32 [N, L]."""
    moments = encoder.outputs[0]
    return keras.Model(encoder.inputs[0], moments[:, : moments.shape[-1] // 2])

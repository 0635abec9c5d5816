"""A GAN whose discriminator's last layer learns apart from the others, by `--model san`."""

from typing import Any

import keras
from keras import ops

from ganzoo.errors import InputError
from ganzoo.models.gan import GANModel
from ganzoo.networks import Features
from ganzoo.passes import Passes


@keras.saving.register_keras_serializable("ganzoo")
class SANModel(GANModel):
    """The discriminator's last layer is the direction that best parts real images from fakes.

    Takida et al., arXiv:2301.12811, section 5 and equation 20, for any loss. The score of an
    image is <w, h(x)>, with h(x) what the last layer is given and w its kernel at length 1:

        D: the loss of <w, h(x)>, with w as it is; and -E[<w, h(x)>] + E[<w, h(G(z))>] for w
           alone, with h as it is
        G: the loss of <w, h(G(z))>

    The layer's bias, if any, is added to the score and learns by the loss.

    Args:
        generator: As in `GANModel`.
        discriminator: As there; it ends in a dense layer of one score.
        options: As there; a condition is refused.

    Raises:
        ganzoo.errors.InputError: If the discriminator ends otherwise, or as `GANModel`.
    """

    log_names = ("direction",)

    def __init__(self, generator: keras.Model, discriminator: keras.Model, **options: Any):
        super().__init__(generator, discriminator, **options)
        last, kernel = self.features.last, _kernel(self.features)
        if kernel is None or len(kernel.shape) != 2 or kernel.shape[1] != 1:
            raise InputError(
                f"The last layer of {discriminator.name!r} with weights is {last.name!r}, "
                "and the model 'san' needs a dense layer of one score there."
            )
        if self.condition is not None:
            raise InputError(
                "The model 'san' splits a score of images alone, and a condition adds to it. "
                "Leave the condition out, or take the model 'gan'."
            )

    @classmethod
    def as_scored(cls, discriminator: keras.Model) -> keras.Model:
        kernel = _kernel(Features(discriminator))
        kernel.assign(_direction(kernel))
        return discriminator

    def score(self, images: Any, labels: Any = None) -> Any:
        """Logits of the discriminator in training, float32; its last kernel learns nothing."""
        scores = ops.matmul(self.features(images), ops.stop_gradient(self.direction()))
        bias = getattr(self.features.last, "bias", None)
        return scores if bias is None else scores + ops.cast(bias, "float32")

    def direction(self) -> Any:
        """The kernel of the last layer at length 1, float32 [F, 1]."""
        return _direction(_kernel(self.features))

    def discriminator_loss(self, real: Any, fake: Any, seed: Any) -> tuple[Any, dict[str, Any]]:
        total, logs = super().discriminator_loss(real, fake, seed)
        of_real, of_fake = (
            ops.mean(ops.stop_gradient(self.features(images)), axis=0, keepdims=True)
            for images in (real, fake)
        )
        direction = ops.mean(ops.matmul(of_fake - of_real, self.direction()))
        return total + direction, logs | {"direction": direction}

    def passes(self) -> dict[str, Passes]:
        found = super().passes()
        found["discriminator"] += Passes(single=2)
        return found


def _kernel(features: Features) -> Any:
    """Of the last layer, or of the layer that it normalizes, as a spectral norm does."""
    last = features.last
    return getattr(getattr(last, "layer", last), "kernel", None)


def _direction(kernel: Any) -> Any:
    kernel = ops.cast(ops.convert_to_tensor(kernel), "float32")
    return kernel / ops.sqrt(ops.sum(ops.square(kernel)) + 1e-12)

"""Pix2pix: a translator that learns from pairs of images."""

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.models.cyclegan import apart
from ganzoo.models.translation import RECOMMENDED, TranslationModel
from ganzoo.passes import Passes
from ganzoo.variant import check_not_negative


@keras.saving.register_keras_serializable("ganzoo")
class Pix2PixModel(TranslationModel):
    """A translator of images that come in pairs, against a discriminator of pairs.

    Isola et al., arXiv:1611.07004. The translator G: A to B minimises

        L(G, D) + l1 E|G(a) - b|

    where L is any loss of a GAN, |.| the mean over pixels, and D sees pairs, (a, b) or
    (a, G(a)). Then D is updated once.

    Differences from the paper: no dropout, so an image has one translation; the translator is
    updated before the discriminator, and both with the fakes of before; the discriminator's
    loss is not halved, which with Adam changes no step; averaged weights; growth.

    Args:
        translator_ab: Model from images of A, [N, H, W, C] in [-1, 1], to images of B, built.
        discriminator_ab: Model from pairs, [N, H, W, 2 C], to logits [N, ...].
        loss: A `Loss` or its spec.
        penalties: Penalties that the discriminator pays, or their specs.
        l1: Weight of the mean absolute difference.
        options: `fade`, `ema`, `seed` and `name`, as of `GenerativeModel`.

    Raises:
        ganzoo.errors.InputError: If an option is none that it can be, or a network is not
            built, computes in float16 or cannot be copied.
    """

    roles = ("translator_ab", "discriminator_ab")
    averaged = ("translator_ab",)
    judged = ("ab",)
    paired = True
    recommended = RECOMMENDED | {"loss": "non-saturating", "architecture": "unet-translator"}

    def __init__(
        self,
        translator_ab: keras.Model,
        discriminator_ab: keras.Model,
        loss: str | Loss = "non-saturating",
        penalties: str | Iterable[str | Penalty] = (),
        l1: float = 100.0,
        **options: Any,
    ):
        check_not_negative(l1=l1)
        networks = {"translator_ab": translator_ab, "discriminator_ab": discriminator_ab}
        super().__init__(networks, loss, penalties, ("l1",), **options)
        self.l1 = l1

    def update(self, images: Any, labels: Any = None) -> tuple[Any, dict[str, Any]]:
        """One update of the translator, then one of the discriminator.

        Args:
            images: Images of A, float32 [N, H, W, C] in [-1, 1].
            labels: The images of B that belong to them.
        """
        a, b = images, labels
        logs = self.minimise(lambda: self.translation_loss(a, b), "translator_ab")
        fake, (adversary,) = logs.pop("fake"), self.adversaries.values()
        made, real = beside(a, fake), beside(a, b)
        logs |= adversary.update(
            lambda: adversary.discriminator_loss(made, real, a, self.translator_ab)
        )
        return 2 * ops.shape(a)[0], logs

    def translation_loss(self, a: Any, b: Any) -> tuple[Any, dict[str, Any]]:
        """What the translator minimises, and figures for the logs.

        Args:
            a: Images of A, float32 [N, H, W, C] in [-1, 1].
            b: The images of B that belong to them.
        """
        (adversary,) = self.adversaries.values()
        fake = self.translator_ab(a, training=True)
        pairs = beside(a, fake), beside(a, b)
        total, logs = adversary.generator_loss(pairs[0], pairs[1], a, self.translator_ab)
        l1 = self.l1 * apart(fake, b)
        return total + l1, logs | {"l1": l1, "fake": ops.stop_gradient(fake)}

    def sheet(self, a: np.ndarray, b: np.ndarray) -> dict[str, np.ndarray]:
        return {"A": a, "A to B": self.translate(a), "B": b}

    def passes(self) -> dict[str, Passes]:
        (adversary,) = self.adversaries.values()
        own = adversary.passes()
        translator = Passes(single=1, backward=1) * 0.5
        return {"translator_ab": translator, "discriminator_ab": own["discriminator"] * 0.5}

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"l1": self.l1}


def beside(a: Any, b: Any) -> Any:
    """Pairs as a discriminator sees them, [N, H, W, 2 C]."""
    return ops.concatenate([a, b], axis=-1)

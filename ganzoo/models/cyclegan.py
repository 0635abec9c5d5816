"""CycleGAN: translators between two sets of images of which no pairs are known."""

from collections.abc import Iterable, Mapping
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo import joint_batch
from ganzoo.losses.loss import Loss
from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.models.image_buffer import ImageBuffer
from ganzoo.models.translation import RECOMMENDED, TranslationModel
from ganzoo.passes import Passes
from ganzoo.variant import check_not_negative, check_whole

MAX_BUFFER = 4096  # Images.


@keras.saving.register_keras_serializable("ganzoo")
class CycleGANModel(TranslationModel):
    """Two translators that undo each other, each against a discriminator of its domain.

    Zhu et al., arXiv:1703.10593. The translators G: A to B and F: B to A minimise together

        L(G, D_B) + L(F, D_A)
        + cycle (E|F(G(a)) - a| + E|G(F(b)) - b|)
        + cycle identity (E|F(a) - a| + E|G(b) - b|)

    where L is any loss of a GAN, and |.| the mean over pixels. Then each discriminator is
    updated once, on real images of its domain and on fakes out of a buffer of earlier ones.
    The figures `cycle` and `identity` have their weights in them.

    Differences from the paper: fakes of a step are those of before the translators' update, as
    in the paper's code; discriminators' losses are not halved, which with Adam changes no
    step; one discriminator update a step, whatever the loss says; averaged weights; growth,
    where the buffer begins empty at each stage. `lsgan` has the half of its own paper, which
    the paper's code does not have: `cycle=5` then weighs as 10 does there.

    Args:
        translator_ab: Model from images of A, [N, H, W, C] in [-1, 1], to images of B, built.
        translator_ba: The same from B to A.
        discriminator_a: Model from images of A to logits [N, ...].
        discriminator_b: The same for B.
        loss: A `Loss` or its spec; the paper's is least squares.
        penalties: Penalties that each discriminator pays, or their specs.
        cycle: Weight of the cycle terms.
        identity: Weight of the identity terms, as a share of `cycle`; 0 leaves them out.
        buffer: Earlier fakes of each domain that are kept, 0 for none.
        options: `fade`, `ema`, `seed` and `name`, as of `GenerativeModel`.

    Raises:
        ganzoo.errors.InputError: If an option is none that it can be, or a network is not
            built, computes in float16 or cannot be copied.

    Example:

    ```python
    architecture = ganzoo.architectures.get("resnet-translator:width=8,depth=1,base=14")
    *networks, _ = architecture(
        ganzoo.Stage(14, kimg=1), roles=ganzoo.models.CycleGANModel.roles
    )
    model = ganzoo.models.CycleGANModel(*networks)
    model.compile(*(Adam(2e-4, beta_1=0.5) for _ in model.roles))
    model.fit(images, 255 - images, batch_size=8, epochs=2)
    inverted = model.translate(images)
    ```
    """

    roles = ("translator_ab", "translator_ba", "discriminator_a", "discriminator_b")
    averaged = ("translator_ab", "translator_ba")
    judged = ("a", "b")
    recommended = RECOMMENDED | {"loss": "lsgan", "architecture": "resnet-translator"}

    def __init__(
        self,
        translator_ab: keras.Model,
        translator_ba: keras.Model,
        discriminator_a: keras.Model,
        discriminator_b: keras.Model,
        loss: str | Loss = "lsgan",
        penalties: str | Iterable[str | Penalty] = (),
        cycle: float = 10.0,
        identity: float = 0.5,
        buffer: int = 50,
        **options: Any,
    ):
        check_not_negative(cycle=cycle, identity=identity)
        check_whole(0, MAX_BUFFER, buffer=buffer)
        own = ("cycle", "identity") if identity else ("cycle",)
        made = (translator_ab, translator_ba, discriminator_a, discriminator_b)
        networks = dict(zip(self.roles, made, strict=True))
        super().__init__(networks, loss, penalties, own, **options)
        self.cycle, self.identity, self.buffer = cycle, identity, buffer
        self.jointly = all(map(joint_batch.possible, (translator_ab, translator_ba)))
        shape = tuple(self.ema_generator.output_shape[1:])
        self.buffers = {
            name: ImageBuffer(self, buffer, shape, f"buffer_{name}") for name in self.judged
        }

    def update(self, images: Any, labels: Any = None) -> tuple[Any, dict[str, Any]]:
        """One update of both translators, then one of each discriminator.

        Args:
            images: Images of A, float32 [N, H, W, C] in [-1, 1].
            labels: As many images of B.
        """
        a, b = images, labels
        logs = self.minimise(lambda: self.translation_loss(a, b), *self.averaged)
        for name, real, source, fakes in (("a", a, b, "fake_a"), ("b", b, a, "fake_b")):
            seed = self.step_seed(f"buffer_{name}")
            fake = self.buffers[name].exchanged(logs.pop(fakes), seed)
            logs |= self._update_discriminator(name, fake, real, source)
        return 2 * ops.shape(a)[0], logs

    def _update_discriminator(self, name: str, fake: Any, real: Any, source: Any) -> Any:
        adversary, translator = self.adversaries[name], self._translator_to(name)
        return adversary.update(
            lambda: adversary.discriminator_loss(fake, real, source, translator)
        )

    def _translator_to(self, name: str) -> keras.Model:
        return self.translator_ab if name == "b" else self.translator_ba

    def translation_loss(self, a: Any, b: Any) -> tuple[Any, dict[str, Any]]:
        """What both translators minimise, and figures for the logs.

        Args:
            a: Images of A, float32 [N, H, W, C] in [-1, 1].
            b: Images of B.
        """
        ab, ba = self.translator_ab, self.translator_ba
        fake_b, *same_b = self._translated(ab, a, b)
        fake_a, *same_a = self._translated(ba, b, a)
        on_b, logs = self.adversaries["b"].generator_loss(fake_b, b, a, ab)
        on_a, more = self.adversaries["a"].generator_loss(fake_a, a, b, ba)
        again_a, again_b = ba(fake_b, training=True), ab(fake_a, training=True)
        own = {"cycle": self.cycle * (apart(again_a, a) + apart(again_b, b))}
        if self.identity:
            weight = self.cycle * self.identity
            own["identity"] = weight * (apart(same_a[0], a) + apart(same_b[0], b))
        kept = {"fake_a": fake_a, "fake_b": fake_b}
        kept = {key: ops.stop_gradient(fake) for key, fake in kept.items()}
        return sum(own.values(), on_a + on_b), logs | more | own | kept

    def _translated(self, translator: keras.Model, source: Any, target: Any) -> list[Any]:
        """Fakes of a source, and with identity terms what becomes of the target's own images.

        In one pass where the translator treats each image by itself.
        """
        if not self.identity:
            return [translator(source, training=True)]
        if not self.jointly:
            return [translator(source, training=True), translator(target, training=True)]
        n = ops.shape(source)[0]
        made = translator(ops.concatenate([source, target]), training=True)
        return [made[:n], made[n:]]

    def sheet(self, a: np.ndarray, b: np.ndarray) -> dict[str, np.ndarray]:
        to_b, to_a = self.translate(a, "ab"), self.translate(b, "ba")
        return {
            "A": a,
            "A to B": to_b,
            "back to A": self.translate(to_b, "ba"),
            "B": b,
            "B to A": to_a,
            "back to B": self.translate(to_a, "ab"),
        }

    def passes(self) -> dict[str, Passes]:
        own = 1 if self.identity else 0
        # A fake, the gradient through what is made of it, and what is made of the other's fake.
        translator = Passes(single=3 + own, backward=2 + own) * 0.5
        by_name = {name: each.passes() for name, each in self.adversaries.items()}
        found = {f"discriminator_{n}": p["discriminator"] * 0.5 for n, p in by_name.items()}
        return dict.fromkeys(self.averaged, translator) | found

    def named_variables(self) -> dict[str, Any]:
        own: Mapping[str, Any] = {}
        for buffer in self.buffers.values():
            own = {**own, **buffer.named_variables()}
        return super().named_variables() | dict(own)

    def get_config(self) -> dict[str, Any]:
        own = {"cycle": self.cycle, "identity": self.identity, "buffer": self.buffer}
        return super().get_config() | own


def apart(one: Any, other: Any) -> Any:
    """The mean absolute difference of images, a float32 scalar."""
    return ops.mean(ops.abs(ops.cast(one, "float32") - other))

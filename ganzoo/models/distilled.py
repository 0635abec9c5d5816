"""A flow whose many steps are learned by a few, by `--model distilled`."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from ganzoo import backend, models
from ganzoo.diffusion.noise import sized
from ganzoo.diffusion.sampling import Sampling, sampling_generator
from ganzoo.errors import InputError
from ganzoo.models.gan import GANModel
from ganzoo.networks import copy_network
from ganzoo.passes import Passes
from ganzoo.spec import parse
from ganzoo.variant import check_not_negative, check_whole

MOST_STEPS = 64  # All of them are differentiated at once.
WITHIN = 2  # Steps of the teacher in one of the student.


@keras.saving.register_keras_serializable("ganzoo")
class DistilledModel(GANModel):
    """A denoiser whose few steps learn of a flow's many, and of a discriminator.

    Salimans and Ho, arXiv:2202.00512, and Sauer et al., arXiv:2311.17042, for flow matching.
    The generator goes from noise to an image by `steps` straight steps of the denoiser. Its
    update minimises

        loss of the generator + weight * likeness

    The loss is that of any GAN on images made by all steps. The likeness is that of one step
    to its teacher's way: an image with noise at the step's time is taken to the next time by
    two midpoint steps of the teacher, and the likeness is the mean squared difference of the
    velocity from there to here and the student's.

    With `--init RUN` the student, its average and the teacher begin as the averaged denoiser
    of a run of `flow`. The teacher stays what it was. Without, the teacher is the untrained
    network and teaches nothing: give a weight of 0 to train a GAN of some steps.

    Differences from the papers: steps are not halved again and again; the discriminator sees
    images, and begins untrained.

    Args:
        denoiser: Model from noisy images [N, H, W, C] and noise levels [N] to velocities [N,
            H, W, C], built; with a condition also from labels, int32 [N].
        discriminator: See `GANModel`.
        steps: Of the student, from noise to an image.
        weight: Weight of the likeness.
        options: Further keywords of `GANModel`.

    Raises:
        ganzoo.errors.InputError: As `GANModel`, or if an option is none.

    Example:

    ```python
    architecture = ganzoo.architectures.get("patch-mixer:width=8,depth=1,base=14")
    denoiser, discriminator, _ = architecture(
        ganzoo.Stage(14, kimg=1), roles=("denoiser", "discriminator")
    )
    model = ganzoo.models.DistilledModel(denoiser, discriminator, steps=2)
    model.compile(Adam(1e-3), Adam(1e-3))
    model.fit(images, batch_size=16, epochs=2)
    samples = model.sample(16)
    ```
    """

    roles = ("denoiser", "discriminator")
    averaged = ("denoiser",)
    moved_with_generator = ("denoiser",)
    further_terms = ("likeness",)
    recommended = {
        "architecture": "patch-mixer",
        "optimizer": "adam:learning_rate=0.001,beta_1=0.0,beta_2=0.99,global_clipnorm=1.0",
        "batch": 32,
    }

    def __init__(
        self,
        denoiser: keras.Model,
        discriminator: keras.Model,
        steps: int = 4,
        weight: float = 10.0,
        **options: Any,
    ):
        check_not_negative(weight=weight)
        generator = self.make_generator({"denoiser": denoiser}, steps=steps)
        beside, making = {"denoiser": denoiser}, {"steps": steps}
        super().__init__(generator, discriminator, beside=beside, making=making, **options)
        self.generator = generator
        self.teacher = copy_network(denoiser)
        self.steps, self.weight = steps, weight

    @classmethod
    def make_generator(cls, networks: Mapping[str, keras.Model], steps: int = 4) -> keras.Model:
        check_whole(1, MOST_STEPS, steps=steps)
        return sampling_generator(networks["denoiser"], "flow", "euler", steps)

    @property
    def sampling(self) -> Sampling:
        """The layer of the steps."""
        found: Sampling = self.generator.get_layer("sampling")
        return found

    def named_weights(self) -> dict[str, Any]:
        return super().named_weights() | {f"teacher/{v.path}": v for v in self.teacher.weights}

    def first_weights(self, arrays: Mapping[str, Any], model: str) -> Mapping[str, Any]:
        """Those of a flow's averaged denoiser; of a distilled run as they are."""
        name, options = parse(model)
        kind = models.registry.find(name)
        if issubclass(kind, DistilledModel):
            return arrays
        learned = options.get("objective") or getattr(kind, "learns", "none")
        if parse(str(learned))[0] != "flow":
            raise InputError(
                "The model 'distilled' begins with a run of --model flow. Received a run of "
                f"{model}."
            )
        averaged = {name: a for name, a in arrays.items() if name.startswith("ema/")}
        return {
            f"{part}/{name.removeprefix('ema/')}": array
            for name, array in averaged.items()
            for part in ("denoiser", "ema", "teacher")
        }

    def further_loss(self, fake: Any, real: Any, n: int) -> tuple[Any, dict[str, Any]]:
        noise = sized(ops.reshape(self._latents(n, "noise"), ops.shape(real)), self.fade)
        step = backend.local_rows(ops.arange(n) % self.steps)
        likeness = self.likeness(real, noise, step)
        return self.weight * likeness, {"likeness": likeness}

    def likeness(self, images: Any, noise: Any, step: Any) -> Any:
        """The mean squared difference of the student's velocities and its teacher's.

        Args:
            images: Real images [N, H, W, C], float32 in [-1, 1].
            noise: Their noise, of the same shape.
            step: The step that is made of each, from 0, int32 [N].
        """
        labels = None if self.asked is None else self.asked.real
        time = ops.cast(step, "float32") / self.steps
        start = end = self.sampling.objective.noisy(images, noise, time)
        gap = 1 / (self.steps * WITHIN)
        for i in range(WITHIN):
            at = time + i * gap
            half = end + gap / 2 * self._velocity(self.teacher, end, at, labels)
            end = end + gap * self._velocity(self.teacher, half, at + gap / 2, labels)
        wanted = ops.stop_gradient((end - start) * self.steps)
        found = self._velocity(self.denoiser, start, time, labels, training=True)
        return ops.mean(ops.square(found - wanted))

    def _velocity(
        self, denoiser: keras.Model, noisy: Any, time: Any, labels: Any, training: bool = False
    ) -> Any:
        def said(inputs: Any) -> Any:
            return denoiser(inputs, training=training)

        return self.sampling.say(said, noisy, time, labels)

    def passes(self) -> dict[str, Passes]:
        found = super().passes()
        made = found.pop("generator") * self.steps
        taught = Passes(single=1 + 2 * WITHIN, backward=1) * (1 / self.critic_steps)
        return {"denoiser": made + taught} | found

    def sampled_passes(self) -> dict[str, Passes]:
        return {"denoiser": Passes(single=self.steps)}

    def panels(self) -> dict[str, tuple[str, ...]]:
        return super().panels() | {"likeness": self.further_terms}

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"steps": self.steps, "weight": self.weight}

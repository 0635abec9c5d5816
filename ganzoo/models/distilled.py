"""A denoiser whose few steps are trained as one generator, by `--model distilled`."""

from collections.abc import Mapping
from typing import Any

import keras

from ganzoo import models
from ganzoo.diffusion import objectives
from ganzoo.diffusion.objective import Objective
from ganzoo.diffusion.sampler import Sampler
from ganzoo.errors import InputError
from ganzoo.models.from_noise import FromNoise
from ganzoo.models.gan import GANModel
from ganzoo.models.generative_model import generator_memory
from ganzoo.passes import Passes
from ganzoo.spec import parse


@keras.saving.register_keras_serializable("ganzoo")
class DistilledModel(FromNoise, GANModel):
    """A GAN whose generator is a denoiser's few steps, begun with a trained denoiser.

    Lin et al., arXiv:2501.08316: adversarial post-training. The generator goes from noise to
    an image by one to four steps of a sampler, and all of them learn at once what a
    discriminator says of the image, by any loss and penalties of a GAN. With `--init RUN` the
    denoiser is the averaged one of a diffusion run, whose `objective` it must have.

    Differences from the paper: some steps where it has one; a discriminator of its own, where
    the paper begins with the diffusion model's features; images where it has latents of an
    autoencoder. Without `--init` it is a GAN that begins anew.

    Args:
        denoiser: Model from noisy images [N, H, W, C] and noise levels [N] to [N, H, W, C],
            built; with a condition also from labels, int32 [N].
        discriminator: See `GANModel`.
        objective: What the denoiser has learned: an `Objective` or its spec; `None` for
            `"flow"`.
        sampler: A `Sampler` or its spec; `None` for `"euler"`.
        steps: Of the sampler; `None` for 4. The denoiser is good for these steps alone.
        guidance: How much more what is asked for counts than nothing asked.
        options: Further keywords of `GANModel`.

    Raises:
        ganzoo.errors.InputError: As `GANModel` and `DiffusionModel`.

    Example:

    ```python
    architecture = ganzoo.architectures.get("patch-mixer:width=8,depth=1,base=14")
    denoiser, discriminator, _ = architecture(
        ganzoo.Stage(14, kimg=1), roles=("denoiser", "discriminator")
    )
    model = ganzoo.models.DistilledModel(denoiser, discriminator, steps=2, loss="hinge")
    model.compile(Adam(1e-3, beta_1=0.0), Adam(1e-3, beta_1=0.0))
    model.fit(images, batch_size=16, epochs=2)
    samples = model.sample(16)
    ```
    """

    roles = ("denoiser", "discriminator")
    averaged = ("denoiser",)
    moved_with_generator = ("denoiser",)
    usual = {"objective": "flow", "sampler": "euler", "steps": 4}
    recommended = {"architecture": "patch-mixer"}

    def __init__(
        self,
        denoiser: keras.Model,
        discriminator: keras.Model,
        objective: str | Objective | None = None,
        sampler: str | Sampler | None = None,
        steps: int | None = None,
        guidance: float = 1.0,
        **options: Any,
    ):
        making = self.making_of(objective, sampler, steps, guidance)
        generator = self.make_generator({"denoiser": denoiser}, **making)
        beside = {"denoiser": denoiser}
        super().__init__(generator, discriminator, beside=beside, making=making, **options)
        self.making = making
        self.generator = generator

    def first_weights(self, arrays: Mapping[str, Any], model: str) -> Mapping[str, Any]:
        """Those of a diffusion run's averaged denoiser; of a distilled run as they are."""
        options = parse(model)[1]
        kind = models.registry.find(parse(model)[0])
        if not issubclass(kind, FromNoise):
            raise InputError(
                f"The model 'distilled' begins with a run of a diffusion model, such as flow, "
                f"and not of {model}."
            )
        learned = objectives.get(options.get("objective") or kind.usual["objective"])
        own, other = map(objectives.registry.spec, (self.objective, learned))
        if own != other:
            raise InputError(
                f"The denoiser to begin with has learned {other}, not {own}. Say "
                f"--model \"distilled:objective='{other}'\"."
            )
        if issubclass(kind, DistilledModel):
            return arrays
        averaged = {
            f"denoiser/{name.removeprefix('ema/')}": array
            for name, array in arrays.items()
            if name.startswith("ema/")
        }
        return {**arrays, **averaged}

    def update(self, images: Any, labels: Any = None) -> tuple[Any, dict[str, Any]]:
        self.sampling.moments.update(images)
        self.generator.get_layer("sampling").moments.take(self.sampling.moments)
        return super().update(images, labels)

    def memory(self) -> dict[str, Any]:
        own = generator_memory(self.ema_generator, self.ema_networks())
        return super().memory() | own

    def passes(self) -> dict[str, Passes]:
        found = super().passes()
        of_generator = found.pop("generator")
        return {"denoiser": of_generator * self.sampling.evaluations} | found

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | self.making_config()

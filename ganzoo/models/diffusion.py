"""Diffusion: a network that takes noise away, and images made of noise by it, step by step."""

import functools
from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from ganzoo import backend
from ganzoo.conditions.condition import Condition
from ganzoo.diffusion import objectives, samplers
from ganzoo.diffusion.noise import sized
from ganzoo.diffusion.objective import Objective
from ganzoo.diffusion.sampler import Sampler
from ganzoo.diffusion.sampling import NOTHING_ASKED, sampling_generator
from ganzoo.ema import HALF_LIFE
from ganzoo.growth import Fade
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.passes import Passes
from ganzoo.variant import check_between, check_number, check_whole

MOST_STEPS = 100_000
EDGE = 1e-6  # Quantiles nearer to 0 or 1 would be infinite times.
THIRDS = ("error_noisy", "error_middle", "error_clear")


@keras.saving.register_keras_serializable("ganzoo")
class DiffusionModel(GenerativeModel):
    """A denoiser, which makes images of noise step by step.

    Ho et al., arXiv:2006.11239; Karras et al., arXiv:2206.00364; Lipman et al.,
    arXiv:2210.02747. What the denoiser learns is the `objective`, how images are made the
    `sampler`: `ganzoo.diffusion` has both by name. Another sampler may be chosen when images
    are made of a trained model.

    In a batch of N, one time falls into each of N equally likely ranges, as in Kingma et al.,
    arXiv:2107.00630, appendix I.1: the loss varies less. With a condition, labels are dropped
    in training now and then, so that what is asked for can count more (classifier-free
    guidance: Ho and Salimans, arXiv:2207.12598).

    Args:
        denoiser: Model from noisy images [N, H, W, C] and noise levels [N] to [N, H, W, C],
            built; with a condition also from labels, int32 [N].
        objective: What it learns: an `Objective` or its spec, such as `"ddpm"`; `None` for
            `learns`.
        sampler: How images are made: a `Sampler` or its spec, such as `"euler"`.
        steps: Of the sampler.
        guidance: How much more what is asked for counts than nothing asked; 1 is as trained.
        drop: Share of labels that are dropped in training.
        fade: The `Fade` inside the denoiser while it grows, or `None`.
        ema: Half-life of the averaged denoiser, in thousands of images.
        seed: Seed of times and noise.
        condition: A `Condition`, or its spec, where images are made of what is asked for.

    Attributes:
        learns: The objective where none is said.

    Raises:
        ganzoo.errors.InputError: If an option is none, or a network is not built, computes in
            float16 or cannot be copied.

    Example:

    ```python
    architecture = ganzoo.architectures.get("patch-mixer:width=16,base=14")
    denoiser, _ = architecture(ganzoo.Stage(14, kimg=1), roles=("denoiser",))
    model = ganzoo.models.DiffusionModel(denoiser, objective="flow", steps=4)
    model.compile(Adam(2e-3, beta_2=0.99))
    model.fit(images, batch_size=16, epochs=2)
    samples = model.sample(16)
    ```
    """

    roles = ("denoiser",)
    averaged = ("denoiser",)
    learns = "edm"
    recommended = {
        "architecture": "patch-mixer",
        "optimizer": "adam:learning_rate=0.002,beta_1=0.9,beta_2=0.99",
        "batch": 32,
    }

    def __init__(
        self,
        denoiser: keras.Model,
        objective: str | Objective | None = None,
        sampler: str | Sampler = "heun",
        steps: int = 16,
        guidance: float = 1.0,
        drop: float = 0.1,
        fade: Fade | None = None,
        ema: float = HALF_LIFE,
        seed: int = 0,
        condition: str | Condition | None = None,
        name: str | None = None,
    ):
        check_between(0, 1, drop=drop)
        objective, sampler = objectives.get(objective or self.learns), samplers.get(sampler)
        making = {
            "objective": objective,
            "sampler": sampler,
            "steps": steps,
            "guidance": guidance,
        }
        super().__init__(
            {"denoiser": denoiser},
            terms=("error",),
            figures=THIRDS,
            fade=fade,
            ema=ema,
            seed=seed,
            condition=condition,
            making=making,
            name=name,
        )
        self.making = making
        self.drop = drop
        self.sampling = self.ema_generator.get_layer("sampling")

    @classmethod
    def make_generator(
        cls,
        networks: Mapping[str, keras.Model],
        objective: str | Objective | None = None,
        sampler: str | Sampler = "heun",
        steps: int = 16,
        guidance: float = 1.0,
    ) -> keras.Model:
        check_whole(1, MOST_STEPS, steps=steps)
        check_number(guidance=guidance)
        learned = objective or cls.learns
        return sampling_generator(networks["denoiser"], learned, sampler, steps, guidance)

    def sampled_passes(self) -> dict[str, Passes]:
        return {"denoiser": Passes(single=self.sampling.evaluations)}

    def update(self, images: Any, labels: Any = None) -> tuple[Any, dict[str, Any]]:
        """One update of the denoiser, on each image at one time."""
        n = ops.shape(images)[0]
        self.sampling.moments.update(images)
        quantiles = self._quantiles(n)
        noise = keras.random.normal(ops.shape(images), seed=self.step_seed("noise"))
        if labels is not None:
            dropped = keras.random.uniform((n,), seed=self.step_seed("drop")) < self.drop
            dropped = ops.reshape(dropped, (-1, *(1 for _ in self.condition.shape)))
            labels = backend.local_rows(ops.where(dropped, NOTHING_ASKED, labels))
        images, noise, quantiles = map(backend.local_rows, (images, noise, quantiles))
        noise = sized(noise, self.fade)
        return n, self.minimise(
            lambda: self.denoising_loss(images, noise, quantiles, labels), "denoiser"
        )

    def _quantiles(self, n: Any) -> Any:
        """Numbers between 0 and 1, float32 [n]: one in each of `n` equal ranges, in order."""
        within = keras.random.uniform((n,), seed=self.step_seed("times"))
        first = ops.cast(ops.arange(n, dtype="int32"), "float32")
        return ops.clip((first + within) / ops.cast(n, "float32"), EDGE, 1 - EDGE)

    def denoising_loss(
        self, images: Any, noise: Any, quantiles: Any, labels: Any
    ) -> tuple[Any, dict[str, Any]]:
        """What the denoiser minimises, and figures for the logs.

        Args:
            images: Real images [N, H, W, C], float32 in [-1, 1].
            noise: Their noise, of the same shape.
            quantiles: Where in the distribution of times each is, float32 [N].
            labels: int32 [N], -1 where nothing is asked; `None` without a condition.
        """
        objective, scale = self.objective, self.sampling.scale
        time = objective.times(quantiles)
        noisy = objective.noisy(images, noise, time)
        denoiser = functools.partial(self.denoiser, training=True)
        said = self.sampling.say(denoiser, noisy, time, labels)
        wrong = said - objective.target(images, noise, time, scale)
        errors = ops.mean(ops.square(wrong), axis=(1, 2, 3)) * objective.weight(time, scale)
        error = ops.mean(errors)
        third = ops.floor(len(THIRDS) * quantiles)
        parts = {
            name: len(THIRDS) * ops.mean(ops.where(ops.equal(third, i), errors, 0.0))
            for i, name in enumerate(THIRDS)
        }
        return error, {"error": error} | parts

    @property
    def objective(self) -> Objective:
        """What the denoiser learns."""
        return self.sampling.objective

    def get_config(self) -> dict[str, Any]:
        making = self.making | {
            "objective": objectives.registry.spec(self.objective),
            "sampler": samplers.registry.spec(self.sampling.sampler),
        }
        return super().get_config() | making | {"drop": self.drop}

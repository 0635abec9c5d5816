"""How a denoiser makes images, for every kind of model that has one."""

from collections.abc import Mapping
from typing import Any

import keras

from ganzoo.diffusion import objectives, samplers
from ganzoo.diffusion.objective import Objective
from ganzoo.diffusion.sampler import Sampler
from ganzoo.diffusion.sampling import Sampling, sampling_generator
from ganzoo.passes import Passes
from ganzoo.variant import check_number, check_whole

MOST_STEPS = 100_000


class FromNoise:
    """What makes images is a denoiser, step by step.

    Attributes:
        usual: The objective, the sampler and its steps where none are said.
    """

    usual: Mapping[str, Any] = {"objective": "edm", "sampler": "heun", "steps": 16}
    ema_generator: keras.Model
    making: dict[str, Any]

    @classmethod
    def making_of(
        cls,
        objective: str | Objective | None,
        sampler: str | Sampler | None,
        steps: int | None,
        guidance: float,
    ) -> dict[str, Any]:
        """Options of `make_generator`, with what is usual in the place of `None`."""
        steps = cls.usual["steps"] if steps is None else steps
        check_whole(1, MOST_STEPS, steps=steps)
        check_number(guidance=guidance)
        return {
            "objective": objectives.get(objective or cls.usual["objective"]),
            "sampler": samplers.get(sampler or cls.usual["sampler"]),
            "steps": steps,
            "guidance": guidance,
        }

    @classmethod
    def make_generator(
        cls,
        networks: Mapping[str, keras.Model],
        objective: str | Objective | None = None,
        sampler: str | Sampler | None = None,
        steps: int | None = None,
        guidance: float = 1.0,
    ) -> keras.Model:
        making = cls.making_of(objective, sampler, steps, guidance)
        return sampling_generator(networks["denoiser"], *making.values())

    def sampled_passes(self) -> dict[str, Passes]:
        return {"denoiser": Passes(single=self.sampling.evaluations)}

    @property
    def sampling(self) -> Sampling:
        """The layer that makes images by the averaged denoiser."""
        found: Sampling = self.ema_generator.get_layer("sampling")
        return found

    @property
    def objective(self) -> Objective:
        """What the denoiser learns."""
        return self.sampling.objective

    def making_config(self) -> dict[str, Any]:
        """`making` as text and numbers."""
        return self.making | {
            "objective": objectives.registry.spec(self.objective),
            "sampler": samplers.registry.spec(self.sampling.sampler),
        }

"""Random numbers as functions of (seed, purpose, step), never of a global stream."""

import functools
import hashlib
from typing import Any

import keras
import numpy as np
from keras import ops


def derive(seed: int, *purpose: str | int) -> int:
    """A seed in [0, 2^31) of its own for each purpose."""
    text = "/".join(map(str, (seed, *purpose)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1


def rng(seed: int, *purpose: str | int) -> np.random.Generator:
    """NumPy's random numbers for one purpose."""
    return np.random.Generator(np.random.Philox(derive(seed, *purpose)))


@functools.cache
def seed_dtype() -> str:
    """What the backend's seeds are made of.

    Asked for the first time, it makes a variable: a graph that does so is traced twice.
    """
    return keras.random.SeedGenerator(0).state.dtype


class StepSeed(keras.random.SeedGenerator):
    """The seed of one purpose at one step; unlike its parent it holds no variable.

    Args:
        seed: The run's seed.
        purpose: What the numbers are for, such as `"latents"`.
        step: int32 scalar, Python or tensor.
    """

    def __init__(self, seed: int, purpose: str, step: Any):
        self.seed = seed
        self.purpose = purpose
        self.step = step
        self.calls = 0

    def within(self, part: str) -> "StepSeed":
        """The seed of a part of the purpose, which no other part's numbers move."""
        return StepSeed(self.seed, f"{self.purpose}/{part}", self.step)

    def next(self, ordered: bool = True) -> Any:
        key = derive(self.seed, self.purpose, self.calls)
        self.calls += 1
        dtype = seed_dtype()
        return ops.stack([ops.cast(key, dtype), ops.cast(self.step, dtype)])

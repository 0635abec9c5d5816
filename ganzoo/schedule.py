"""When the networks grow."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import overload

from ganzoo.errors import InputError

LARGEST = 4096  # Pixels.
LONGEST = 2**31 / 1000  # kimg: a model counts images in 32 bits.


@dataclass(frozen=True)
class Stage:
    """Training at one resolution.

    Attributes:
        resolution: Height and width in pixels.
        kimg: Length, in thousands of real images shown to the discriminator.
        fade: Of these, how many thousand blend the new layers in.

    Raises:
        ganzoo.errors.InputError: If there is no such stage.

    Example:
        >>> Stage(56, kimg=184, fade=50).without_fade
        Stage(resolution=56, kimg=184, fade=0.0)
    """

    resolution: int
    kimg: float
    fade: float = 0.0

    def __post_init__(self) -> None:
        if self.resolution < 1 or not 0 < self.kimg < math.inf:
            raise InputError(
                f"A stage needs a resolution of at least 1 and a positive length. "
                f"Received: {self.resolution} px for {self.kimg} kimg."
            )
        if self.resolution > LARGEST:
            raise InputError(f"A stage has at most {LARGEST} px.")
        if not 0 <= self.fade <= self.kimg:
            raise InputError(
                f"The fade is a part of its stage: from 0 to {self.kimg} kimg at "
                f"{self.resolution} px. Received: {self.fade}."
            )

    @property
    def without_fade(self) -> "Stage":
        """This stage after its fade-in, without the old path."""
        return replace(self, fade=0.0)


class Schedule:
    """Stages in order; each doubles the resolution of the one before.

    Example:

    ```python
    Schedule(Stage(28, kimg=60), Stage(56, kimg=60, fade=24))
    ```

    Raises:
        ganzoo.errors.InputError: If a stage does not double the one before, or if
            the first one fades: there is nothing to blend it with.
    """

    def __init__(self, *stages: Stage):
        if not stages:
            raise InputError("A schedule needs at least one stage, such as 28:60.")
        if stages[0].fade:
            raise InputError("The first stage cannot fade in: there is nothing before it.")
        for small, large in itertools.pairwise(stages):
            if large.resolution != 2 * small.resolution:
                raise InputError(
                    f"Each stage doubles the resolution: after {small.resolution} comes "
                    f"{2 * small.resolution}. Received: {large.resolution}."
                )
        self.stages = stages
        if self.kimg > LONGEST:
            raise InputError(
                f"A schedule has at most {LONGEST:.0f} kimg. Received: {self.kimg:g}."
            )

    def __iter__(self) -> Iterator[Stage]:
        return iter(self.stages)

    def __len__(self) -> int:
        return len(self.stages)

    @overload
    def __getitem__(self, index: int) -> Stage: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Stage, ...]: ...
    def __getitem__(self, index: int | slice) -> Stage | tuple[Stage, ...]:
        return self.stages[index]

    def __str__(self) -> str:
        """The text that `parse` reads: `28:60,56:60:24`."""
        return ",".join(
            f"{s.resolution}:{_text(s.kimg)}" + (f":{_text(s.fade)}" if s.fade else "")
            for s in self
        )

    @property
    def kimg(self) -> float:
        """Total length in thousands of images."""
        return sum(stage.kimg for stage in self)

    def scaled_to(self, kimg: float) -> "Schedule":
        """This schedule stretched to about `kimg` in all; lengths are whole images."""
        factor = kimg / self.kimg

        def scaled(length: float) -> float:
            return round(length * factor, 3) or length * factor

        return Schedule(*(Stage(s.resolution, scaled(s.kimg), scaled(s.fade)) for s in self))

    def without_growth(self) -> "Schedule":
        """The last resolution from the first step on, with the same budget."""
        return Schedule(Stage(self.stages[-1].resolution, self.kimg))

    @classmethod
    def parse(cls, text: str) -> "Schedule":
        """Read `RESOLUTION:KIMG[:FADE],...`, such as `28:60,56:60:24`."""
        stages = []
        for part in text.split(","):
            try:
                resolution, kimg, *fade = part.split(":")
                stages.append(Stage(int(resolution), float(kimg), *map(float, fade)))
            except (ValueError, TypeError) as error:
                if isinstance(error, InputError):
                    raise
                raise InputError(
                    f"{part!r} in the schedule {text!r} is not RESOLUTION:KIMG[:FADE]; "
                    "write for example 28:60,56:60:24."
                ) from error
        return cls(*stages)


def _text(kimg: float) -> str:
    """Short, and read back as exactly `kimg`."""
    short = f"{kimg:g}"
    return short if float(short) == kimg else repr(float(kimg))

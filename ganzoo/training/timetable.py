"""A schedule in steps: where stages end, where a run pauses."""

import math

import numpy as np

from ganzoo.errors import InputError
from ganzoo.schedule import Schedule, Stage

# Steps after a fade that repay a build of the networks without the old paths. On one CPU core
# that saves a sixth of a step at 56 px, 8 ms with TensorFlow and 28 with JAX, and the new
# program takes 3 s and 11. On a GPU it was not measured.
WORTH_A_BUILD = 1000


class Timetable:
    """Steps of a training, counted from its first.

    Args:
        schedule: The stages that are trained.
        images_a_step: Real images that one step shows to the discriminator.

    Raises:
        InputError: If a fade is too long to be counted in such steps.
    """

    def __init__(self, schedule: Schedule, images_a_step: int):
        longest = 2**24 * images_a_step / 1000  # A float32 counts its images.
        if any(stage.fade > longest for stage in schedule):
            raise InputError(
                f"A fade has at most {longest:.0f} kimg with {images_a_step} images a step."
            )
        self.schedule = schedule
        self.images_a_step = images_a_step

    def kimg(self, step: int) -> float:
        """Thousands of images that were shown when `step` steps were done."""
        return step * self.images_a_step / 1000

    def steps(self, kimg: float) -> int:
        """Steps that show `kimg` thousand images, at least one."""
        return max(1, round(1000 * kimg / self.images_a_step))

    @property
    def stage_ends(self) -> list[int]:
        """The step at which each stage ends; each has one step or more."""
        ends = [0]
        for kimg in np.cumsum([stage.kimg for stage in self.schedule]):
            ends.append(max(ends[-1] + 1, self.steps(kimg)))
        return ends[1:]

    def phases(self, index: int) -> list[tuple[Stage, int]]:
        """Stage `index` as its networks are built for it, and the last step of each.

        Two where the fade ends early enough: in the second the old paths are gone.
        """
        stage = self.schedule[index]
        begin, end = [0, *self.stage_ends][index : index + 2]
        faded = begin + math.ceil(1000 * stage.fade / self.images_a_step)
        if not stage.fade or end - faded < WORTH_A_BUILD:
            return [(stage, end)]
        return [(stage, faded), (stage.without_fade, end)]

    def after(self, step: int, interval: float) -> int:
        """The first step after `step` at which a multiple of `interval` kimg was shown.

        The next step, where an interval is shorter than a step.
        """
        if 1000 * interval <= self.images_a_step:
            return step + 1
        count = int(self.kimg(step) / interval) + 1
        while (mark := self.steps(count * interval)) <= step:
            count += 1
        return mark

    def is_mark(self, step: int, interval: float) -> bool:
        """Whether at `step` a stage ends, or a multiple of `interval` kimg was shown."""
        return step in self.stage_ends or step == self.after(step - 1, interval)

    def name(self, step: int) -> str:
        """A checkpoint's name, which sorts: `000040` at the mark of 40 kimg, or `000040.512`.

        The mark of a whole kimg is the step nearest to it, which may show some images more.
        """
        whole = round(self.kimg(step))
        if whole and self.steps(whole) == step:
            return f"{whole:06d}"
        return self.exact_name(step)

    def exact_name(self, step: int) -> str:
        """A name that counts every image: `000040.512`."""
        kimg, images = divmod(step * self.images_a_step, 1000)
        return f"{kimg:06d}.{images:03d}"

    def file_name(self, step: int, *intervals: float) -> str:
        """A name for a file of snapshots at `intervals` and at the ends of stages.

        It is that of the checkpoint, unless the suffix of a file could then make `000040.png`
        and `000040.512.png` sort the wrong way round: all names of the run are exact then.

        Args:
            step: Steps done.
            intervals: kimg between the snapshots, and between the ticks that make some.
        """
        ends = [self.name(end) for end in self.stage_ends]
        before = {int(float(end)) for end in ends if "." in end} - {0}
        fractions = any(interval % 1 for interval in intervals)
        if fractions or any(not kimg % interval for interval in intervals for kimg in before):
            return self.exact_name(step)
        return self.name(step)

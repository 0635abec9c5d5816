"""How the learning rate changes in the last stage."""

from collections.abc import Iterable
from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("ganzoo")
class HoldThenDecay(keras.optimizers.schedules.LearningRateSchedule):
    """Holds the rate, then lowers it linearly.

    Args:
        initial: Rate at the start.
        steps: Length in optimizer steps.
        hold: Share of the steps before the rate falls.
        final: Rate at the end, as a share of `initial`.
    """

    def __init__(self, initial: float, steps: int, hold: float = 0.5, final: float = 0.1):
        self.initial = initial
        self.steps = steps
        self.hold = hold
        self.final = final

    def __call__(self, step: Any) -> Any:
        progress = ops.cast(step, "float32") / self.steps
        fallen = ops.clip((progress - self.hold) / (1 - self.hold), 0.0, 1.0)
        return self.initial * (1 - (1 - self.final) * fallen)

    def get_config(self) -> dict[str, Any]:
        return {
            "initial": self.initial,
            "steps": self.steps,
            "hold": self.hold,
            "final": self.final,
        }


@keras.saving.register_keras_serializable("ganzoo")
class Switch(keras.optimizers.schedules.LearningRateSchedule):
    """One schedule of the rate, and from some step on another one.

    Args:
        before: The schedule of the steps before `at`.
        after: The schedule of `at` and all later steps.
        at: Number of optimizer steps before the change.
    """

    def __init__(self, before: Any, after: Any, at: int):
        self.before = before
        self.after = after
        self.at = at

    def __call__(self, step: Any) -> Any:
        return ops.where(step < self.at, self.before(step), self.after(step))

    def get_config(self) -> dict[str, Any]:
        serialize = keras.saving.serialize_keras_object
        return {
            "before": serialize(self.before),
            "after": serialize(self.after),
            "at": self.at,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        make = keras.saving.deserialize_keras_object
        return cls(make(config["before"]), make(config["after"]), config["at"])


def lengthened_decay(
    initial: float, steps: int, shorter: Iterable[tuple[int, int]]
) -> keras.optimizers.schedules.LearningRateSchedule:
    """The rate of a stage of `steps` steps that was to be shorter when it began.

    Each step has the rate of the length that the stage was to have at that time. So where the
    stage gets longer the rate jumps to what it is in a stage of the new length.

    Args:
        initial: Rate at the start.
        steps: The stage's length in optimizer steps.
        shorter: Pairs (at, steps), in order: the stage's length before step `at`. Where the
            rate had not begun to fall by then, the pair changes nothing and is left out.
    """
    found: keras.optimizers.schedules.LearningRateSchedule = HoldThenDecay(initial, steps)
    for at, length in reversed(list(shorter)):
        before = HoldThenDecay(initial, length)
        if at - 1 > before.hold * length:
            found = Switch(before, found, at)
    return found

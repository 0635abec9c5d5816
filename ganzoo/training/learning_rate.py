"""How the learning rate changes in the last stage."""

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

    def __init__(self, initial, steps, hold=0.5, final=0.1):
        self.initial = initial
        self.steps = steps
        self.hold = hold
        self.final = final

    def __call__(self, step):
        progress = ops.cast(step, "float32") / self.steps
        fallen = ops.clip((progress - self.hold) / (1 - self.hold), 0.0, 1.0)
        return self.initial * (1 - (1 - self.final) * fallen)

    def get_config(self):
        return {
            "initial": self.initial,
            "steps": self.steps,
            "hold": self.hold,
            "final": self.final,
        }

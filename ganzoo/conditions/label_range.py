"""The labels that a model was trained on."""

from typing import Any

import keras
import numpy as np
from keras import ops

NONE_YET = int(np.iinfo("int32").min)


class LabelRange(keras.metrics.Metric):
    """The smallest and the largest label since a reset."""

    def __init__(self, name="label_range"):
        super().__init__(name=name)
        self.extremes = self.add_variable(
            (2,), keras.initializers.Constant(NONE_YET), dtype="int32", name="extremes"
        )

    def update_state(self, labels):
        """Look at labels, int32 [N]."""
        extremes = ops.stack([ops.max(-labels), ops.max(labels)])
        self.extremes.assign(ops.maximum(self.extremes, extremes))

    def reset_state(self):
        """Forget the labels."""
        self.extremes.assign(ops.full((2,), NONE_YET, "int32"))

    def result(self):
        """Both numbers, int32 [2]."""
        return ops.stack([-self.extremes[0], self.extremes[1]])


def lowest_and_highest(extremes: Any) -> tuple[int, int]:
    """The numbers of `LabelRange.extremes`."""
    negative_low, high = map(int, ops.convert_to_numpy(extremes))
    return -negative_low, high

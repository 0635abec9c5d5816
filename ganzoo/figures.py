"""What a step reports, averaged."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops


class Figures(keras.metrics.Metric):
    """The mean of each figure over the steps since the last reset.

    One variable holds them all: a step has a dozen, and a Keras `Mean` for each takes
    longer than a layer.

    Args:
        names: Names of the figures.
    """

    def __init__(self, names: Sequence[str], name: str = "figures"):
        super().__init__(name=name)
        self.names = tuple(names)
        self.sums = self.add_variable((len(self.names),), "zeros", name="sums")
        self.steps = self.add_variable((), "zeros", name="steps")

    def update_state(self, values: Any) -> None:
        """Count one step.

        Args:
            values: float32 [len(names)], in the order of the names.
        """
        self.sums.assign_add(values)
        self.steps.assign_add(1.0)

    def result(self) -> dict[str, Any]:
        """The means by name; 0 before the first step."""
        means = self.sums / ops.maximum(self.steps, 1.0)
        return {name: means[i] for i, name in enumerate(self.names)}

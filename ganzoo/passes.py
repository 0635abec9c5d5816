"""Passes of images through a network, the unit in which losses and penalties state costs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Passes:
    """Passes of one image through a network.

    Attributes:
        single: Passes with one product in each layer: forward, or the gradient by the input
            alone.
        backward: Gradients by the weights. Each layer has a product for its weights and one
            for its input, but for the input of the first layer, from which nothing learns.
    """

    single: float = 0.0
    backward: float = 0.0

    def __add__(self, other: "Passes") -> "Passes":
        return Passes(self.single + other.single, self.backward + other.backward)

    def __mul__(self, factor: float) -> "Passes":
        return Passes(self.single * factor, self.backward * factor)

"""The interface of a condition."""

from abc import ABC, abstractmethod
from typing import Any

from ganzoo.conditions.conditioning import (
    Asked,
    DiscriminatorConditioning,
    GeneratorConditioning,
)
from ganzoo.variant import Variant


class Condition(Variant, ABC):
    """What a person may ask a generator for.

    Attributes:
        classes: How many classes may be asked for.
        generator: How the condition enters the generator.
        discriminator: How it enters the discriminator, and what is minimised for it.
    """

    classes: int
    generator: GeneratorConditioning
    discriminator: DiscriminatorConditioning

    @abstractmethod
    def input(self) -> Any:
        """A `keras.Input` of what is asked for."""

    def asked(self, networks: Any) -> Asked:
        """A new input of a network whose layers `networks` puts together."""
        return Asked(self.input(), self.classes, networks)

    @abstractmethod
    def prepare(self, labels: Any) -> Any:
        """A batch's labels as the networks see them, int32 [N].

        Raises:
            ganzoo.errors.InputError: If they are not what can be asked for.
        """

"""The interface of a condition."""

from abc import ABC
from typing import Any

from ganzoo.conditions.conditioning import (
    Asked,
    Conditioning,
    DiscriminatorConditioning,
    GeneratorConditioning,
)
from ganzoo.variant import Variant


class Condition(Variant, ABC):
    """What a person may ask a generator for.

    Attributes:
        asks: Whether there is anything that can be asked for.
        classes: How many classes may be asked for.
        generator: How the condition enters the generator.
        discriminator: How it enters the discriminator, and what is minimised for it.
    """

    asks: bool = True
    classes: int
    generator: GeneratorConditioning
    discriminator: DiscriminatorConditioning

    def asked(self, role: str, networks: Any) -> Asked | None:
        """What the network of a role is asked for, or `None` for roles that are not asked.

        Args:
            role: `"generator"`, `"discriminator"`, or another.
            networks: The architecture that puts the network's layers together.
        """
        ways: dict[str, Conditioning] = {
            "generator": self.generator,
            "denoiser": self.generator,  # What it is given is the noise level's features.
            "discriminator": self.discriminator,
        }
        return Asked(ways[role], self.classes, networks) if role in ways else None

    def prepare(self, labels: Any) -> Any:
        """A batch's labels as the networks see them, int32 [N].

        Raises:
            ganzoo.errors.InputError: If they are not what can be asked for.
        """
        raise NotImplementedError

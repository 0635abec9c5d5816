"""How a condition enters a network: the places where a network's layers are put together."""

from abc import ABC
from collections.abc import Callable
from typing import Any

import keras

from ganzoo.errors import InputError
from ganzoo.variant import Variant


class Asked:
    """What a network is asked for, while its layers are put together.

    Args:
        conditioning: How the condition enters the network.
        condition: The `ganzoo.conditions.Condition`.
        role: The network's role.
        networks: The architecture, which keeps layers by name and seeds their weights.

    Attributes:
        classes: How many classes there are.
        labels: Symbolic tensor, int32 [N] of a class; `None` if the network has no such input.
    """

    def __init__(self, conditioning: "Conditioning", condition: Any, role: str, networks: Any):
        self.conditioning = conditioning
        self.condition = condition
        self.classes = condition.classes
        self.role = role
        self.networks = networks
        self.labels = None
        if conditioning.takes_labels:
            self.labels = keras.Input(condition.shape, dtype="int32", name="labels")
        self._reached: set[str] = set()
        self._made: dict[str, Any] = {}

    def begin(self, x: Any) -> tuple[Any, Any]:
        """The network's inputs, `x` the first, and what its first layer is given."""
        self._reached.add("begin")
        inputs = x if self.labels is None else [x, self.labels]
        return inputs, self.conditioning.begin(self, x)

    def normalized(self, x: Any, name: str) -> Any:
        """Features after a normalization; see `Conditioning.normalized`."""
        self._reached.add("normalized")
        return self.conditioning.normalized(self, x, name)

    def end(self, features: Any, output: Any) -> Any:
        """The network's outputs; see `Conditioning.end`."""
        self._reached.add("end")
        return self.conditioning.end(self, features, output)

    def check(self, role: str) -> None:
        """Raises `InputError` if the condition has not entered the finished network."""
        places = ("begin", "normalized", "end")
        own = type(self.conditioning)
        wanted = {place for place in places if place in _overridden(own)} | {"begin"}
        if wanted - self._reached:
            raise InputError(
                f"its {role} cannot take the condition: nothing in it calls "
                f"self.{' or self.'.join(sorted(wanted - self._reached))}."
            )

    def embedding(self, size: int, name: str, make: Any, **options: Any) -> Any:
        """What is asked for as a vector, [N, size]: one for each class, or of the words.

        Args:
            size: Its length.
            name: Name of the layer that gives it.
            make: Class of its weights' initializer.
            options: Keywords of the initializer.
        """
        return self.condition.vector(self, size, name, make, **options)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` gave at the first call with this name."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


def _overridden(cls: type) -> set[str]:
    """Names of the methods that a class of conditioning has of its own."""
    own = cls.__mro__[: cls.__mro__.index(Conditioning)]
    return {name for each in own for name in vars(each)}


class Conditioning(Variant, ABC):
    """How a condition enters a network.

    An architecture calls `begin`, `normalized` and `end` where it puts a network's layers
    together. Each gives a symbolic tensor, of the same number of axes as it was given. Here
    each leaves the network as it is.

    Attributes:
        takes_labels: Whether the network has labels as its second input.
    """

    takes_labels: bool = True

    def begin(self, asked: Asked, x: Any) -> Any:
        """What the network's first layer is given: latents [N, L], or images [N, H, W, C]."""
        return x

    def normalized(self, asked: Asked, x: Any, name: str) -> Any:
        """Features [N, H, W, C] after the normalization of the block called `name`."""
        return x

    def end(self, asked: Asked, features: Any, output: Any) -> Any:
        """The network's outputs: `output`, or a list of it and others.

        Args:
            asked: What the network is asked for.
            features: What the network's last layer was given, [N, F].
            output: What it gave.
        """
        return output


class GeneratorConditioning(Conditioning):
    """How a condition enters a generator."""


class DiscriminatorConditioning(Conditioning):
    """How a condition enters a discriminator, and what the players minimise for it.

    Attributes:
        discriminator_terms: Names of what the discriminator minimises beside the loss.
        generator_terms: Names of what the generator minimises beside it.
    """

    discriminator_terms: tuple[str, ...] = ()
    generator_terms: tuple[str, ...] = ()

    def discriminator_loss(
        self, real: list[Any], fake: list[Any], real_labels: Any, fake_labels: Any
    ) -> dict[str, Any]:
        """The discriminator's terms by name, float32 scalars.

        Args:
            real: What the discriminator gives of real images beside its score.
            fake: The same of generated images.
            real_labels: Classes of the real images, int32 [N].
            fake_labels: Classes that the generated images were asked for.
        """
        return {}

    def generator_loss(self, fake: list[Any], fake_labels: Any) -> dict[str, Any]:
        """The generator's terms by name, of generated images and the classes asked for."""
        return {}

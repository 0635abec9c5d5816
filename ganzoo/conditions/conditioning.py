"""How a condition enters a network: the places where a network's layers are put together."""

from abc import ABC
from dataclasses import dataclass
from typing import Any

from ganzoo.conditions.layers import Embedding
from ganzoo.variant import Variant


@dataclass(frozen=True)
class Asked:
    """What a network is asked for, while its layers are put together.

    Attributes:
        labels: Symbolic tensor, int32 [N].
        classes: How many classes there are.
        networks: The architecture, which keeps layers by name and seeds their weights.
    """

    labels: Any
    classes: int
    networks: Any

    def embedding(self, size: int, name: str, make: Any, **options: Any) -> Any:
        """A vector for each class, [N, size]: the layer called `name`.

        Args:
            size: Its length.
            name: Name of the layer.
            make: Class of its weights' initializer.
            options: Keywords of the initializer.
        """
        initializer = self.networks.initializer(name, make, **options)
        return self.networks.keep(
            Embedding, self.classes, size, initializer=initializer, name=name
        )(self.labels)


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

"""The interface of a condition."""

import inspect
from abc import ABC
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ganzoo.conditions.checks import UNLABELLED, check_labels, in_range, refuse_labels
from ganzoo.conditions.conditioning import (
    Asked,
    Conditioning,
    DiscriminatorConditioning,
    GeneratorConditioning,
)
from ganzoo.conditions.layers import Embedding
from ganzoo.errors import InputError
from ganzoo.samples import proportional
from ganzoo.variant import Variant


@dataclass(frozen=True, eq=False)
class Requests:
    """What a sample that is to be measured is asked for.

    Attributes:
        given: What the generator is given for each image, int32 [N, *shape].
        classes: The class of each that is asked for, int32 [N].
        captions: What is asked for in words, where it is asked in words.
        never: What it is given for images of combinations that no training has, or `None`.
        never_captions: The same in words.
    """

    given: np.ndarray
    classes: np.ndarray
    captions: Sequence[str] = ()
    never: np.ndarray | None = None
    never_captions: Sequence[str] = ()


class Condition(Variant, ABC):
    """What a person may ask a generator for.

    What is asked for one image are integers of the shape `shape`. Here they are a class, and
    one that asks for something else overrides `fitted`, `of_images`, `requests`, `vector` and
    the checks.

    Attributes:
        asks: Whether there is anything that can be asked for.
        classes: How many values such an integer has, from 0.
        shape: Of what is asked for one image; `()` for one integer.
        trial: Options that follow from images, with values to see whether the others can be.
        generator: How the condition enters the generator.
        discriminator: How it enters the discriminator, and what is minimised for it.
    """

    asks: bool = True
    classes: int
    shape: tuple[int, ...] = ()
    trial: Mapping[str, Any] = {"classes": 2}
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
        return Asked(ways[role], self, role, networks) if role in ways else None

    def vector(self, asked: Asked, size: int, name: str, make: Any, **options: Any) -> Any:
        """What is asked for as a vector, [N, size]; see `Asked.embedding`."""
        initializer = asked.networks.initializer(name, make, **options)
        return asked.networks.keep(
            Embedding, self.classes, size, initializer=initializer, name=name
        )(asked.labels)

    def prepare(self, labels: Any) -> Any:
        """A batch's labels as the networks see them, int32 [N, *shape].

        Raises:
            ganzoo.errors.InputError: If they are not what can be asked for.
        """
        raise NotImplementedError

    def check(self, labels: Any, count: int) -> None:
        """Raises `InputError` unless labels are what can be asked for, one an image."""
        check_labels(labels, count, self.classes)

    def in_range(self, low: int, high: int) -> bool:
        """Whether integers from `low` to `high` can all be asked for."""
        return in_range(low, high, self.classes)

    def refuse(self, low: int, high: int) -> None:
        """Raises `InputError` if they cannot."""
        refuse_labels(low, high, self.classes)

    # What follows from a set of images.

    @classmethod
    def fitted(cls, given: Mapping[str, Any], images: Any, data: str) -> dict[str, Any]:
        """Options that follow from the images of a training.

        Args:
            given: The options that a person chose.
            images: The `ganzoo.data.ImageSet`.
            data: What it is called, for messages.

        Raises:
            ganzoo.errors.InputError: If nothing can be asked of such images, or an option is
                given otherwise.
        """
        if not images.labelled:
            raise InputError(UNLABELLED.format(f"the images of {data!r} have no labels"))
        if "classes" not in inspect.signature(cls).parameters:
            return {}
        return agreeing({"classes": len(images.classes)}, given)

    def of_images(self, images: Any) -> np.ndarray:
        """What each image of a set is of, int32 [N, *shape]."""
        labels: np.ndarray = images.labels
        return labels

    def asks_of(self, images: Any, classes: Sequence[str]) -> bool:
        """Whether what is asked for means the same of a set as of a run with these classes."""
        return list(images.classes) == list(classes)

    def requests(self, images: Any, count: int) -> Requests:
        """What `count` images are asked for that are to be as those of a set."""
        labels = proportional(images.labels, count)
        return Requests(labels, labels)


def agreeing(found: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Options that follow from the data; `InputError` where a person chose others."""
    for key, value in found.items():
        if given.get(key, value) != value:
            raise InputError(
                f"The condition's {key} follow from the data: there are {value} here, not "
                f"{given[key]}. Leave them out of the condition."
            )
    return found

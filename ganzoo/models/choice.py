"""A kind of model and its options, as a trainer is told them."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ganzoo import models, trust
from ganzoo.errors import InputError
from ganzoo.models.gan import GANModel
from ganzoo.spec import parse, write


@dataclass(frozen=True)
class Choice:
    """What makes the model of each stage.

    Attributes:
        kind: The class.
        options: Keywords that only this kind has.
    """

    kind: type[GANModel]
    options: Mapping[str, Any]

    @classmethod
    def of(cls, model: str | type) -> "Choice":
        """The choice of a name, a path, a spec such as `"my_gan:MyGAN:weight=2"`, or a class.

        Raises:
            InputError: If there is no such model, a trainer cannot build it, or an option is
                unknown or a setting of its own.
        """
        if isinstance(model, str):
            name, options = parse(model)
            kind: type[Any] = models.registry.find(name)
        else:
            name, options, kind = model.__name__, {}, model
            trust.allow_class(model)
        if not (isinstance(kind, type) and issubclass(kind, GANModel)):
            raise InputError(
                f"The model {name!r} does not derive from ganzoo.GANModel, the kind that can "
                "be trained here."
            )
        settings = inspect.signature(GANModel).parameters
        for key in options:
            if key in settings:
                raise InputError(
                    f"The model {name!r}: {key} is a setting of the training, not of the "
                    "model. Give it as one."
                )
        models.registry.check_options(kind, name, options, others=settings)
        return cls(kind, options)

    @property
    def spec(self) -> str:
        """The text from which `of` makes it again."""
        return write(models.registry.describe(self.kind), dict(self.options))

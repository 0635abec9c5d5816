"""A kind of model and its options, as a trainer is told them."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras

from ganzoo import models, trust
from ganzoo.errors import InputError
from ganzoo.models.generative_model import GenerativeModel
from ganzoo.spec import parse, write

# Keywords that a trainer gives to the constructors that name them; others are options.
TRAINER_KEYWORDS = (
    *("loss", "penalties", "critic_steps", "condition", "augment", "fade", "ema", "seed"),
    "name",
)
# Keywords that a kind hands on to its parent.
HANDED_ON = ("networks", "terms", "figures", "image_shape", "making", "beside", "own_terms")
VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


@dataclass(frozen=True)
class Choice:
    """What makes the model of each stage.

    Attributes:
        kind: The class.
        options: Keywords that only this kind has.
    """

    kind: type[GenerativeModel]
    options: Mapping[str, Any]

    @classmethod
    def of(cls, model: str | type) -> "Choice":
        """The choice of a name, a path, a spec such as `"my_gan:MyGAN:weight=2"`, or a class.

        Raises:
            InputError: If there is no such model, or an option is unknown or a setting of the
                training.
        """
        if isinstance(model, str):
            name, options = parse(model)
            kind: type[Any] = models.registry.find(name)
        else:
            name, options, kind = model.__name__, {}, model
            models.registry.check_class(model)
            trust.allow_class(model)
        for key in options:
            if key in TRAINER_KEYWORDS or key in kind.roles:
                raise InputError(
                    f"The model {name!r}: {key} is a setting of the training, not of the "
                    "model. Give it as one."
                )
        others = (*kind.roles, *TRAINER_KEYWORDS, *HANDED_ON)
        models.registry.check_options(_parameters(kind), name, options, others=others)
        return cls(kind, options)

    @property
    def spec(self) -> str:
        """The text from which `of` makes it again."""
        return write(self.name, dict(self.options))

    @property
    def name(self) -> str:
        """The kind's name, or its path."""
        return models.registry.describe(self.kind)

    def takes(self, setting: str) -> bool:
        """Whether the kind's constructor has such a keyword, or hands it on to its parent's."""
        return setting in _parameters(self.kind)

    def make_generator(self, networks: Mapping[str, keras.Model], **making: Any) -> keras.Model:
        """What makes images of the averaged networks.

        Args:
            networks: The averaged networks, by role.
            making: How, where that is not to be as the options say: keywords of the kind's
                `make_generator`.

        Raises:
            InputError: If the kind has no such keyword, or cannot use it.
        """
        known = inspect.signature(self.kind.make_generator).parameters
        if unknown := [key for key in making if key not in known]:
            raise InputError(
                f"The model {self.name!r} makes an image in one way. Leave out "
                f"{' and '.join(unknown)}."
            )
        own = {key: value for key, value in self.options.items() if key in known}
        make: Any = self.kind.make_generator
        try:
            found: keras.Model = make(networks, **own | making)
        except (TypeError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"The model {self.name!r}: {error}") from error
        return found

    def make(self, networks: Sequence[keras.Model], **settings: Any) -> GenerativeModel:
        """The model of these networks, in the order of the kind's `roles`.

        Args:
            networks: Networks, built.
            settings: Of `TRAINER_KEYWORDS`; the kind gets those that it takes.

        Raises:
            InputError: If the kind cannot be made with these options.
        """
        own = {key: value for key, value in settings.items() if self.takes(key)}
        make: Any = self.kind  # Each kind has a constructor of its own.
        try:
            return make(*networks, **own, **self.options)
        except (TypeError, ValueError) as error:
            if isinstance(error, InputError) or not self.options:
                raise
            raise InputError(f"The model {self.spec!r} cannot be made: {error}") from error


def _parameters(kind: type[Any]) -> dict[str, inspect.Parameter]:
    """Parameters of a kind's constructor, and of its parents' as far as it hands others on."""
    found: dict[str, inspect.Parameter] = {}
    for cls in kind.__mro__:
        if "__init__" in vars(cls):
            _, *own = inspect.signature(vars(cls)["__init__"]).parameters.values()
            found |= {p.name: p for p in own if p.name not in found and p.kind not in VARIABLE}
            if not any(p.kind is p.VAR_KEYWORD for p in own):
                break
    return found

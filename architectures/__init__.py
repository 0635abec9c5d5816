"""Architectures: networks that grow, by name or as classes.

`ganzoo.architectures.get("progressive-dcgan:width=32")` gives an instance, and
`ganzoo.architectures.with_role("encoder")` the names of those with an encoder. A new
family is one new file in this folder; editors and type checkers know its name from a line here.
"""

import contextlib
from typing import TYPE_CHECKING, Any

from ganzoo.errors import InputError
from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.architectures.architecture import Architecture as Architecture
    from ganzoo.architectures.progressive_dcgan import ProgressiveDCGAN as ProgressiveDCGAN

__all__ = ["Architecture", "ProgressiveDCGAN", "get", "registry", "with_role"]

registry: "Registry[Architecture]" = Registry(
    "architecture",
    package="ganzoo.architectures",
    parent="ganzoo.architectures.architecture:Architecture",
    group="ganzoo.architectures",
)
get = registry.get


def with_role(role: str) -> list[str]:
    """Names of the architectures that have a network of this role, such as `"encoder"`."""
    found = []
    for entry in registry.usable():
        with contextlib.suppress(InputError):  # A plug-in that cannot be imported.
            if role in registry.find(entry.name).roles:
                found.append(entry.name)
    return found


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import a class, and Keras with it, when it is first asked for."""
        return registry.attribute(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *registry.class_names})

"""Architectures: pairs of networks that grow, by name or as classes.

`ganzoo.architectures.get("progressive-dcgan:width=32")` gives an instance. A new
family is one new file in this folder; editors and type checkers know its name from a line here.
"""

from typing import TYPE_CHECKING, Any

from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.architectures.architecture import Architecture as Architecture
    from ganzoo.architectures.progressive_dcgan import ProgressiveDCGAN as ProgressiveDCGAN

__all__ = ["Architecture", "ProgressiveDCGAN", "get", "registry"]

registry: "Registry[Architecture]" = Registry(
    "architecture",
    package="ganzoo.architectures",
    parent="ganzoo.architectures.architecture:Architecture",
    group="ganzoo.architectures",
)
get = registry.get


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import a class, and Keras with it, when it is first asked for."""
        return registry.attribute(name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *registry.class_names})

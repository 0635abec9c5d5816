"""Architectures: pairs of networks that grow, by name or as classes.

`ganzoo.architectures.get("progressive-dcgan:width=32")` gives an instance. A new
family is one new file in this folder.
"""

from typing import Any

from ganzoo.registry import Registry

registry = Registry(
    "architecture",
    package="ganzoo.architectures",
    parent="ganzoo.architectures.architecture:Architecture",
    group="ganzoo.architectures",
)
get = registry.get


def __getattr__(name: str) -> Any:
    return registry.attribute(name)

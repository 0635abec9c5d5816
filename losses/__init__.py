"""Losses: what each player minimises, by name or as classes.

`ganzoo.losses.get("hinge")` gives an instance, as `keras.losses.get` does;
`ganzoo.losses.Hinge` is the class. A new loss is one new file in this folder.
"""

from typing import Any

from ganzoo.losses import penalties
from ganzoo.registry import Registry

__all__ = ["get", "penalties", "registry"]

registry = Registry(
    "loss", package="ganzoo.losses", parent="ganzoo.losses.loss:Loss", group="ganzoo.losses"
)
get = registry.get


def __getattr__(name: str) -> Any:
    return registry.attribute(name)

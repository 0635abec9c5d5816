"""Losses: what each player minimises, by name or as classes.

`ganzoo.losses.get("hinge")` gives an instance, as `keras.losses.get` does;
`ganzoo.losses.Hinge` is the class. A new loss is one new file in this folder.
"""

from typing import Any

from ganzoo.registry import Registry

registry = Registry("loss", package="ganzoo.losses", parent="Loss", group="ganzoo.losses")
get = registry.get


def __getattr__(name: str) -> Any:
    return registry.attribute(name)

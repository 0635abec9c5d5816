"""Conditions: what a person may ask a generator for.

`ganzoo.conditions.get("labels:classes=10")` gives an instance. A new condition is one new
file in this folder, a new way into a network one in `generators` or `discriminators`.
"""

from typing import TYPE_CHECKING

from ganzoo.conditions import discriminators, generators
from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.conditions.condition import Condition as Condition
    from ganzoo.conditions.labels import Labels as Labels
    from ganzoo.conditions.none import Unconditional as Unconditional
    from ganzoo.conditions.text import Text as Text

__all__ = ["Condition", "Labels", "Text", "Unconditional", "get", "registry"]

registry: "Registry[Condition]" = Registry(
    "condition",
    package="ganzoo.conditions",
    parent="ganzoo.conditions.condition:Condition",
    group="ganzoo.conditions",
    inner={"discriminator": discriminators.registry, "generator": generators.registry},
)
get = registry.get


if not TYPE_CHECKING:
    __getattr__, __dir__ = registry.lazy()

"""How a condition enters a generator, by name.

`ganzoo.conditions.generators.registry.get("latent")` gives an instance. A new way is one new
file in this folder.
"""

from typing import Any

from ganzoo.registry import Registry

__all__ = ["registry"]

registry: "Registry[Any]" = Registry(
    "conditioning of the generator",
    package="ganzoo.conditions.generators",
    parent="ganzoo.conditions.conditioning:GeneratorConditioning",
    group="ganzoo.conditions.generators",
)

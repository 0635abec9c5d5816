"""How a condition enters a discriminator, by name.

`ganzoo.conditions.discriminators.registry.get("projection")` gives an instance. A new way is
one new file in this folder.
"""

from typing import Any

from ganzoo.registry import Registry

__all__ = ["registry"]

registry: "Registry[Any]" = Registry(
    "conditioning of the discriminator",
    package="ganzoo.conditions.discriminators",
    parent="ganzoo.conditions.conditioning:DiscriminatorConditioning",
    group="ganzoo.conditions.discriminators",
)

"""What a denoiser learns, by name.

`ganzoo.diffusion.objectives.registry.get("flow")` gives an instance. A new one is one new file
in this folder.
"""

from typing import Any

from ganzoo.registry import Registry

__all__ = ["get", "registry"]

registry: "Registry[Any]" = Registry(
    "objective",
    package="ganzoo.diffusion.objectives",
    parent="ganzoo.diffusion.objective:Objective",
    group="ganzoo.diffusion.objectives",
)
get = registry.get

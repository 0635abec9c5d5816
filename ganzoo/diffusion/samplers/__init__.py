"""Ways from noise to an image, by name.

`ganzoo.diffusion.samplers.registry.get("heun")` gives an instance. A new one is one new file
in this folder.
"""

from typing import Any

from ganzoo.registry import Registry

__all__ = ["get", "registry"]

registry: "Registry[Any]" = Registry(
    "sampler",
    package="ganzoo.diffusion.samplers",
    parent="ganzoo.diffusion.sampler:Sampler",
    group="ganzoo.diffusion.samplers",
)
get = registry.get

"""Augmentations: how the images that the discriminator is shown are changed, for small sets.

`ganzoo.augmentations.get("ada:kimg=100")` gives an instance. A new augmentation is one new
file in this folder.
"""

from typing import TYPE_CHECKING

from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.augmentations.ada import ADA as ADA
    from ganzoo.augmentations.apa import APA as APA
    from ganzoo.augmentations.augmentation import Augmentation as Augmentation
    from ganzoo.augmentations.diffaugment import DiffAugment as DiffAugment
    from ganzoo.augmentations.none import Plain as Plain

__all__ = ["ADA", "APA", "Augmentation", "DiffAugment", "Plain", "get", "registry"]

registry: "Registry[Augmentation]" = Registry(
    "augmentation",
    package="ganzoo.augmentations",
    parent="ganzoo.augmentations.augmentation:Augmentation",
    group="ganzoo.augmentations",
)
get = registry.get


if not TYPE_CHECKING:
    __getattr__, __dir__ = registry.lazy()

"""Sources of two domains, whose own labels no training sees."""

from abc import ABC, abstractmethod

import numpy as np

from ganzoo.data.image_set import ImageSet
from ganzoo.data.source import Source


class TwoDomainSource(Source, ABC):
    """A set whose two classes are the domains A and B of a translation.

    The set that a training loads knows the domains alone. What each image shows is in
    `domains`, for scoring: classes of the two that belong together have the same name, and
    images are in turns, each class in its turn, in the same order.

    Attributes:
        same_pixels: Whether the image of B in the same place is what an image of A becomes,
            pixel for pixel.
    """

    same_pixels = False

    @abstractmethod
    def domains(
        self, resolution: int, per_class: int | None = None
    ) -> tuple[ImageSet, ImageSet]:
        """A and B with labels of what their images show; the arguments are those of `load`."""

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; `per_class` images of each form in each domain."""
        a, b = self.domains(resolution, per_class)
        held_out = None
        if a.held_out is not None and b.held_out is not None:
            held_out = joined(a.held_out, b.held_out)
        both = joined(a, b)
        return ImageSet(both.name, both.images, both.labels, both.classes, held_out)


def joined(a: ImageSet, b: ImageSet) -> ImageSet:
    """One set of both, whose classes are the two sets; images of `a` come first."""
    images = np.concatenate([np.asarray(a.images), np.asarray(b.images)])
    labels = np.repeat(np.arange(2, dtype=np.int32), [len(a), len(b)])
    return ImageSet(f"{a.name}-{b.name}", images, labels, (a.name, b.name))

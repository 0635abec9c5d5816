import math

from ganzoo.data.image_set import ImageSet
from ganzoo.data.points import gaussians
from ganzoo.data.source import Source

PER_CLASS, HELD_OUT = 4000, 400


class Ring8(Source):
    """Points around 8 places on a circle, which show mode collapse in minutes; no network.

    The ring of Srivastava et al., arXiv:1705.07761, section 4.1: Gaussians of deviation 0.01
    on a circle of radius 1. See `ganzoo.data.points`.
    """

    licence = "CC0-1.0"

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; only 1 pixel, 4,000 training points a class by default."""
        angles = [math.tau * i / 8 for i in range(8)]
        centres = [(math.cos(angle), math.sin(angle)) for angle in angles]
        counts = (PER_CLASS if per_class is None else per_class, HELD_OUT)
        return gaussians("ring8", centres, 0.01, 1.0625, resolution, counts)

from ganzoo.data.image_set import ImageSet
from ganzoo.data.points import gaussians
from ganzoo.data.source import Source

PER_CLASS, HELD_OUT = 2000, 120


class Grid25(Source):
    """Points around 25 places in a square, which show mode collapse in minutes; no network.

    The grid of Srivastava et al., arXiv:1705.07761, section 4.1: Gaussians of deviation 0.05
    at -4, -2, 0, 2 and 4 along each axis. See `ganzoo.data.points`.
    """

    licence = "CC0-1.0"

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; only 1 pixel, 2,000 training points a class by default."""
        places = (-4.0, -2.0, 0.0, 2.0, 4.0)
        centres = [(x, y) for x in places for y in places]
        counts = (PER_CLASS if per_class is None else per_class, HELD_OUT)
        return gaussians("grid25", centres, 0.05, 4.25, resolution, counts)

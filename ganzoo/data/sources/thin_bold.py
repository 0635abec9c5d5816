from ganzoo.data.forms import FORMS, draw
from ganzoo.data.image_set import ImageSet
from ganzoo.data.recipe import SIDE, expand_once
from ganzoo.data.two_domains import TwoDomainSource

WIDTHS = {"thin": -3.0, "bold": 3.0}  # Hundredths of the canvas added to a stroke of 8.8.


class ThinBold(TwoDomainSource):
    """Two domains: the 28 forms of `unown` in thin strokes, and in bold ones, as pairs.

    The first thin image is the first bold one in other strokes, deformed the same way, and so
    on: models of pairs learn from that, others see each domain by itself. 500 images a form in
    each domain; 100 further ones are held out.
    """

    licence = "Apache-2.0"
    same_pixels = True

    def domains(
        self, resolution: int, per_class: int | None = None
    ) -> tuple[ImageSet, ImageSet]:
        """See `TwoDomainSource.domains`."""
        thin, bold = (
            expand_once(
                [draw(form, SIDE, bolder) for form in FORMS], FORMS, resolution, per_class, name
            )
            for name, bolder in WIDTHS.items()
        )
        return thin, bold

import numpy as np

from ganzoo.data.font import LETTERS
from ganzoo.data.forms import FORMS, draw
from ganzoo.data.image_set import ImageSet
from ganzoo.data.recipe import SIDE, expand_once
from ganzoo.data.sources.letters import Letters
from ganzoo.data.two_domains import TwoDomainSource


class LettersUnown(TwoDomainSource):
    """Two domains: capital letters of an ordinary font, and the 26 forms of `unown` for them.

    What should become of a letter is known, and no training sees it: labels are used in
    scoring only. Both domains have 500 images a letter; 100 further ones are held out.
    """

    licence = "Bitstream-Vera AND Apache-2.0"

    def domains(
        self, resolution: int, per_class: int | None = None
    ) -> tuple[ImageSet, ImageSet]:
        """See `TwoDomainSource.domains`."""
        originals = [draw(letter, SIDE) for letter in LETTERS]
        forms = expand_once(originals, LETTERS, resolution, per_class, name="unown")
        return Letters().load(resolution, per_class), _among_forms(forms)


def _among_forms(data: ImageSet) -> ImageSet:
    """The set with labels of all 28 forms: `unown` itself is judged by these."""
    held_out = None if data.held_out is None else _among_forms(data.held_out)
    places = np.array([FORMS.index(name) for name in data.classes], np.int32)
    return ImageSet(data.name, data.images, places[data.labels], FORMS, held_out)

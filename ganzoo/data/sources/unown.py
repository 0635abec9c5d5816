from ganzoo.data.forms import FORMS, draw
from ganzoo.data.image_set import ImageSet
from ganzoo.data.recipe import SIDE, expand_once
from ganzoo.data.source import Source


class Unown(Source):
    """28 one-eyed letters drawn for this project, deformed 500 ways each; no network.

    The forms are those of `ganzoo.data.forms`, 26 letters, ! and ?, in the manner of
    Unown; the deformations are those of `ganzoo.data.recipe`, which is how
    Unown-MNIST (github.com/lopeLH/unown-mnist) was made. White on black, one channel;
    100 further images a form are held out.
    """

    licence = "Apache-2.0"

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; 500 training images a form by default."""
        originals = [draw(form, SIDE) for form in FORMS]
        return expand_once(originals, FORMS, resolution, per_class, name="unown")

from ganzoo.data.forms import FORMS, draw
from ganzoo.data.image_set import ImageSet
from ganzoo.data.recipe import RECIPES, SIDE
from ganzoo.data.source import Source
from ganzoo.variant import check_choice


class Unown(Source):
    """28 one-eyed letters drawn for this project, deformed 500 ways each; no network.

    The forms are those of `ganzoo.data.forms`, 26 letters, ! and ?, in the manner of
    Unown; the deformations are those of `ganzoo.data.recipe`, which is how
    Unown-MNIST (github.com/lopeLH/unown-mnist) was made. White on black, one channel;
    100 further images a form are held out.

    Args:
        recipe: `"deformed"`, or `"none"` for the 28 drawings alone.
    """

    licence = "Apache-2.0"

    def __init__(self, recipe: str = "deformed"):
        check_choice(RECIPES, recipe=recipe)
        self.recipe = recipe

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; 500 training images a form by default."""
        originals = [draw(form, SIDE) for form in FORMS]
        make = RECIPES[self.recipe]
        return make(originals, FORMS, resolution, per_class, name="unown")

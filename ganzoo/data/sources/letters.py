from ganzoo.data.font import LETTERS, draw_letter
from ganzoo.data.image_set import ImageSet
from ganzoo.data.recipe import SIDE, expand_once
from ganzoo.data.source import Source


class Letters(Source):
    """26 capital letters of an ordinary font, deformed 500 ways each; no network.

    DejaVu Sans, deformed by the recipe of `unown`, white on black, one channel; 100 further
    images a letter are held out.
    """

    licence = "Bitstream-Vera"

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; 500 training images a letter by default."""
        originals = [draw_letter(letter, SIDE) for letter in LETTERS]
        return expand_once(originals, LETTERS, resolution, per_class, name="letters")

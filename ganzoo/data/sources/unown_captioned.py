from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from ganzoo.cores import available_cores
from ganzoo.data import cache, drawn_combinations, drawn_pictures, recipe
from ganzoo.data.captions import Captions
from ganzoo.data.checks import check_per_class
from ganzoo.data.drawn_combinations import Combination, drawn
from ganzoo.data.drawn_grammar import DrawnGrammar
from ganzoo.data.drawn_pictures import pictures
from ganzoo.data.forms import FORMS
from ganzoo.data.image_set import ImageSet
from ganzoo.data.source import Source
from ganzoo.errors import InputError
from ganzoo.variant import check_whole

NAME = "unown-captioned"
VERSION = 1  # Raise it with any change that changes a pixel.
TRAIN, HELD_OUT, NEVER_TRAINED = 0, 1, 2  # Splits.


class UnownCaptioned(Source):
    """The 28 forms of `unown` in colours, sizes, strokes and leans, with captions; no network.

    Captions such as "a small red question mark leaning left on blue" say form, size, stroke,
    colour of the stroke, lean and colour of the ground, which differs from the stroke's.
    Images are deformed as by the recipe, but turned and sheared less, so that a lean is seen.
    500 images a form; 100 further ones are held out. Of each form one colour in eight is in
    none of them: see `held_out_combinations`.

    Args:
        seed: Decides the combinations and the deformations.
    """

    licence = "Apache-2.0"
    grammar = DrawnGrammar()

    def __init__(self, seed: int = 0):
        check_whole(0, seed=seed)
        self.seed = seed

    def load(self, resolution: int, per_class: int | None = None) -> ImageSet:
        """See `Source.load`; 500 training images a form by default."""
        check_per_class(per_class)
        if resolution < 4:
            raise InputError(f"Images of {resolution} pixels cannot be made. Give 4 or more.")
        counts = (recipe.PER_CLASS if per_class is None else per_class), recipe.HELD_OUT
        figures = (VERSION, recipe.VERSION, drawn_combinations.COLOURS, drawn_pictures.TINT)
        key = cache.key(NAME, figures, resolution, counts, self.seed)

        def make() -> ImageSet:
            held_out = self._of(resolution, counts[1], HELD_OUT)
            return replace(self._of(resolution, counts[0], TRAIN), held_out=held_out)

        found = cache.kept(key, make)
        held_out, train = found.held_out, self._captions(counts[0], TRAIN)
        assert held_out is not None
        held_out = replace(held_out, captions=self._captions(counts[1], HELD_OUT))
        return replace(found, captions=train, held_out=held_out)

    def held_out_combinations(self, resolution: int, per_class: int = 20) -> ImageSet:
        """Images of combinations that no training has.

        Form and colour of the stroke, as numbers from 0 in the order of `FORMS` and of
        `COLOURS`, sum to a multiple of 8.
        """
        found = self._of(resolution, per_class, NEVER_TRAINED)
        return replace(found, captions=self._captions(per_class, NEVER_TRAINED))

    def _of(self, resolution: int, count: int, split: int) -> ImageSet:
        """`count` images of each form, each form in its turn."""
        with ThreadPoolExecutor(len(available_cores())) as threads:
            by_form = threads.map(
                lambda each: pictures(each, resolution, self.seed, split),
                self._combinations(count, split),
            )
            images = np.stack(list(by_form), axis=1)
        labels = np.tile(np.arange(len(FORMS), dtype=np.int32), count)
        return ImageSet(NAME, images.reshape(-1, *images.shape[2:]), labels, FORMS)

    def _combinations(self, count: int, split: int) -> list[list[Combination]]:
        never = split == NEVER_TRAINED
        return [drawn(form, count, self.seed, split, never) for form in range(len(FORMS))]

    def _captions(self, count: int, split: int) -> Captions:
        by_turns = zip(*self._combinations(count, split), strict=True)
        texts = [each.caption for turn in by_turns for each in turn]
        return Captions.of(texts, self.grammar)

"""Coloured, drawn forms: pictures of combinations, deformed as by the recipe."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from ganzoo.data import recipe
from ganzoo.data.drawn_combinations import COLOURS, LEANS, SIZES, STROKES, VALUES, Combination
from ganzoo.data.forms import FORMS, draw
from ganzoo.data.recipe import CANVAS, Deformations

ROTATE = 3.0  # Degrees at most; the recipe's rotations and shears would hide a lean.
SHEAR = 3.0
VARIED = 0.04  # Share by which a size varies.
MOVED = 0.5  # Share of the free room by which a form is moved.
TINT = 10.0  # Levels of 255 by which each channel of a colour varies.


def pictures(
    combinations: Sequence[Combination], resolution: int, seed: int, split: int
) -> np.ndarray:
    """An image of each combination of one form, uint8 [N, resolution, resolution, 3].

    Args:
        combinations: All of one form. The image at a place depends on nothing but its own.
        resolution: Height and width.
        seed: Of all random numbers, 0 or more.
        split: Others for another one.
    """
    shades = np.empty((len(combinations), resolution, resolution), np.uint8)
    for stroke, bolder in enumerate(STROKES.values()):
        rows = [i for i, each in enumerate(combinations) if each.stroke == stroke]
        for start in range(0, len(rows), recipe.BATCH):
            part = rows[start : start + recipe.BATCH]
            chosen = [combinations[i] for i in part]
            drawn = recipe.draw_deformations(seed, split, chosen[0].form, part)
            leaning = _leaning(drawn, chosen)
            original = _original(chosen[0].form, bolder)
            shades[part] = recipe.render(original, leaning, resolution)
    return _painted(shades, combinations, seed, split)


def _leaning(drawn: Deformations, combinations: Sequence[Combination]) -> Deformations:
    """The recipe's deformations, in the size and with the lean of combinations."""
    size = np.array([SIZES[VALUES["size"][each.size]] for each in combinations])
    lean = np.array([LEANS[VALUES["lean"][each.lean]] for each in combinations])
    unit = 2 * drawn.crop / recipe.CROP - 1  # -1 to 1, [B, 4].
    room = CANVAS * (1 / (size * (1 + VARIED * unit[:, 2])) - 1)
    before = room[:, None] * (0.5 + 0.5 * MOVED * unit[:, :2])
    crop = -np.concatenate([before, room[:, None] - before], axis=1)
    shear = drawn.shear * (SHEAR / recipe.SHEAR)
    shear[:, 0] += lean
    return replace(
        drawn, crop=crop, rotate=drawn.rotate * (ROTATE / recipe.ROTATE), shear=shear
    )


def strokes(form: int, stroke: str, resolution: int) -> np.ndarray:
    """A big, upright form in white on black, without deformations: uint8 [side, side]."""
    return recipe.render(_original(form, STROKES[stroke]), recipe.NOTHING, resolution)[0]


@lru_cache(maxsize=len(FORMS) * len(STROKES))
def _original(form: int, bolder: float) -> np.ndarray:
    return draw(FORMS[form], recipe.SIDE, bolder)


def _painted(
    shades: np.ndarray, combinations: Sequence[Combination], seed: int, split: int
) -> np.ndarray:
    """White on black in the colours of combinations, each of a tint of its own."""
    key = np.array([seed, 1 << 60 | split << 48 | combinations[0].form], np.uint64)
    unit = np.random.Generator(np.random.Philox(key=key)).random((len(shades), 2, 3))
    palette = np.array(list(COLOURS.values()), float)
    pairs = np.array([(each.ground, each.colour) for each in combinations])
    tints = palette[pairs] + TINT * (2 * unit - 1)  # [N, 2, 3]
    ground, ink = tints[:, None, None, 0], tints[:, None, None, 1]
    share = shades[..., None] / np.float64(255)
    return np.rint(ground + share * (ink - ground)).astype(np.uint8)

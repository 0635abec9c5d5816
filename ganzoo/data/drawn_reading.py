"""Attributes of a coloured, drawn form, read off its image without a network.

Ground and stroke are the colours of the image's border and of what differs most from it. How
much of the stroke's colour each pixel has is a picture of the strokes alone. Its form is that
of the drawn one which it resembles most. Its second moments and its ink, compared with those of
the form that was asked for in every size, stroke and lean, say which of these it has.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ganzoo.data.drawn_combinations import COLOURS, LEANS, SIZES, STROKES, VALUES
from ganzoo.data.drawn_forms import forms_of
from ganzoo.data.drawn_moments import moments
from ganzoo.data.drawn_pictures import strokes

PALETTE = np.array(list(COLOURS.values()), float)
FAR = 60.0  # Distance of an image's colour from all of the palette, of 255, that is none.
# By how much size, slant and ink of real images of one combination vary.
DEVIATIONS = np.array([0.05, 0.06, 0.1])
UNLIKE = 6.0  # Deviations from all combinations beyond which an image has none of them.


def read(images: np.ndarray, forms: np.ndarray) -> dict[str, np.ndarray]:
    """Which value of each attribute images show, by the attribute's name.

    Args:
        images: uint8 [N, S, S, 3].
        forms: The form whose sizes, strokes and leans each is compared with, an index into
            `FORMS`, int [N].

    Returns:
        Indices into `VALUES`, of `"form"` into `FORMS`, int64 [N]; -1 where an image shows
        none.
    """
    seen = strokes_of(images)
    found = {"colour": _nearest(seen.ink), "ground": _nearest(seen.ground)}
    found["form"] = forms_of(seen.pictures)
    shapes = shape_of(seen.pictures)
    chosen = np.full(len(images), -1)
    for form in np.unique(forms):
        rows = forms == form
        known = _known(int(form), images.shape[1])
        apart = (shapes[rows, None] - known[None]) / DEVIATIONS
        distance = np.sqrt((apart**2).sum(-1))
        distance = np.nan_to_num(distance, nan=np.inf)
        chosen[rows] = np.where(distance.min(1) < UNLIKE, distance.argmin(1), -1)
    shape = (len(SIZES), len(STROKES), len(LEANS))
    indices = np.unravel_index(np.maximum(chosen, 0), shape)
    for name, index in zip(("size", "stroke", "lean"), indices, strict=True):
        found[name] = np.where(chosen < 0, -1, index)
    return found


@dataclass(frozen=True, eq=False)
class Seen:
    """What images show.

    Attributes:
        ground: Colour of the ground, 0 to 255, [N, 3].
        ink: Colour of the strokes.
        pictures: How much of the ink each pixel has, 0 to 1, [N, S, S].
    """

    ground: np.ndarray
    ink: np.ndarray
    pictures: np.ndarray


def strokes_of(images: np.ndarray) -> Seen:
    """Ground, ink and strokes of uint8 images [N, S, S, 3]."""
    pixels = images.astype(float)
    ground = _ground(pixels)
    ink = _ink(pixels, ground)
    return Seen(ground, ink, _pictures(pixels, ground, ink))


def _ground(pixels: np.ndarray) -> np.ndarray:
    """The median along the border, [N, 3]."""
    sides = [pixels[:, 0], pixels[:, -1], pixels[:, 1:-1, 0], pixels[:, 1:-1, -1]]
    return np.median(np.concatenate(sides, axis=1), axis=1)


def _ink(pixels: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """The mean of the pixels that differ most from the ground, [N, 3]: one in fifty."""
    flat = pixels.reshape(len(pixels), -1, 3)
    apart = ((flat - ground[:, None]) ** 2).sum(-1)
    count = max(4, flat.shape[1] // 50)
    rows = np.argpartition(apart, -count, axis=1)[:, -count:]
    return np.median(np.take_along_axis(flat, rows[..., None], axis=1), axis=1)


def _nearest(colours: np.ndarray) -> np.ndarray:
    """Indices of the palette's colours, [N]; -1 where none is near."""
    apart = to_palette(colours)
    return np.where(apart.min(1) < FAR, apart.argmin(1), -1)


def to_palette(colours: np.ndarray) -> np.ndarray:
    """Distances of colours [N, 3] from each of the palette, [N, 8]."""
    return np.sqrt(((colours[:, None] - PALETTE[None]) ** 2).sum(-1))


def _pictures(pixels: np.ndarray, ground: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """How much of the ink each pixel has, 0 to 1, [N, S, S]."""
    way = ink - ground
    along = np.einsum("nyxc,nc->nyx", pixels - ground[:, None, None], way)
    length = np.maximum((way**2).sum(-1), 1.0)[:, None, None]
    return np.clip(along / length, 0.0, 1.0)


def shape_of(pictures: np.ndarray) -> np.ndarray:
    """Logarithm of the size, slant, and logarithm of the ink, [N, 3]; NaN without any ink.

    Args:
        pictures: Of white strokes on black, 0 to 1, [N, S, S].
    """
    found = moments(pictures)
    with np.errstate(divide="ignore"):
        return np.stack([np.log(found.size), found.slant, np.log(found.ink)], -1)


@lru_cache(maxsize=128)
def _known(form: int, side: int) -> np.ndarray:
    """`shape_of` the form in each size, stroke and lean, undeformed, [27, 3].

    It is drawn in each stroke; what size and lean do to moments is known.
    """
    drawn = np.stack([strokes(form, stroke, side) for stroke in VALUES["stroke"]])
    size = np.log(list(SIZES.values()))[:, None, None]
    slant = np.tan(np.radians(list(LEANS.values())))
    log_size, own_slant, log_ink = (each[None, :, None] for each in shape_of(drawn / 255.0).T)
    found = np.broadcast_arrays(log_size + size, own_slant + slant, log_ink + 2 * size)
    return np.stack(found, -1).reshape(-1, 3)

"""Features of coloured, drawn forms, read off their images. Nothing is fitted."""

import hashlib

import numpy as np

from ganzoo.data.drawn_forms import LIKE, likeness
from ganzoo.data.drawn_grammar import DrawnGrammar
from ganzoo.data.drawn_pictures import TINT
from ganzoo.data.drawn_reading import Seen, shape_of, strokes_of, to_palette
from ganzoo.data.image_set import ImageSet
from ganzoo.metrics.resize import resize

AT_ONCE = 500  # Images that are read at a time.
STANDARD = 4000  # Images whose features are brought to mean 0 and deviation 1.
SIDE = 7  # Of the strokes' thumbnail.
# The last features are nearly 0 in real images. They are logarithms of distances of colours, in
# units of what real ones vary by, and count as if a half were usual.
FAULTS, USUAL = 3, 0.5


def are_drawn(data: ImageSet) -> bool:
    """Whether a set is one of coloured, drawn forms with captions, large enough to be read."""
    grammar = None if data.captions is None else data.captions.grammar
    return isinstance(grammar, DrawnGrammar) and data.resolution >= SIDE


class DrawnFeatures:
    """The feature network of `unown-captioned`: a `FeatureNetwork` without weights.

    Features are the likeness to each form, a thumbnail of the strokes, their size, slant and
    ink, the two colours, how far these are from the palette, and pixels from any mixture of the
    two. A classifier fitted as for other sets recognised none of the real images at 28 px.

    Args:
        data: The set.
    """

    kind = "readers"
    max_images = 20_000

    def __init__(self, data: ImageSet):
        self.classes = data.classes
        self.resolution = data.resolution
        rows = np.linspace(0, len(data) - 1, min(STANDARD, len(data))).astype(int)
        raw, _ = self._read(data.images[rows])
        self.mean, self.deviation = raw.mean(axis=0), np.maximum(raw.std(axis=0), 1e-3)
        self.deviation[-FAULTS:] = np.maximum(self.deviation[-FAULTS:], USUAL)

    @property
    def sha256(self) -> str:
        """Checksum of all that the features depend on."""
        numbers = (self.mean.round(6).tolist(), self.deviation.round(6).tolist(), LIKE, SIDE)
        return hashlib.sha256(repr((numbers, self.classes)).encode()).hexdigest()

    def of(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Features and class probabilities of images.

        Args:
            images: uint8 [N, S, S, C]; brought to the set's resolution.

        Returns:
            Features float64 [N, 89], of mean 0 and standard deviation 1 on real images; and
            probabilities float64 [N, 28], 1 for the form of an image and 0 elsewhere.

        Raises:
            InputError: If `images` are not such an array.
        """
        found = [
            self._read(resize(images[i : i + AT_ONCE], self.resolution, 3))
            for i in range(0, len(images), AT_ONCE)
        ]
        raw, alike = (np.concatenate(each) for each in zip(*found, strict=True))
        best = alike.argmax(axis=1)
        probabilities = np.zeros(alike.shape)
        probabilities[np.arange(len(alike)), best] = alike.max(axis=1) >= LIKE
        return (raw - self.mean) / self.deviation, probabilities

    def _read(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Features as they are read, [N, 89], and the likeness to each form."""
        seen = strokes_of(images)
        alike = likeness(seen.pictures)
        shape = np.nan_to_num(shape_of(seen.pictures), neginf=-10.0)
        usual = (alike, _thumbnail(seen.pictures), shape, seen.ground, seen.ink)
        off = [to_palette(colours).min(axis=1) for colours in (seen.ground, seen.ink)]
        faults = np.stack([*off, _unmixed(images, seen)], axis=1)
        return np.concatenate([*usual, np.log1p(faults / TINT)], axis=1), alike


def _thumbnail(pictures: np.ndarray) -> np.ndarray:
    """Box means of the strokes, [N, 49]."""
    box = pictures.shape[1] // SIDE
    kept = pictures[:, : SIDE * box, : SIDE * box].reshape(len(pictures), SIDE, box, SIDE, box)
    return kept.mean(axis=(2, 4)).reshape(len(pictures), -1)


def _unmixed(images: np.ndarray, seen: Seen) -> np.ndarray:
    """Distance of pixels from the nearest mixture of ground and ink, at the mean, [N]."""
    ground, ink = seen.ground[:, None, None], seen.ink[:, None, None]
    mixed = ground + seen.pictures[..., None] * (ink - ground)
    return np.sqrt(np.square(images - mixed).mean(axis=(1, 2, 3)))

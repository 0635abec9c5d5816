"""What a feature network is taught with: real images, a little spoiled, and garbage.

Spoiling (noise, blur, coarse pixels, contrast) teaches that a letter with speckle is that
letter still. Garbage teaches the class "none of them", without which a classifier names a
class for anything with confidence: Hein et al., arXiv:1812.05720, show why. It is noise,
clouds, scrambled tiles, and mixtures of two images of different classes, since what lies
between classes is what a bad generator makes.
"""

from collections.abc import Callable

import keras
import numpy as np
from scipy import ndimage
from scipy.special import expit

from ganzoo import seeds
from ganzoo.data.image_set import ImageSet
from ganzoo.metrics.network import thumbnail_side

BATCH = 128
GARBAGE = 0.25  # Share of a batch.
SPOILED = 0.75  # Share of the real images that are spoiled in some way.


class TrainingBatches(keras.utils.PyDataset):
    """Batches of images and what the heads should say of them.

    Each batch is a function of its place alone.

    Args:
        data: The set; every class has an equal part in what is shown.
        steps: Number of batches.
    """

    def __init__(self, data: ImageSet, steps: int):
        super().__init__()
        self.data = data
        self.steps = steps
        self.labelled = data.labelled
        self.side = thumbnail_side(data.resolution)
        self.rows_by_class = [np.flatnonzero(data.labels == c) for c in np.unique(data.labels)]

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, step: int):
        """Images float32 [B, R, R, C] in 0 to 1, and targets by output."""
        rng = seeds.rng(0, "lessons", step)
        count = round(BATCH * GARBAGE) if self.labelled else 0
        rows = self._rows(rng, BATCH - count)
        real = self.data.images[rows].astype(np.float32) / 255
        targets = {"thumbnail": thumbnails(real, self.side)}
        spoiled = np.stack([spoil(image, rng) for image in real])
        if not self.labelled:
            return spoiled, targets
        bad = self._garbage(rng, count)
        none = np.full(count, len(self.data.classes))
        targets["thumbnail"] = np.concatenate(
            [targets["thumbnail"], thumbnails(bad, self.side)]
        )
        targets["logits"] = np.concatenate([self.data.labels[rows], none])
        # Spoiled alike, or a clean image would be a hint of garbage.
        spoiled_bad = np.stack([spoil(image, rng) for image in bad])
        return np.concatenate([spoiled, spoiled_bad]), targets

    def _rows(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Rows of `count` images of random classes, each class equally likely."""
        classes = rng.integers(len(self.rows_by_class), size=count)
        return np.array([rng.choice(self.rows_by_class[c]) for c in classes])

    def _garbage(self, rng: np.random.Generator, count: int) -> np.ndarray:
        made: list[np.ndarray] = []
        while len(made) < count:
            one, two = self._rows(rng, 2)
            if self.data.labels[one] == self.data.labels[two]:
                continue
            pair = self.data.images[[one, two]].astype(np.float32) / 255
            kind = KINDS[rng.choice(len(KINDS), p=WEIGHTS)]
            made.append(kind(pair[0], pair[1], rng))
        return np.stack(made)


def thumbnails(images: np.ndarray, side: int) -> np.ndarray:
    """Box means: [N, R, R, C] to [N, side, side, C], where side divides R."""
    factor = images.shape[1] // side
    boxes = images.reshape(len(images), side, factor, side, factor, -1)
    return boxes.mean((2, 4))


def spoil(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The image as it is, or with a little noise and one of `HARMS`."""
    if rng.random() > SPOILED:
        return image
    image = HARMS[rng.integers(len(HARMS))](image, rng)
    noise = rng.standard_normal(image.shape, np.float32) * rng.uniform(0.0, 0.1)
    return np.clip(image + noise, 0.0, 1.0).astype(np.float32)


def coarse(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Pixels of twice the side, where they go evenly."""
    if image.shape[0] % 2:
        return image
    return thumbnails(image[None], image.shape[0] // 2)[0].repeat(2, 0).repeat(2, 1)


def out_of_focus(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A little blur."""
    return blurred(image, rng.uniform(0.3, 1.4) * image.shape[0] / 56)


def paler(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Less contrast."""
    return image * rng.uniform(0.8, 1.0)


def unharmed(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """As it was."""
    return image


HARMS = (coarse, out_of_focus, paler, unharmed)


def blurred(image: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of one image [R, R, C]."""
    return ndimage.gaussian_filter(image, (sigma, sigma, 0), mode="nearest")


def noise(one: np.ndarray, two: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Independent pixels, or the pixels of a real image in any order, or one gray."""
    kind = rng.integers(3)
    if kind == 0:
        return rng.random(one.shape, np.float32)
    if kind == 1:
        return rng.permutation(one.reshape(-1, one.shape[2])).reshape(one.shape)
    return np.full_like(one, rng.random())


def clouds(one: np.ndarray, two: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Smooth random shapes with hard or soft edges, as dark and bright as real images."""
    field = _field(one, rng, rng.uniform(1.0, 8.0))
    cut = np.quantile(field, rng.uniform(0.6, 0.9))
    soft = expit((field - cut) * rng.uniform(1.0, 12.0))
    return np.broadcast_to(soft, one.shape).astype(np.float32)


def scrambled(one: np.ndarray, two: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Tiles of a real image in any order."""
    side = one.shape[0]
    tiles = int(rng.choice([n for n in (2, 4, 7, 8) if side % n == 0] or [1]))
    size = side // tiles
    parts = one.reshape(tiles, size, tiles, size, -1).swapaxes(1, 2)
    mixed = rng.permutation(parts.reshape(tiles * tiles, size, size, -1))
    return mixed.reshape(tiles, tiles, size, size, -1).swapaxes(1, 2).reshape(one.shape)


def patched(one: np.ndarray, two: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Part of one image, part of another, with a soft edge of random course."""
    field = _field(one, rng, one.shape[0] * rng.uniform(0.1, 0.3))
    cut = np.quantile(field, rng.uniform(0.4, 0.6))
    share = expit((field - cut) * rng.uniform(2.0, 10.0))
    return (share * one + (1 - share) * two).astype(np.float32)


def mixed(one: np.ndarray, two: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Two images at once: their mean, or the brighter pixel of each."""
    if rng.random() < 0.5:
        return np.maximum(one, two)
    share = rng.uniform(0.4, 0.6)
    return (share * one + (1 - share) * two).astype(np.float32)


def inverted(one: np.ndarray, two: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The negative."""
    return 1 - one


def _field(image: np.ndarray, rng: np.random.Generator, sigma: float) -> np.ndarray:
    """Smooth noise [R, R, 1], mean about 0 and standard deviation 1."""
    white = rng.standard_normal((*image.shape[:2], 1), np.float32)
    smooth = blurred(white, sigma)
    return (smooth - smooth.mean()) / (smooth.std() + 1e-6)


Kind = Callable[[np.ndarray, np.ndarray, np.random.Generator], np.ndarray]
KINDS: tuple[Kind, ...] = (noise, clouds, scrambled, patched, mixed, inverted)
WEIGHTS = (0.1, 0.15, 0.2, 0.3, 0.2, 0.05)

"""Many images from few originals: the recipe of Unown-MNIST, at any resolution.

Every image is one original that was, in this order, padded, cropped, rotated, sheared
along x and y, deformed elastically and resized. These are the steps and figures by
which github.com/lopeLH/unown-mnist was made with imgaug; elastic deformation is that
of Simard, Steinkraus and Platt, "Best Practices for Convolutional Neural Networks
Applied to Visual Document Analysis" (2003).

Differences from that set: the steps are one map from output to original, sampled once
instead of once a step; a crop is any fraction of a pixel; the Gaussian is not cut off.

All of an image's random numbers come from one Philox stream keyed by (seed, split,
form, index), so any part of a set is the same as when the whole is made.
"""

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ganzoo.cores import available_cores
from ganzoo.data import cache
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError

VERSION = 1  # Raise it with any change that changes a pixel.
SIDE = 130  # Originals are SIDE x SIDE pixels; all lengths below are in such pixels.
PAD = 5
CROP = 1.0
ROTATE = 20.0
SHEAR = 7.0
SIGMA = (10.0, 20.0)
ALPHA = (30.0, 120.0)
PER_CLASS = 500
HELD_OUT = 100
SEED = 0
TRAIN_SPLIT, HELD_OUT_SPLIT = 0, 1

CANVAS = SIDE + 2 * PAD
STEP = 5  # Spacing of the nodes between which the smooth map is interpolated.
NODES = np.arange(-STEP, CANVAS + STEP + 1, STEP, dtype=float)
BATCH = 20


@dataclass(frozen=True)
class Deformations:
    """What is done to each of B images; float64 arrays.

    Attributes:
        crop: [B, 4], pixels cut off at the left, top, right and bottom.
        rotate: [B], degrees, clockwise as seen.
        shear: [B, 2], degrees along x and along y.
        sigma: [B], smoothness of the elastic displacement in pixels.
        alpha: [B], strength of the elastic displacement.
        noise: [B, 2, CANVAS, CANVAS], in -1 to 1, for x and y.
    """

    crop: np.ndarray
    rotate: np.ndarray
    shear: np.ndarray
    sigma: np.ndarray
    alpha: np.ndarray
    noise: np.ndarray


NOTHING = Deformations(
    crop=np.zeros((1, 4)),
    rotate=np.zeros(1),
    shear=np.zeros((1, 2)),
    sigma=np.full(1, SIGMA[0]),
    alpha=np.zeros(1),
    noise=np.zeros((1, 2, CANVAS, CANVAS)),
)


def draw_deformations(seed: int, split: int, form: int, indices: Sequence[int]) -> Deformations:
    """The deformations of the images `indices` of one form."""
    raw = np.stack([_random(seed, split, form, index) for index in indices])
    unit = (raw[:, :9] >> np.uint64(11)) * 2.0**-53
    # Sixteen bits a pixel: the filter averages the noise over some thousand pixels.
    noise = raw[:, 9:].astype("<u8", copy=False).view("<u2").astype(float)
    noise += 0.5
    noise *= 2.0**-15
    noise -= 1.0
    return Deformations(
        crop=CROP * unit[:, 0:4],
        rotate=ROTATE * (2.0 * unit[:, 4] - 1.0),
        shear=SHEAR * (2.0 * unit[:, 5:7] - 1.0),
        sigma=SIGMA[0] + (SIGMA[1] - SIGMA[0]) * unit[:, 7],
        alpha=ALPHA[0] + (ALPHA[1] - ALPHA[0]) * unit[:, 8],
        noise=noise.reshape(len(raw), 2, CANVAS, CANVAS),
    )


def _random(seed: int, split: int, form: int, index: int) -> np.ndarray:
    key = np.array([seed, split << 48 | form << 32 | index], np.uint64)
    return np.random.Philox(key=key).random_raw(9 + 2 * CANVAS * CANVAS // 4)


def displacement(deformations: Deformations, points: np.ndarray = NODES) -> np.ndarray:
    """The elastic displacement, alpha * gaussian(noise, sigma), on a grid of points.

    Args:
        deformations: Of B images.
        points: [M], positions along both axes; pixel i of the noise lies at i + 0.5.

    Returns:
        float64 [B, 2, M, M], in pixels, displacement along x and along y.
    """
    d = deformations
    centres = np.arange(CANVAS) + 0.5
    # Noise is mirrored at the borders, as scipy.ndimage.gaussian_filter does.
    mirrored = np.stack([centres, -centres, 2 * CANVAS - centres])
    offsets = points[None, :, None] - mirrored[:, None, :]
    kernel = np.exp(-(offsets**2) / (2.0 * d.sigma[:, None, None, None] ** 2)).sum(1)
    kernel /= kernel.sum(-1, keepdims=True)
    kernel = kernel[:, None]
    smooth = kernel @ d.noise @ kernel.swapaxes(-1, -2)
    return d.alpha[:, None, None, None] * smooth


def affine(deformations: Deformations) -> tuple[np.ndarray, np.ndarray]:
    """The linear part, from output to original, about the middle of the canvas.

    Returns:
        Matrices [B, 2, 2] and offsets [B, 2]: a point p of the output, in pixels from
        the canvas's middle, shows the original's point `matrix @ p + offset`, in
        pixels from the original's upper left corner.
    """
    d = deformations
    angle, (shear_x, shear_y) = np.radians(d.rotate), np.tan(np.radians(d.shear)).T
    one, zero = np.ones_like(angle), np.zeros_like(angle)
    unrotate = _matrix(np.cos(angle), np.sin(angle), -np.sin(angle), np.cos(angle))
    unshear_x = _matrix(one, -shear_x, zero, one)
    unshear_y = _matrix(one, zero, -shear_y, one)
    before, after = d.crop[:, :2], d.crop[:, 2:]
    kept = (CANVAS - before - after) / CANVAS
    matrix = kept[:, :, None] * (unrotate @ unshear_x @ unshear_y)
    return matrix, before + kept * CANVAS / 2 - PAD


def _matrix(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    return np.stack([np.stack([a, b], -1), np.stack([c, d], -1)], -2)


def interpolation(points: np.ndarray) -> np.ndarray:
    """Weights [len(points), len(NODES)] of cubic interpolation between the nodes."""
    position = (points - NODES[0]) / STEP
    first = np.clip(np.floor(position).astype(int) - 1, 0, len(NODES) - 4)
    weights = np.zeros((len(points), len(NODES)))
    rows = np.arange(len(points))
    for k in range(4):
        others = [j for j in range(4) if j != k]
        terms = [(position - first - j) / (k - j) for j in others]
        weights[rows, first + k] = np.prod(terms, axis=0)
    return weights


def coordinates(deformations: Deformations, points: np.ndarray) -> np.ndarray:
    """Where in the original each point of the output's grid `points` x `points` lies.

    Returns:
        float64 [B, 2, len(points), len(points)], x and y in the original's pixels.
    """
    matrix, offset = affine(deformations)
    x, y = np.meshgrid(NODES - CANVAS / 2, NODES - CANVAS / 2)
    moved = displacement(deformations) + np.stack([x, y])
    nodes = np.einsum("bij,bjyx->biyx", matrix, moved) + offset[:, :, None, None]
    weights = interpolation(points)
    return weights @ (nodes @ weights.T)


def sample(original: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """Bilinear values of `original` at `xy`, 0 outside of it.

    Args:
        original: uint8 [SIDE, SIDE].
        xy: float64 [B, 2, H, W]; the middle of the first pixel is at (0.5, 0.5).

    Returns:
        float32 [B, H, W], 0 to 255.
    """
    padded = np.pad(original.astype(np.float32), (1, 2))
    stride = padded.shape[1] - 1
    corner, right = padded[:-1, :-1], padded[:-1, 1:]
    below, opposite = padded[1:, :-1], padded[1:, 1:]
    terms = (corner, right - corner, below - corner, corner + opposite - right - below)
    table = np.stack([term.ravel() for term in terms], -1)
    xy = np.clip(xy + 0.5, 0.0, SIDE + 1.0)
    whole = xy.astype(np.int32)
    x, y = np.moveaxis((xy - whole).astype(np.float32), 1, 0)
    near = table.take(whole[:, 1] * stride + whole[:, 0], axis=0)
    return near[..., 0] + x * near[..., 1] + y * (near[..., 2] + x * near[..., 3])


def render(original: np.ndarray, deformations: Deformations, resolution: int) -> np.ndarray:
    """Deformed images of one original: uint8 [B, resolution, resolution]."""
    # Points closer together than 1.25 pixels, and the same ones at 28 as at 56.
    fine = max(2, -(-112 // resolution))
    points = (np.arange(fine * resolution) + 0.5) * CANVAS / (fine * resolution)
    values = sample(original, coordinates(deformations, points))
    boxes = values.reshape(-1, resolution, fine, resolution, fine)
    return np.rint(boxes.mean((2, 4), dtype=np.float32)).astype(np.uint8)


def expand(
    originals: Sequence[np.ndarray],
    classes: Sequence[str],
    resolution: int,
    per_class: int | None = None,
    name: str = "unown",
    seed: int = SEED,
) -> ImageSet:
    """A set of deformed images of some originals.

    Images are in turns: the first of every form, then the second of every form. The
    held-out images, `HELD_OUT` a form, are the same whatever `per_class` is.

    Args:
        originals: uint8 arrays [SIDE, SIDE], white on black, one a form.
        classes: Their names.
        resolution: Height and width of the images in pixels.
        per_class: Training images a form, `PER_CLASS` if `None`.
        name: The set's name.
        seed: Of all random numbers, 0 or more.

    Returns:
        uint8 images [len(originals) * per_class, resolution, resolution, 1].

    Raises:
        ganzoo.errors.InputError: If an original or a number cannot be used.
    """
    per_class = PER_CLASS if per_class is None else per_class
    _check(originals, classes, resolution, per_class)
    train, held_out = (
        ImageSet(name, *_expand(originals, resolution, count, seed, split), tuple(classes))
        for split, count in ((TRAIN_SPLIT, per_class), (HELD_OUT_SPLIT, HELD_OUT))
    )
    return ImageSet(name, train.images, train.labels, train.classes, held_out)


def expand_once(
    originals: Sequence[np.ndarray],
    classes: Sequence[str],
    resolution: int,
    per_class: int | None = None,
    name: str = "unown",
) -> ImageSet:
    """As `expand`, but kept in the cache folder for the next time."""
    per_class = PER_CLASS if per_class is None else per_class
    _check(originals, classes, resolution, per_class)
    figures = (VERSION, PAD, CROP, ROTATE, SHEAR, SIGMA, ALPHA, STEP, HELD_OUT, SEED)
    key = cache.key(figures, name, *classes, resolution, per_class, arrays=originals)
    return cache.kept(key, lambda: expand(originals, classes, resolution, per_class, name))


def undeformed(
    originals: Sequence[np.ndarray],
    classes: Sequence[str],
    resolution: int,
    per_class: int | None = None,
    name: str = "unown",
) -> ImageSet:
    """The originals alone, one image each, padded and resized as by the recipe.

    Args:
        originals: As in `expand`.
        classes: Their names.
        resolution: Height and width of the images in pixels.
        per_class: 1 or `None`.
        name: The set's name.

    Returns:
        uint8 images [len(originals), resolution, resolution, 1]; the held-out ones are those of
        `expand`, which are deformed.

    Raises:
        ganzoo.errors.InputError: If an original or a number cannot be used.
    """
    _check(originals, classes, resolution, 1 if per_class is None else per_class)
    if per_class not in (None, 1):
        raise InputError(
            f"Without the recipe there is one image of a form, and not {per_class}. Leave the "
            "number per class out."
        )
    forms = len(originals)
    images = np.stack([render(each, NOTHING, resolution)[0] for each in originals])
    labels = np.arange(forms, dtype=np.int32)
    held_out = _expand(originals, resolution, HELD_OUT, SEED, HELD_OUT_SPLIT)
    names = tuple(classes)
    return ImageSet(name, images[..., None], labels, names, ImageSet(name, *held_out, names))


# What a set does with its originals, by the name of its option.
RECIPES = {"deformed": expand_once, "none": undeformed}


def _expand(
    originals: Sequence[np.ndarray], resolution: int, count: int, seed: int, split: int
) -> tuple[np.ndarray, np.ndarray]:
    forms = len(originals)
    images = np.empty((count, forms, resolution, resolution), np.uint8)

    def fill(part: tuple[int, int]) -> None:
        form, start = part
        indices = range(start, min(start + BATCH, count))
        deformations = draw_deformations(seed, split, form, indices)
        images[start : indices.stop, form] = render(originals[form], deformations, resolution)

    parts = itertools.product(range(forms), range(0, count, BATCH))
    with ThreadPoolExecutor(len(available_cores())) as threads:
        list(threads.map(fill, parts))  # Raises what a thread raised.
    labels = np.tile(np.arange(forms, dtype=np.int32), count)
    return images.reshape(-1, resolution, resolution, 1), labels


def _check(
    originals: Sequence[np.ndarray], classes: Sequence[str], resolution: int, per_class: int
) -> None:
    if len(originals) != len(classes):
        raise InputError(
            f"There are {len(originals)} originals and {len(classes)} class names. "
            "Give one name for each original."
        )
    for original, form in zip(originals, classes, strict=True):
        if original.shape != (SIDE, SIDE) or original.dtype != np.uint8:
            raise InputError(
                f"The original of {form!r} is {original.dtype} {list(original.shape)}. "
                f"Give 8-bit grayscale, {SIDE} x {SIDE} pixels."
            )
    if resolution < 4 or per_class < 1:
        raise InputError(
            f"{per_class} images per class at {resolution} pixels cannot be made. "
            "Ask for at least 1 image and 4 pixels."
        )

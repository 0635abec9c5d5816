"""A sample of images to be measured, as a generator left it: a folder or a file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from ganzoo import seeds
from ganzoo.data.arrays import read_images
from ganzoo.data.decode import EXTENSIONS, decode
from ganzoo.data.folder import read_file
from ganzoo.errors import InputError


def read_sample(path: Path, count: int, seed: int, report: Callable[[str], None]) -> np.ndarray:
    """Up to `count` images, at their own size.

    Args:
        path: A file with `images`, or a folder, read with all that is below it but for
            hidden files and folders.
        count: Of more images so many are drawn at random: the first ones may be of few
            classes.
        seed: Decides which.
        report: Called with a line if not all are read.

    Returns:
        uint8 [N, H, W, C], C = 1 if all are gray, else 3.

    Raises:
        InputError: If there are none, one cannot be read, or their sizes differ.
    """
    if not path.is_dir():
        found = read_images(path, report)
        return found[_drawn(len(found), count, seed, report)]
    files = sorted(file for file in path.rglob("*") if _is_image(file, path))
    if not files:
        raise InputError(
            f"{str(path)!r} holds no images. Give a run, a folder of images or an .npz."
        )
    files = [files[i] for i in _drawn(len(files), count, seed, report)]
    images = [decode(read_file(str(file)), str(file)) for file in files]
    (height, width), channels = images[0].shape[:2], max(image.shape[2] for image in images)
    for file, image in zip(files, images, strict=True):
        if image.shape[:2] != (height, width):
            raise InputError(
                f"{file} is {image.shape[1]} x {image.shape[0]} pixels and {files[0]} "
                f"{width} x {height}. Give images of one size."
            )
    return np.stack([np.broadcast_to(image, (height, width, channels)) for image in images])


def _is_image(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.suffix.lower() in EXTENSIONS and not file.is_dir() and not hidden


def _drawn(found: int, count: int, seed: int, report: Callable[[str], None]) -> np.ndarray:
    """Places of those that are read, in order."""
    if found > count:
        report(f"{count:,} of {found:,} images are measured, drawn at random by --seed {seed}")
    return np.sort(seeds.rng(seed, "evaluate").permutation(found)[:count])

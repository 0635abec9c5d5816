"""A sample of images to be measured, as a generator left it: a folder or a file."""

import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePath, PurePosixPath
from typing import IO

import numpy as np
from PIL import Image

from ganzoo import seeds
from ganzoo.data.array_keys import find_keys
from ganzoo.data.decode import EXTENSIONS, readable_formats
from ganzoo.data.folder import from_folder
from ganzoo.data.load import load
from ganzoo.data.numpy_file import NumpyFile
from ganzoo.data.reading import Reading
from ganzoo.data.request import Request
from ganzoo.errors import InputError

LOOKED_AT = 100  # Images whose size is looked at before all are read.
SLIGHT = 8.0  # Mean difference of an image's channels, of 255, that JPEG leaves in gray.


@dataclass(frozen=True)
class SampleImages:
    """Images to be measured.

    Attributes:
        images: uint8 [N, S, S, C], C = 1 or 3.
        side: Height and width of the images as they were given; S where they are of
            several sizes.
    """

    images: np.ndarray
    side: int


def read_sample(
    path: Path,
    count: int,
    seed: int,
    resolution: int,
    channels: int,
    report: Callable[[str], None],
    reading: Reading | None = None,
) -> SampleImages:
    """Up to `count` images of a folder or a file, read as sets are but without classes.

    Images of one size below `resolution` keep it; others are fitted to `resolution`, as
    those of sets are, with notes.

    Args:
        path: A folder, read with all folders in it, or a file that `load` reads.
        count: Of more images so many are drawn at random: the first ones may be of few
            classes.
        seed: Decides which.
        resolution: Height and width of the real images.
        channels: Of the real images, 1 or 3. Where they are gray, slight colours of the
            sample, as JPEG leaves them, are dropped with a note.
        report: Called with a line for each thing worth knowing.
        reading: How images are read, where a person must choose.

    Raises:
        InputError: If there are none, some cannot be read, or they are in colour where the
            real ones are gray.
    """
    reading = replace(reading or Reading(), labels=False)
    sizes = _sizes(path)
    alike = len(sizes) == 1 and len(set(*sizes)) == 1
    side = max(next(iter(sizes))) if alike else resolution
    found = _read(path, Request(min(side, resolution), report=report, reading=reading))
    rows = _drawn(len(found), count, seed, report)
    return SampleImages(_in_gray(found[rows], channels, report), side)


def _read(path: Path, request: Request) -> np.ndarray:
    if path.is_dir():
        found = from_folder(path, request)
    else:
        found = load(path, request.resolution, report=request.report, reading=request.reading)
    if found.held_out is not None:
        request.report(f"{len(found.held_out):,} held-out images in {path} are not measured")
    return found.images  # type: ignore[return-value]


def _drawn(found: int, count: int, seed: int, report: Callable[[str], None]) -> np.ndarray:
    """Places of those that are measured, in order."""
    if found > count:
        report(f"{count:,} of {found:,} images are measured, drawn at random by --seed {seed}")
    return np.sort(seeds.rng(seed, "evaluate").permutation(found)[:count])


def _in_gray(images: np.ndarray, channels: int, report: Callable[[str], None]) -> np.ndarray:
    """The images without slight colours, where real ones are gray."""
    if channels == 3 or images.shape[3] == 1:
        return images
    x = images.astype(np.int16)
    colour = (x.max(axis=3) - x.min(axis=3)).mean(axis=(1, 2))
    strong = int((colour > SLIGHT).sum())
    if strong:
        raise InputError(
            f"{strong:,} of {len(images):,} images are in colour, and the real images are "
            "gray. Give gray images, or measure them against a set in colour."
        )
    slight = int((colour > 0).sum())
    report(
        f"{slight:,} of {len(images):,} images are gray but for slight colours, as JPEG leaves "
        "them: taken as gray"
    )
    gray = [np.asarray(Image.fromarray(image).convert("L")) for image in images]
    return np.stack(gray)[..., None]


def _sizes(path: Path) -> set[tuple[int, int]]:
    """Widths and heights of the first images; none where they cannot be told."""
    if not (path.is_file() or path.is_dir()):  # To open a pipe would wait.
        return set()
    try:
        if path.suffix.lower() in (".npz", ".npy"):
            file = NumpyFile(path)
            shape, _ = file.header(find_keys(file.keys, file.where).read["images"])
            first = len(shape) == 4 and shape[1] in (1, 3) and shape[3] not in (1, 3)
            height, width = shape[2:4] if first else shape[1:3]
            return {(width, height)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return {_size(file) for file in islice(_files(path), LOOKED_AT)}
    except Exception:  # Reading them all says what is wrong.
        return set()


def _size(file: Path | IO[bytes]) -> tuple[int, int]:
    with Image.open(file, formats=readable_formats()) as image:
        return image.size


def _files(path: Path) -> Iterator[Path | IO[bytes]]:
    """Image files in a folder or a zip file."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if _is_image(file.relative_to(path)) and file.is_file():
                yield file
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if _is_image(PurePosixPath(name)):
                with archive.open(name) as member:
                    yield member


def _is_image(path: PurePath) -> bool:
    """Whether a file is read as an image, by its path in the folder or the zip file."""
    hidden = any(part.startswith(".") for part in path.parts)
    return path.suffix.lower() in EXTENSIONS and not hidden

"""Sets too large for memory: decoded once into a file, and read from there.

The file is in the cache folder, under a key of what it was made from, beside a checksum.
Pixels at the size of a training are small: a million images of 28 px are 0.8 GB in gray,
and to read rows of them at random costs far less than to decode them.
"""

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from ganzoo.data import cache
from ganzoo.data.fit import fit_each
from ganzoo.data.image_file import ImageFile, write
from ganzoo.data.image_set import ImageSet
from ganzoo.data.notes import Notes
from ganzoo.data.request import Request
from ganzoo.errors import InputError
from ganzoo.files.atomic import atomic
from ganzoo.files.lock import locked
from ganzoo.files.read import read_json
from ganzoo.memory import usable_memory

VERSION = 2  # Raise it with any change that changes pixels.
# Part of the memory: a set is held twice while it is read, and again by a CPU's device.
SHARE = 4
MOST = 4 * 2**30  # Bytes; a set in memory goes to the device, too, where there may be less.
IMAGES, ABOUT = "images.npy", "about.json"


def limit() -> int:
    """Bytes of images above which a set is streamed."""
    memory = usable_memory()
    return MOST if memory is None else min(MOST, memory // SHARE)


def streams(stream: bool | None, count: int, resolution: int, given: int = 0) -> bool:
    """Whether to stream a set: as `stream` says, else if it is large.

    Args:
        stream: Yes, no, or `None`.
        count: Number of images, which may be in colour: nobody knows before decoding.
        resolution: Their height and width in pixels.
        given: Bytes of the images before they are fitted, where these lie in memory, too.
    """
    if stream is not None:
        return stream
    return max(3 * count * resolution**2, given) > limit()


def stored(
    key: str,
    decoded: Callable[[Notes], Iterable[np.ndarray]],
    make_set: Callable[[ImageFile], ImageSet],
    count: int,
    request: Request,
    channels: int = 1,
) -> tuple[ImageSet, Notes]:
    """The set kept under `key`, and notes on it; made first, in bounded memory, if needed.

    Args:
        key: Name of what it is made from, other arguments included.
        decoded: Gives the images, uint8 [H, W, C] of any sizes, one at a time; notes
            what was unusual in what it is given.
        make_set: Makes the set of its images.
        count: Number of images.
        request: How the set is wanted.
        channels: 3 for three channels even if all are gray.

    Raises:
        InputError: If an image cannot be read, or the file cannot be written.
    """
    folder = cache.folder() / f"{key}.images"
    found = _read(folder, make_set)  # Before the lock: the cache may be there to read only.
    try:
        if found is None:
            folder.parent.mkdir(parents=True, exist_ok=True)
            found = _made(folder, decoded, make_set, (count, channels), request)
    except OSError as error:
        raise InputError(
            f"The decoded images cannot be kept in {folder.parent}: "
            f"{error.strerror or error}. Let GANZOO_CACHE name a folder with room for "
            f"{_megabytes(3 * count * request.resolution**2)}; ganzoo train --no-stream needs "
            "none."
        ) from error
    return found


def _made(
    folder: Path,
    decoded: Callable[[Notes], Iterable[np.ndarray]],
    make_set: Callable[[ImageFile], ImageSet],
    size: tuple[int, int],
    request: Request,
) -> tuple[ImageSet, Notes]:
    """The set and its notes, made by this process or by another one meanwhile."""
    with locked(
        folder.with_name(f".{folder.stem}.lock"),
        lambda: request.report(f"waiting for {folder}"),
    ):
        if found := _read(folder, make_set):
            return found
        # What is there is broken, or was left by a process that was killed.
        for old in (folder, *folder.parent.glob(f".tmp-*-{folder.name}")):
            shutil.rmtree(old, ignore_errors=True)
        count, channels = size
        request.report(f"decoding {count:,} images, once, into {folder}")
        notes = Notes()
        with atomic(folder) as temporary:
            temporary.mkdir()
            fitted = fit_each(decoded(notes), request.resolution, notes, request.reading)
            write(temporary / IMAGES, fitted, count, request.resolution, channels)
            sha256 = make_set(ImageFile(temporary / IMAGES)).sha256
            about = json.dumps({"sha256": sha256, "notes": notes.to_json()})
            (temporary / ABOUT).write_text(about, encoding="utf-8")
        return make_set(ImageFile(folder / IMAGES)), notes


def _read(
    folder: Path, make_set: Callable[[ImageFile], ImageSet]
) -> tuple[ImageSet, Notes] | None:
    """The set in the folder and its notes, or `None` if it is not what was written."""
    try:
        about = read_json(folder / ABOUT)
        images = make_set(ImageFile(folder / IMAGES))
        notes = Notes.from_json(about["notes"])
        return (images, notes) if images.sha256 == about["sha256"] else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def placed(images: ImageSet, stream: bool | None, report: Callable[[str], None]) -> ImageSet:
    """A set that has been loaded, moved to disk if it is to be streamed and is not yet.

    Held-out images stay where they are. One line says that the set is streamed, and why.
    """
    if isinstance(images.images, np.ndarray):
        if not streams(stream, len(images), images.resolution):
            return images
        images = _moved(images, images.images, report)
    why = "as asked" if stream else f"sets above {_megabytes(limit())} do not go into memory"
    report(
        f"streaming {len(images):,} images, {_megabytes(images.images.nbytes)}, from "
        f"{cache.folder()}: {why}"
    )
    return images


def _moved(images: ImageSet, pixels: np.ndarray, report: Callable[[str], None]) -> ImageSet:
    def make_set(file: ImageFile) -> ImageSet:
        return replace(images, images=file)

    request = Request(images.resolution, report=report)
    key = cache.key("moved", VERSION, images.sha256)
    found, _ = stored(
        key, lambda notes: pixels, make_set, len(images), request, images.channels
    )
    return found


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"

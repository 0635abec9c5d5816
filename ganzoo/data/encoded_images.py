"""Images that are not decoded yet, wherever they are: in a folder or in a packed file."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, islice
from pathlib import PurePath
from typing import IO, Any

import numpy as np

from ganzoo.data import cache, store
from ganzoo.data.checks import check_enough, check_per_class, check_resolution
from ganzoo.data.decode import (
    EXTENSIONS,
    UnreadableImage,
    count_pages,
    decode_pages,
    values_range,
)
from ganzoo.data.fit import fit
from ganzoo.data.image_file import ImageFile
from ganzoo.data.image_set import ImageSet, run_name
from ganzoo.data.levels import Limits, check_one_unit, check_range
from ganzoo.data.messages import counted, listed, printable
from ganzoo.data.notes import Notes
from ganzoo.data.parts import joined
from ganzoo.data.request import Request
from ganzoo.errors import InputError
from ganzoo.files.names import utf8

OF_PAGES = (".gif", ".png", ".apng", ".webp", ".tif", ".tiff", ".avif")
NAMED = 3  # Broken files that a message names.
READABLE = f"Readable are files ending in {', '.join(sorted(EXTENSIONS))}."


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """One image in its file. There may be millions, which share their functions.

    Attributes:
        group: Its class, `""` for none.
        name: The file's path, for messages.
        open: Opens the file; called with `name`.
        stamp: A few integers that change with the file, which is not read; called with `name`.
        page: Which page or frame of the file it is, from 0.
    """

    group: str
    name: str
    open: Callable[[str], IO[bytes]]
    stamp: Callable[[str], tuple[int, ...]]
    page: int = 0


def from_encoded_images(
    images: Sequence[EncodedImage],
    name: str,
    where: str,
    request: Request,
    held_out: Sequence[EncodedImage] = (),
    order: Callable[[str], Any] = str,
) -> ImageSet:
    """Decode and fit image files into a set: what folders and packed files share.

    Args:
        images: The files; their groups, sorted, are the classes.
        name: The set's name, made safe by `run_name`.
        where: The folder or file, for messages.
        request: How the set is wanted.
        held_out: Files that are held out; those of other classes are left out.
        order: What classes are sorted by.

    Raises:
        InputError: If images cannot be read, there are fewer than 2, or only some
            of them are in a class.
    """
    check_resolution(request.resolution)
    check_per_class(request.per_class)
    groups = _groups(images, request, printable(where), order)
    chosen = [image for group in groups.values() for image in group]
    check_enough(
        len(chosen), printable(where), request.per_class, _hint(chosen, request), request.least
    )
    classes = tuple(unicodedata.normalize("NFC", utf8(g)) or "image" for g in groups)
    counts = [*map(len, groups.values())]
    training = _Reader(where, run_name(name), classes, request, chosen, counts)
    others = _held_out(held_out, [*groups], request)
    files = [image for group in others for image in group]
    counts = [*map(len, others)]
    apart = replace(training, name=f"{training.name}-held-out", files=files, counts=counts)
    return joined(training.read, apart.read if files else None, request)


@dataclass(frozen=True)
class _Reader:
    """Reads files, `counts` of each class, into a set called `name`."""

    where: str
    name: str
    classes: tuple[str, ...]
    request: Request
    files: list[EncodedImage]
    counts: list[int]

    def read(self, limits: Limits, channels: int) -> tuple[ImageSet, Notes]:
        """The set and notes on it; see `parts.Read`."""
        labels = np.repeat(np.arange(len(self.counts), dtype=np.int32), self.counts)
        files, counts = self.files, self.counts
        request = self.request

        def make_set(pixels: np.ndarray | ImageFile) -> ImageSet:
            return ImageSet(self.name, pixels, labels, self.classes)

        def decoded(notes: Notes) -> Iterator[np.ndarray]:
            return _decode_all(files, self.where, notes, request, limits)

        if store.streams(request.stream, len(files), request.resolution):
            stamps = chain.from_iterable((*i.stamp(i.name), i.page) for i in files)
            # Of the labels it is the counts that matter: they say which file is where.
            parts = (store.VERSION, request.resolution, counts, self.classes, channels)
            choices = (sorted(request.reading.choices.items()), limits)
            key = cache.key("encoded", *parts, *choices, arrays=[np.fromiter(stamps, np.int64)])
            return store.stored(key, decoded, make_set, len(files), request, channels)
        notes = Notes()
        pixels = fit(decoded(notes), request.resolution, notes, request.reading)
        return make_set(pixels), notes


def _decode_all(
    files: Sequence[EncodedImage], where: str, notes: Notes, request: Request, limits: Limits
) -> Iterator[np.ndarray]:
    """The images in their order; files that cannot be read are named together at the end."""
    reading = request.reading
    limits = limits or reading.limits
    if limits is None and reading.levels == "auto":
        limits = _range(files, where, request)
    notes.levels = limits
    broken: list[UnreadableImage] = []
    for (name, open_), pages in groupby(files, key=lambda image: (image.name, image.open)):
        numbers = [image.page for image in pages]
        try:
            decoded = decode_pages(open_(name), name, numbers, notes, reading, limits)
            if not broken:
                yield from decoded
            else:  # Only whether it can be read counts now.
                for _ in decoded:
                    pass
        except UnreadableImage as error:
            broken.append(error)
    _refuse_broken(broken, len(files), where)
    if limits is not None:
        check_one_unit(notes, printable(where))


def _range(files: Sequence[EncodedImage], where: str, request: Request) -> tuple[float, float]:
    """Least and greatest value of all images."""
    notes, broken = Notes(), []
    low, high = float("inf"), float("-inf")
    for (name, open_), pages in groupby(files, key=lambda image: (image.name, image.open)):
        numbers = [image.page for image in pages]
        try:
            own = values_range(open_(name), name, numbers, notes, request.reading)
            low, high = min(low, own[0]), max(high, own[1])
        except UnreadableImage as error:
            broken.append(error)
    _refuse_broken(broken, len(files), where)
    check_one_unit(notes, printable(where))
    return check_range(low, high, printable(where))


def _refuse_broken(broken: Sequence[UnreadableImage], total: int, where: str) -> None:
    if not broken:
        return
    if len(broken) == 1:
        raise broken[0]
    names = [
        f"{printable(error.name.removeprefix(where).lstrip(': /'), 40)} ({error.reason})"
        for error in broken[:NAMED]
    ]
    more = f" and {len(broken) - NAMED:,} more" if len(broken) > NAMED else ""
    remedies = " ".join(dict.fromkeys(error.remedy for error in broken if error.remedy))
    raise InputError(
        f"{len(broken):,} of {total:,} images in {printable(where, 100)} cannot be read: "
        f"{', '.join(names)}{more}. Replace or remove them. {remedies}".rstrip()
    )


def _groups(
    images: Iterable[EncodedImage], request: Request, where: str, order: Callable[[str], Any]
) -> dict[str, list[EncodedImage]]:
    ordered = sorted(images, key=lambda image: (order(image.group), image.name))
    groups = {
        group: list(islice(_paged(inside, request), request.per_class))
        for group, inside in groupby(ordered, key=lambda image: image.group)
    }
    if "" in groups and len(groups) > 1:
        loose, named = groups[""][0].name, [*groups][1]
        raise InputError(
            f"{where} holds images beside subfolders of images ({printable(loose)} beside "
            f"{printable(named, 40)}), so their class is not clear. Move them into a "
            "subfolder, or all into one folder, or read no classes: --no-labels."
        )
    return groups


def _paged(images: Iterable[EncodedImage], request: Request) -> Iterator[EncodedImage]:
    """The images, where all pages are asked for each page on its own."""
    if request.reading.pages == "first":
        yield from images
        return
    for image in images:
        for page in range(_pages(image, request)):
            yield replace(image, page=page) if page else image


def _pages(image: EncodedImage, request: Request) -> int:
    if PurePath(image.name).suffix.lower() not in OF_PAGES:
        return 1
    try:
        return count_pages(image.open(image.name), image.name, request.reading)
    except UnreadableImage:  # Decoding it says why.
        return 1


def _held_out(
    images: Sequence[EncodedImage], groups: list[str], request: Request
) -> list[list[EncodedImage]]:
    """Held-out files of each class that is trained on, in the classes' order."""
    by_group: dict[str, list[EncodedImage]] = {group: [] for group in groups}
    unknown: list[EncodedImage] = []
    for image in sorted(images, key=lambda image: (image.group, image.name)):
        by_group.get(image.group, unknown).append(image)
    if unknown:
        names = listed([*dict.fromkeys(image.group or "no class" for image in unknown)])
        request.report(
            f"{counted(len(unknown), 'held-out image')} left out, of classes without training "
            f"images: {names}"
        )
    return [[*_paged(files, request)] for files in by_group.values()]


def _hint(chosen: Sequence[EncodedImage], request: Request) -> str:
    """What to do where there are too few."""
    if len(chosen) == 1 and (pages := _pages(chosen[0], request)) > 1:
        return (
            f"{printable(PurePath(chosen[0].name).name, 40)} is 1 file of {pages:,} pages, of "
            "which the first is read; --pages all reads each as an image."
        )
    return READABLE

"""Images from NumPy files: one array in .npy, or arrays by key in .npz."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from ganzoo.data import cache, store
from ganzoo.data.array_keys import Keys, find_keys
from ganzoo.data.array_labels import (
    find_labels,
    first_of_each,
    for_images,
    of_known_classes,
)
from ganzoo.data.captions import Captions
from ganzoo.data.check_arrays import (
    as_nhwc,
    check_kind,
    check_numbers,
    check_shape,
    check_type,
    text_of_each,
)
from ganzoo.data.checks import check_enough, check_per_class
from ganzoo.data.fit import fit
from ganzoo.data.image_file import PIECE, ImageFile
from ganzoo.data.image_set import ImageSet, run_name
from ganzoo.data.levels import Limits, check_range, scaled
from ganzoo.data.messages import listed, printable
from ganzoo.data.notes import Notes, silent
from ganzoo.data.numpy_file import NumpyFile
from ganzoo.data.parts import Read, joined
from ganzoo.data.request import Request
from ganzoo.files.arrays import write_arrays

TRAINING, HELD_OUT = "images", "held_out_images"
BESIDE = ("labels", "held_out_labels", "captions", "held_out_captions", "classes")


class ArrayFile(Protocol):
    """A file, or some, of arrays by key."""

    where: str

    @property
    def keys(self) -> list[str]:
        """Names of the arrays."""

    @property
    def stamp(self) -> tuple[int, ...]:
        """What tells whether they have changed."""

    def header(self, key: str) -> tuple[tuple[int, ...], np.dtype]:
        """Shape and dtype of an array."""

    def read(self, key: str) -> np.ndarray:
        """An array, in memory."""

    def unpacked(self, key: str) -> AbstractContextManager[Path]:
        """An array as a .npy file of its own."""


def from_arrays(path: str | Path, request: Request) -> ImageSet:
    """Read a .npz or .npy file.

    A .npy file holds the images. What the arrays of a .npz file are is told by their names,
    see `find_keys`. Images are uint8 [N, H, W] or [N, H, W, C], C = 1 or 3; [N, C, H, W] is
    read too where it can be nothing else, and other numbers where `Reading.levels` gives their
    range. Labels are one integer an image, or what can only mean that, see `find_labels`;
    captions one text an image.
    What `ganzoo data build` writes reads back as the same set, by its sha256.

    Args:
        path: The file.
        request: How the set is wanted.

    Raises:
        InputError: If the file cannot be read, needs pickle, or holds other types,
            shapes or numbers than these.
    """
    return from_array_file(NumpyFile(Path(path)), Path(path).stem, request)


def from_array_file(file: ArrayFile, name: str, request: Request) -> ImageSet:
    """The set called `name` in arrays, wherever these are; `InputError` as `from_arrays`."""
    check_per_class(request.per_class)
    keys = find_keys(file.keys, file.where)
    if not request.reading.labels:
        keys = Keys({k: v for k, v in keys.read.items() if k not in BESIDE}, keys.unread)
    _note_unread(file, keys, request)
    beside = {own: file.read(key) for own, key in keys.read.items() if own in BESIDE}
    labels = find_labels(beside, keys.read, file.where, request.report)
    reader = _Reader(file, keys.read, labels.classes, request)
    own = reader.labels_of(TRAINING, labels.training)
    chosen = first_of_each(own, request.per_class)
    check_enough(len(chosen), file.where, request.per_class, least=request.least)
    training = reader.part(TRAINING, run_name(name), chosen, own)
    held_out = None
    if HELD_OUT in keys.read:
        others = reader.labels_of(HELD_OUT, labels.held_out)
        given = beside.get("held_out_labels")
        known = of_known_classes(others, given, request.report)
        if len(known):
            held_out = reader.part(HELD_OUT, f"{run_name(name)}-held-out", known, others)
    return joined(training, held_out, request)


def _note_unread(file: ArrayFile, keys: Keys, request: Request) -> None:
    other = {own: key for own, key in keys.read.items() if key != own}
    if other.keys() - {TRAINING}:
        pairs = [f"{printable(k, 30)} as {own.replace('_', ' ')}" for own, k in other.items()]
        request.report(f"arrays are read by their names: {', '.join(pairs)}")
    if keys.unread:
        names = [f"{key} {list(file.header(key)[0])}" for key in keys.unread[:8]]
        more = keys.unread[8:]
        request.report(f"arrays left out: {listed([*names, *more])}")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the images among arrays; `keys` are their keys by their names here."""

    file: ArrayFile
    keys: dict[str, str]
    classes: tuple[str, ...]
    request: Request

    def labels_of(self, what: str, labels: np.ndarray | None) -> np.ndarray:
        """A label for each image."""
        shape, dtype = self.file.header(self.keys[what])
        check_kind(dtype, self._name(what))
        check_shape(shape, self._name(what), self.request.report)
        own = what.replace("images", "labels")
        key, where = self.keys.get(own, own), self.file.where
        return for_images(labels, shape[0], key, where, len(self.classes))

    def part(self, what: str, name: str, chosen: np.ndarray, labels: np.ndarray) -> Read:
        """What reads the chosen images into a set called `name`."""
        request, count = self.request, len(chosen)
        captions = self._captions(what, chosen)

        def make_set(pixels: np.ndarray | ImageFile) -> ImageSet:
            known = labels[chosen], self.classes
            return ImageSet(name, pixels, *known, captions=captions)

        def read(limits: Limits, channels: int) -> tuple[ImageSet, Notes]:
            if not self.streams:
                notes = Notes()
                images = self._images(what, chosen, notes, limits, self._in_memory)
                pixels = fit(images, request.resolution, notes, request.reading)
                return make_set(pixels), notes
            choices = (sorted(request.reading.choices.items()), limits)
            parts = (store.VERSION, request.resolution, self.classes, channels, *choices)
            rows = [chosen, labels[chosen]]
            return store.stored(
                cache.key("arrays", what, *parts, self.file.stamp, arrays=rows),
                lambda notes: self._images(what, chosen, notes, limits, self._on_disk),
                make_set,
                count,
                request,
                channels,
            )

        return read

    def _captions(self, what: str, chosen: np.ndarray) -> Captions | None:
        """Captions of the chosen images, if the file has any."""
        key = self.keys.get(what.replace("images", "captions"))
        if key is None:
            return None
        count = self.file.header(self.keys[what])[0][0]
        where = f"{self.file.where}: {printable(key, 40)}"
        return Captions.of(text_of_each(self.file.read(key), count, where)[chosen])

    @property
    def streams(self) -> bool:
        """Whether images stay on disk: as asked, else as their number or size says."""
        shape, dtype = self.file.header(self.keys[TRAINING])
        size = int(np.prod(shape, dtype=object)) * dtype.itemsize
        return store.streams(self.request.stream, shape[0], self.request.resolution, size)

    def _images(
        self,
        what: str,
        chosen: np.ndarray,
        notes: Notes,
        limits: Limits,
        pieces: Callable[[str, np.ndarray], Iterator[np.ndarray]],
    ) -> Iterator[np.ndarray]:
        """The chosen images, uint8 [H, W, C], in their order."""
        reading, name = self.request.reading, self._name(what)
        limits = limits or reading.limits
        if limits is None and reading.levels == "auto":
            low, high = float("inf"), float("-inf")
            for piece in pieces(what, chosen):
                check_numbers(piece, name)
                low, high = min(low, float(piece.min())), max(high, float(piece.max()))
            limits = check_range(low, high, name)
        notes.levels = limits
        for piece in pieces(what, chosen):
            if limits is None:
                check_type(piece, name)
            else:
                check_numbers(piece, name)
            notes.units["8-bit" if limits is None else str(piece.dtype)] += len(piece)
            yield from scaled(piece, limits)

    def _in_memory(self, what: str, chosen: np.ndarray) -> Iterator[np.ndarray]:
        images = as_nhwc(self.file.read(self.keys[what]), self._name(what), silent)
        yield images if len(chosen) == len(images) else images[chosen]

    def _on_disk(self, what: str, chosen: np.ndarray) -> Iterator[np.ndarray]:
        with self.file.unpacked(self.keys[what]) as path:
            images = ImageFile(path)
            step = max(1, PIECE // max(1, images.nbytes // len(images)))
            for start in range(0, len(chosen), step):
                piece = images[chosen[start : start + step]]
                yield as_nhwc(piece, self._name(what), silent)

    def _name(self, what: str) -> str:
        return f"{self.file.where}: {printable(self.keys[what], 40)}"


def save_npz(images: ImageSet, path: str | Path) -> None:
    """Write a set so that `from_arrays` reads it back, at its resolution, unchanged.

    The keys are `images`, `labels`, `classes`, `captions` where the set has them, and where it
    has held-out images the same with `held_out_` before them. The file is there whole or not
    at all.

    Raises:
        InputError: If the folder to write into does not exist.
        OSError: If writing fails.
    """
    arrays = {
        "images": images.images,
        "labels": images.labels,
        "classes": np.array(images.classes, dtype=np.str_),
    }
    if images.held_out is not None:
        arrays["held_out_images"] = images.held_out.images
        arrays["held_out_labels"] = images.held_out.labels
    for part, before in ((images, ""), (images.held_out, "held_out_")):
        if part is not None and part.captions is not None:
            every = part.captions.rows(np.arange(len(part)))
            arrays[f"{before}captions"] = np.array(every, dtype=np.str_)
    write_arrays(path, **arrays)

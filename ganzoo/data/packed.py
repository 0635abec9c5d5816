"""Images in one packed file, whatever packed it."""

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from ganzoo.data import dataset_json
from ganzoo.data.decode import EXTENSIONS
from ganzoo.data.encoded_images import EncodedImage, from_encoded_images
from ganzoo.data.image_set import ImageSet
from ganzoo.data.layout import arranged
from ganzoo.data.left_out import LeftOut
from ganzoo.data.messages import counted, printable
from ganzoo.data.request import Request
from ganzoo.data.run_folders import is_run_in
from ganzoo.errors import InputError


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file inside a packed one.

    Attributes:
        path: Its path there.
        open: Opens it; called, as `stamp` and `check` are, with its path for messages.
        stamp: A few integers that change with the file.
        check: Raises `InputError` for a file that must not be read.
    """

    path: str
    open: Callable[[str], IO[bytes]]
    stamp: Callable[[str], tuple[int, ...]]
    check: Callable[[str], None]


def from_packed(files: Sequence[PackedFile], path: Path, request: Request) -> ImageSet:
    """Decode the images among the files into a set; `InputError` as `from_folder`."""
    where = printable(str(path))
    visible = [(file, name) for file, name in _plain(files, where, request) if _counts(name)]
    if is_run_in(name for _, name in visible):
        raise InputError(
            f"{where} holds a run of ganzoo, with its sheets and plots, no images to train on. "
            "Pack the images alone."
        )
    images, left_out, listing = [], LeftOut(), _listing(name for _, name in visible)
    for file, name in visible:
        full = f"{where}: {name}"
        if PurePosixPath(name).suffix.lower() in EXTENSIONS:
            file.check(full)
            parent = str(PurePosixPath(name).parent)
            group = "" if parent == "." else parent
            images.append(EncodedImage(group, full, file.open, file.stamp))
        elif name != listing:
            left_out.add(PurePosixPath(name).name)
    for line in left_out.lines():
        request.report(line)
    if listing is not None and request.reading.labels:
        file = next(file for file, name in visible if name == listing)
        labelled = _labelled(images, file, where, listing, request)
        if labelled is not None:
            order = dataset_json.class_order
            return from_encoded_images(labelled, path.stem, where, request, order=order)
    labels, report = request.reading.labels, request.report
    training, held_out = arranged(images, labels, report, packed=True)
    return from_encoded_images(training, path.stem, where, request, held_out)


def _labelled(
    images: list[EncodedImage], file: PackedFile, where: str, listing: str, request: Request
) -> list[EncodedImage] | None:
    name = f"{where}: {listing}"
    file.check(name)
    content = file.open(name).read(dataset_json.LARGEST)
    entries = dataset_json.read_entries(content, name, request.report)
    if entries is None:
        return None
    folder = posixpath.dirname(listing) or "."
    names = [image.name.removeprefix(f"{where}: ") for image in images]
    paths = [posixpath.relpath(name, folder) for name in names]
    return dataset_json.labelled(images, paths, entries, name, request.report)


def _listing(names: Iterable[str]) -> str | None:
    """The `dataset.json` that holds for all images: that of the outermost folder."""
    found = [name for name in names if PurePosixPath(name).name == dataset_json.NAME]
    outermost = min(found, key=lambda name: len(PurePosixPath(name).parts), default=None)
    return outermost if outermost and len(PurePosixPath(outermost).parts) <= 2 else None


def _plain(
    files: Sequence[PackedFile], where: str, request: Request
) -> list[tuple[PackedFile, str]]:
    """The files with their paths, all with `/`; names that lead elsewhere are refused."""
    windows = 0
    plain = []
    for file in files:
        name = file.path
        parts = re.split(r"[/\\]", name)
        if parts[0] == "__MACOSX":
            continue
        for wrong, why in (
            ("/" in name and "\\" in name, "has slashes and backslashes in its name"),
            (parts[0] == "" or re.match("[A-Za-z]:", name), "is an absolute path"),
            (".." in parts, "leads out of the archive by '..'"),
        ):
            if wrong:
                raise InputError(
                    f"{where}: {printable(name)} {why}. Pack it again with plain relative "
                    "names."
                )
        windows += "\\" in name
        plain.append((file, name.replace("\\", "/")))
    if windows:
        request.report(
            f"{counted(windows, 'name')} with \\ between folders and file, as Windows packs: "
            "read as /"
        )
    return plain


def _counts(name: str) -> bool:
    parts = name.split("/")
    return bool(parts[-1]) and not any(p.startswith(".") and p != "." for p in parts)

"""A folder of images: one class, or one class a subfolder."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path

import numpy as np

from ganzoo.data.decode import EXTENSIONS, decode, printable
from ganzoo.data.fit import check_resolution, fit, sentences
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError


@dataclass(frozen=True)
class Member:
    """One image file: its class (`""` for none), its path for messages, its bytes."""

    group: str
    name: str
    read: Callable[[], bytes]


def silent(line: str) -> None:
    """Take a note and do nothing with it."""


def from_folder(
    path: str | Path,
    resolution: int,
    per_class: int | None = None,
    report: Callable[[str], None] = silent,
) -> ImageSet:
    """Read the images in a folder, in the order of their names.

    Images in the folder itself are one class, `"image"`; images in its subfolders are
    one class a subfolder, in the order of their names. Hidden files, and files whose
    extension is not that of an image, are left out without a word.

    Args:
        path: The folder.
        resolution: Height and width of the result in pixels.
        per_class: Take only the first so many of each class; `None` for all.
        report: Called with one plain line a note.

    Raises:
        InputError: If an image cannot be read, there are fewer than 2, or the folder
            holds images both beside and inside subfolders.
    """
    path = Path(path)
    members: list[Member] = []
    without: list[str] = []
    for entry in _entries(path):
        if not entry.is_dir():
            members += _members(entry, "")
            continue
        inside = [m for file in _entries(entry) for m in _members(file, entry.name)]
        members += inside
        if not inside:
            without.append(entry.name)
    if not members and without:
        raise InputError(
            f"{printable(str(path))} holds no images, nor do its subfolders (read one level "
            f"deep). Give the folder whose subfolders are the classes, such as "
            f"{printable(str(path / without[0]))}."
        )
    if without:
        names = printable(", ".join(without))
        report(f"subfolders without images in them, left out: {names}")
    return from_members(members, path.resolve().name, str(path), resolution, per_class, report)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(e for e in folder.iterdir() if not e.name.startswith("."))
    except OSError as error:
        raise InputError(
            f"The folder {printable(str(folder))} cannot be read: {error.strerror}. "
            "Check that it exists and is yours to read."
        ) from error


def _members(file: Path, group: str) -> Iterator[Member]:
    if file.suffix.lower() in EXTENSIONS and not file.is_dir():
        yield Member(group, str(file), lambda: _read(file))


def _read(file: Path) -> bytes:
    try:
        if not file.is_file():  # a pipe would be waited on for ever
            why = "its link points nowhere" if file.is_symlink() else "it is not a regular file"
            raise InputError(
                f"{printable(str(file))} cannot be read: {why}. Replace or remove it."
            )
        return file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{printable(str(file))} cannot be read: {error.strerror}. "
            "Check its permissions, or remove it."
        ) from error


def from_members(
    members: Sequence[Member],
    name: str,
    where: str,
    resolution: int,
    per_class: int | None = None,
    report: Callable[[str], None] = silent,
) -> ImageSet:
    """Decode and fit image files into a set: what folders and zip files share.

    Args:
        members: The files; their groups, sorted, are the classes.
        name: The set's name, made safe by `run_name`.
        where: The folder or zip file, for messages.
        resolution: Height and width of the result in pixels.
        per_class: Take only the first so many of each class; `None` for all.
        report: Called with one plain line a note.

    Raises:
        InputError: If an image cannot be read, there are fewer than 2, or only some
            of them are in a class.
    """
    check_resolution(resolution)
    check_per_class(per_class)
    groups = _groups(members, per_class, printable(where))
    chosen = [member for group in groups.values() for member in group]
    check_enough(len(chosen), printable(where), per_class)
    notes: Counter[str] = Counter()
    images = fit((decode(m.read(), m.name, notes) for m in chosen), resolution, notes)
    for line in sentences(notes, len(chosen)):
        report(line)
    return ImageSet(
        name=run_name(name),
        images=images,
        labels=np.repeat(np.arange(len(groups), dtype=np.int32), [*map(len, groups.values())]),
        classes=tuple(unicodedata.normalize("NFC", g) or "image" for g in groups),
    )


def _groups(
    members: Sequence[Member], per_class: int | None, where: str
) -> dict[str, list[Member]]:
    ordered = sorted(members, key=lambda m: (m.group, m.name))
    groups = {
        group: list(islice(inside, per_class))
        for group, inside in groupby(ordered, key=lambda m: m.group)
    }
    if "" in groups and len(groups) > 1:
        loose, named = groups[""][0].name, [*groups][1]
        raise InputError(
            f"{where} holds images beside subfolders of images ({printable(loose)} beside "
            f"{printable(named)}), so their class is not clear. Move them into a subfolder, "
            "or all into one folder."
        )
    return groups


def check_per_class(per_class: int | None) -> None:
    """Refuse a number of images a class below 1 with an `InputError`."""
    if per_class is not None and per_class < 1:
        raise InputError(f"The number of images a class must be 1 or more, not {per_class}.")


def check_enough(count: int, where: str, per_class: int | None = None) -> None:
    """Refuse fewer than the 2 images that a batch needs with an `InputError`."""
    if count >= 2:
        return
    found = "no images" if not count else "only one image"
    if count and per_class == 1:
        raise InputError(f"{where} gives one image at one a class. Allow more a class.")
    raise InputError(
        f"{where} holds {found}; 2 or more are needed. Readable are files ending in "
        f"{', '.join(sorted(EXTENSIONS))}."
    )


def run_name(text: str) -> str:
    """`text` in letters, digits and dashes, for the names of run folders.

    Accents are dropped; where nothing is left the name is `"images"`.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:60].rstrip("-") or "images"

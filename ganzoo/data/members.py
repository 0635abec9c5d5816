"""Image files, wherever they are: in a folder or in a zip file."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice

import numpy as np

from ganzoo.data import cache, store
from ganzoo.data.decode import EXTENSIONS, decode, printable
from ganzoo.data.fit import check_resolution, fit, sentences
from ganzoo.data.image_file import ImageFile
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError
from ganzoo.files.names import utf8


@dataclass(frozen=True, slots=True)
class Member:
    """One image file: its class (`""` for none), its path for messages.

    `read` gives its bytes, called with the path; `stamp` a few integers that change with
    the file, without reading it. There may be millions: functions that all share are small.
    """

    group: str
    name: str
    read: Callable[[str], bytes]
    stamp: Callable[[str], tuple[int, ...]]


def silent(line: str) -> None:
    """Take a note and do nothing with it."""


def from_members(
    members: Sequence[Member],
    name: str,
    where: str,
    resolution: int,
    per_class: int | None = None,
    report: Callable[[str], None] = silent,
    stream: bool | None = None,
) -> ImageSet:
    """Decode and fit image files into a set: what folders and zip files share.

    Args:
        members: The files; their groups, sorted, are the classes.
        name: The set's name, made safe by `run_name`.
        where: The folder or zip file, for messages.
        resolution: Height and width of the result in pixels.
        per_class: Take only the first so many of each class; `None` for all.
        report: Called with one plain line per note.
        stream: See `load`.

    Raises:
        InputError: If an image cannot be read, there are fewer than 2, or only some
            of them are in a class.
    """
    check_resolution(resolution)
    check_per_class(per_class)
    groups = _groups(members, per_class, printable(where))
    chosen = [member for group in groups.values() for member in group]
    check_enough(len(chosen), printable(where), per_class)
    counts = [*map(len, groups.values())]
    labels = np.repeat(np.arange(len(groups), dtype=np.int32), counts)
    classes = tuple(unicodedata.normalize("NFC", utf8(g)) or "image" for g in groups)

    def make_set(images: np.ndarray | ImageFile) -> ImageSet:
        return ImageSet(run_name(name), images, labels, classes)

    def decoded(notes: Counter[str]) -> Iterator[np.ndarray]:
        return (decode(m.read(m.name), m.name, notes) for m in chosen)

    if store.streams(stream, len(chosen), resolution):
        stamps = chain.from_iterable(m.stamp(m.name) for m in chosen)
        parts = ("members", store.VERSION, resolution, counts, classes)
        key = cache.key(*parts, arrays=[np.fromiter(stamps, np.int64)])
        return store.stored(key, decoded, make_set, len(chosen), resolution, report)
    notes: Counter[str] = Counter()
    images = fit(decoded(notes), resolution, notes)
    for line in sentences(notes, len(chosen)):
        report(line)
    return make_set(images)


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
    """Refuse a number of images per class below 1 with an `InputError`."""
    if per_class is not None and per_class < 1:
        raise InputError(f"The number of images per class must be 1 or more, not {per_class}.")


def check_enough(count: int, where: str, per_class: int | None = None) -> None:
    """Refuse fewer than the 2 images that a batch needs with an `InputError`."""
    if count >= 2:
        return
    found = "no images" if not count else "only one image"
    if count and per_class == 1:
        raise InputError(f"{where} gives one image with one per class. Allow more per class.")
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

"""A folder of images: one class, or one class a subfolder."""

from collections.abc import Callable, Iterator
from pathlib import Path

from ganzoo.data.decode import EXTENSIONS, printable
from ganzoo.data.image_set import ImageSet
from ganzoo.data.members import Member, from_members, silent
from ganzoo.errors import InputError


def from_folder(
    path: str | Path,
    resolution: int,
    per_class: int | None = None,
    report: Callable[[str], None] = silent,
    stream: bool | None = None,
) -> ImageSet:
    """Read the images in a folder, in the order of their names.

    Images in the folder itself are one class, `"image"`; images in its subfolders are
    one class a subfolder, in the order of their names. Hidden files, and files whose
    extension is not that of an image, are left out without a word.

    Args:
        path: The folder.
        resolution: Height and width of the result in pixels.
        per_class: Take only the first so many of each class; `None` for all.
        report: Called with one plain line per note.
        stream: See `load`.

    Raises:
        InputError: If an image cannot be read, there are fewer than 2, or the folder
            holds images both beside and inside subfolders.
    """
    path = Path(path)
    members: list[Member] = []
    without: list[str] = []
    deeper: list[str] = []
    for entry in _entries(path):
        if not entry.is_dir():
            members += _members(entry, "")
            continue
        files = list(_entries(entry))
        inside = [m for file in files for m in _members(file, entry.name)]
        # By its name first: a folder may hold a million images, and looking at each takes time.
        others = [file for file in files if file.suffix.lower() not in EXTENSIONS]
        deeper += [f"{entry.name}/{file.name}" for file in others if file.is_dir()]
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
    if deeper:
        report(f"folders within subfolders, not read: {printable(', '.join(deeper))}")
    name = path.resolve().name
    return from_members(members, name, str(path), resolution, per_class, report, stream)


def _entries(folder: Path) -> Iterator[Path]:
    try:
        names = sorted(e.name for e in folder.iterdir() if not e.name.startswith("."))
    except OSError as error:
        raise InputError(
            f"The folder {printable(str(folder))} cannot be read: {error.strerror}. "
            "Check that it exists and is yours to read."
        ) from error
    return (folder / name for name in names)


def _members(file: Path, group: str) -> Iterator[Member]:
    if file.suffix.lower() in EXTENSIONS and not file.is_dir():
        yield Member(group, str(file), read_file, _stamp)


def _stamp(name: str) -> tuple[int, ...]:
    """What tells whether a file has changed, as Git takes it."""
    try:
        stat = Path(name).stat()
    except OSError:  # Reading it will say why.
        return ()
    return stat.st_ino & (2**63 - 1), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def read_file(name: str) -> bytes:
    """The bytes of the file `name`; raises `InputError` if it cannot be read."""
    file = Path(name)
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

"""A zip file of images, read in memory and never extracted."""

import lzma
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from ganzoo.data.decode import EXTENSIONS, printable
from ganzoo.data.image_set import ImageSet
from ganzoo.data.members import Member, from_members, silent
from ganzoo.errors import InputError

MEMBER_LIMIT = 256 * 2**20  # bytes; an image within Pillow's limit of pixels is about this
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
)


def from_archive(
    path: str | Path,
    resolution: int,
    per_class: int | None = None,
    report: Callable[[str], None] = silent,
    stream: bool | None = None,
) -> ImageSet:
    """Read the images in a zip file, as `from_folder` reads those in a folder.

    Where all images are in one folder, or in none, they are one class; else each
    folder is a class, named from the innermost folder that holds them all: a zip
    file of a folder and one of its contents give the same set.

    Args:
        path: The zip file.
        resolution: Height and width of the result in pixels.
        per_class: Take only the first so many of each class; `None` for all.
        report: Called with one plain line per note.
        stream: See `load`.

    Raises:
        InputError: If the file is no zip file, damaged or encrypted, names a path
            outside itself or a member that unpacks to more than 256 MiB, or if
            `from_members` refuses what it holds.
    """
    path = Path(path)
    where = printable(str(path))
    with _opened(path, where) as archive:
        members = _members(archive, where)
        return from_members(members, path.stem, where, resolution, per_class, report, stream)


def _opened(path: Path, where: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise InputError(
            f"{where} is not a zip file, or is damaged ({printable(str(error))}). "
            "Pack it again."
        ) from error
    except OSError as error:
        raise InputError(
            f"{where} cannot be read: {error.strerror or error}. Check the path."
        ) from error


def _members(archive: zipfile.ZipFile, where: str) -> list[Member]:
    infos = [info for info in archive.infolist() if _counts(info, where)]
    for info in infos:
        _check(info, f"{where}: {printable(info.filename)}")
    folders = [str(PurePosixPath(info.filename).parent) for info in infos]
    return [
        Member(group, f"{where}: {info.filename}", _reader(archive, info), _stamp(info))
        for info, group in zip(infos, _classes(folders), strict=True)
    ]


def _counts(info: zipfile.ZipInfo, where: str) -> bool:
    """Whether this is an image to read; names that could lead elsewhere are refused."""
    name = info.orig_filename  # `filename` has had its backslashes replaced on Windows
    parts = name.split("/")
    if parts[0] == "__MACOSX":
        return False
    for wrong, why in (
        ("\\" in name, "has a backslash in its name"),
        (name.startswith("/") or re.match("[A-Za-z]:", name), "is an absolute path"),
        (".." in parts, "leads out of the archive by '..'"),
    ):
        if wrong:
            raise InputError(
                f"{where}: {printable(name)} {why}. Pack it again with plain relative names."
            )
    hidden = any(part.startswith(".") and part != "." for part in parts)
    image = PurePosixPath(info.filename).suffix.lower() in EXTENSIONS
    return image and not hidden and not info.is_dir()


def _check(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & 0x1:
        raise InputError(f"{name} is encrypted. Pack it again without a password.")
    if info.file_size > MEMBER_LIMIT:
        raise InputError(
            f"{name} unpacks to {info.file_size:,} bytes, more than the {MEMBER_LIMIT:,} "
            "allowed for one image: it may be a zip bomb. Remove it, or make the image smaller."
        )


def _classes(folders: list[str]) -> list[str]:
    """The class of each image, given the folder of each (`"."` for none)."""
    if not folders:
        return []
    shared = posixpath.commonpath(folders) if "." not in folders else "."
    if len(set(folders)) == 1:
        return [PurePosixPath(shared).name] * len(folders)
    relative = [str(PurePosixPath(folder).relative_to(shared)) for folder in folders]
    return ["" if folder == "." else folder for folder in relative]


def _stamp(info: zipfile.ZipInfo) -> Callable[[str], tuple[int, ...]]:
    return lambda name: (info.CRC, info.file_size)


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        name = printable(name)
        try:
            with archive.open(info) as file:
                return file.read(info.file_size)  # no more than declared is unpacked
        except NotImplementedError as error:
            raise InputError(
                f"{name} is packed in a way that Python does not read. "
                "Pack it again with the usual method (deflate)."
            ) from error
        except DAMAGE as error:
            raise InputError(
                f"{name} is damaged in the zip file ({printable(str(error))}). Pack it again."
            ) from error

    return read

"""A zip file of images, read in memory and never extracted."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

from ganzoo.data.checks import check_regular
from ganzoo.data.decode import UnreadableImage
from ganzoo.data.image_set import ImageSet
from ganzoo.data.messages import printable
from ganzoo.data.packed import PackedFile, from_packed
from ganzoo.data.request import Request
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
    struct.error,
    OverflowError,
)


def from_archive(path: str | Path, request: Request) -> ImageSet:
    """Read the images in a zip file, as `from_folder` reads those in a folder.

    Where all images are in one folder, or in none, they are one class; else each
    folder is a class, named from the innermost folder that holds them all: a zip
    file of a folder and one of its contents give the same set.

    Args:
        path: The zip file.
        request: How the set is wanted.

    Raises:
        InputError: If the file is no zip file, damaged or encrypted, names a path
            outside itself or a member that unpacks to more than 256 MiB, or if
            `from_encoded_images` refuses what it holds.
    """
    path = Path(path)
    where = printable(str(path))
    limit = max(MEMBER_LIMIT, 3 * (request.reading.pixel_limit or 0))
    with _opened(path, where) as archive:
        files = [_packed(archive, info, limit) for info in archive.infolist()]
        return from_packed(files, path, request)


def _opened(path: Path, where: str) -> zipfile.ZipFile:
    check_regular(path, where)
    try:
        return zipfile.ZipFile(path)
    except OSError as error:
        raise InputError(
            f"{where} cannot be read: {error.strerror or error}. Check the path."
        ) from error
    except Exception as error:  # the reader raises nearly anything on damaged files
        raise InputError(
            f"{where} is not a zip file, or is damaged ({printable(str(error), 80)}). "
            "Pack it again."
        ) from error


def _packed(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> PackedFile:
    # `filename` has had its backslashes replaced on Windows.
    path = info.orig_filename if "\\" in info.orig_filename else info.filename
    return PackedFile(
        path, _reader(archive, info), _stamp(info), lambda name: _check(info, name, limit)
    )


def _check(info: zipfile.ZipInfo, name: str, limit: int) -> None:
    name = printable(name)
    if info.flag_bits & 0x1:
        raise InputError(f"{name} is encrypted. Pack it again without a password.")
    if info.file_size > limit:
        raise InputError(
            f"{name} unpacks to {info.file_size:,} bytes, more than the {limit:,} "
            "allowed for one image: it may be a zip bomb. Remove it, or make the image smaller."
        )


def _stamp(info: zipfile.ZipInfo) -> Callable[[str], tuple[int, ...]]:
    return lambda name: (info.CRC, info.file_size)


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[str], IO[bytes]]:
    def read(name: str) -> IO[bytes]:
        shown = printable(name)
        try:
            with archive.open(info) as file:
                return io.BytesIO(file.read(info.file_size))  # No more than is declared.
        except NotImplementedError as error:
            raise UnreadableImage(
                name,
                "packed in an unknown way",
                f"{shown} is packed in a way that Python does not read. "
                "Pack it again with the usual method (deflate).",
            ) from error
        except DAMAGE as error:
            reason = printable(str(error), 80)
            raise UnreadableImage(
                name,
                "damaged",
                f"{shown} is damaged in the zip file ({reason}). Pack it again.",
            ) from error

    return read

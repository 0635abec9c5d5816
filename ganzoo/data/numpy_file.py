"""A .npy or .npz file, of which nothing is read beyond what its headers announce."""

import math
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from ganzoo.data import cache
from ganzoo.data.checks import check_regular
from ganzoo.data.image_file import PIECE, read_header
from ganzoo.data.messages import printable
from ganzoo.errors import InputError

MAGIC = b"\x93NUMPY"  # How a .npy file begins.
ENDING = ".npy"


class NumpyFile:
    """The arrays of a file by their key; that of a .npy file is called `images`.

    Args:
        path: The file.

    Raises:
        InputError: Here and in each method, if the file cannot be read, is damaged or
            needs pickle.
    """

    def __init__(self, path: Path):
        self.path, self.where = path, printable(str(path))
        check_regular(path, self.where)
        with self._refusing():
            with path.open("rb") as file:
                start = file.read(6)
            if start != MAGIC and not start.startswith(b"PK"):
                raise InputError(
                    f"{self.where} is not a NumPy file. Write it with numpy.save or "
                    "numpy.savez."
                )
            self.packed = start != MAGIC
            self._members: dict[str, str] = {}
            if self.packed:
                with zipfile.ZipFile(path) as archive:
                    names = archive.namelist()
                arrays = [name for name in names if name.endswith(ENDING)]
                self._members = {name.removesuffix(ENDING): name for name in arrays}

    @property
    def keys(self) -> list[str]:
        """Names of the arrays."""
        return list(self._members) if self.packed else ["images"]

    def header(self, key: str) -> tuple[tuple[int, ...], np.dtype]:
        """Shape and dtype of an array; both agree with how large it is."""
        with self._refusing(), self._open(key) as (file, size):
            shape, _, dtype, _ = _checked_header(file, size, self.packed)
            return shape, dtype

    def read(self, key: str) -> np.ndarray:
        """An array, in memory."""
        with self._refusing(), self._open(key) as (file, size):
            shape, fortran, dtype, length = _checked_header(file, size, self.packed)
            content = np.empty(length, np.uint8)
            for start in range(0, length, PIECE):
                piece = content[start : start + PIECE]
                if file.readinto(piece) != len(piece):  # type: ignore[attr-defined]
                    raise ValueError("it ends before its last number")
            order: Any = "F" if fortran else "C"
            return np.ndarray(shape, dtype, content, order=order)

    @contextmanager
    def unpacked(self, key: str) -> Iterator[Path]:
        """An array as a .npy file of its own; one in a .npz file for as long as it is read."""
        if not self.packed:
            self.header(key)
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix=".tmp-", dir=cache.folder()) as folder:
            copy = Path(folder) / "array.npy"
            with ExitStack() as stack:
                with self._refusing():
                    file, size = stack.enter_context(self._open(key))
                    left = _checked_header(file, size, self.packed)[3] + file.tell()
                    file.seek(0)
                out = stack.enter_context(copy.open("wb"))
                while left:
                    with self._refusing():
                        if not (piece := file.read(min(PIECE, left))):
                            raise ValueError("it ends before its last number")
                    out.write(piece)
                    left -= len(piece)
            yield copy

    @property
    def stamp(self) -> tuple[int, ...]:
        """What tells whether the file has changed."""
        stat = self.path.stat()
        return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino & (2**63 - 1)

    @contextmanager
    def _open(self, key: str) -> Iterator[tuple[IO[bytes], int]]:
        """The array as a file, and how many bytes that has."""
        if not self.packed:
            with self.path.open("rb") as file:
                yield file, self.path.stat().st_size
            return
        with zipfile.ZipFile(self.path) as archive:
            info = archive.getinfo(self._members[key])
            with archive.open(info) as member:
                yield member, info.file_size

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except InputError:
            raise
        except OSError as error:
            raise InputError(
                f"{self.where} cannot be read: {error.strerror or error}. Check the path."
            ) from error
        except Exception as error:  # NumPy's reader raises nearly anything on damaged files
            raise InputError(_why_unreadable(self.where, error)) from error


def _checked_header(
    file: IO[bytes], size: int, exact: bool
) -> tuple[tuple[int, ...], bool, np.dtype, int]:
    """Shape, order, dtype and bytes of the array, which are all there are if `exact`."""
    shape, fortran, dtype = read_header(file)
    length = math.prod(shape) * dtype.itemsize
    found = size - file.tell()
    if found < length or (exact and found > length):
        raise ValueError(f"its header announces {length:,} bytes, and it has {found:,}")
    return shape, fortran, dtype, length


def _why_unreadable(where: str, error: Exception) -> str:
    """One line on a file that NumPy could not read."""
    reason = printable(str(error), 80) or type(error).__name__
    if "pickle" in reason.lower():
        return (
            f"{where} holds Python objects, which are not loaded because pickle can run code. "
            "Save plain arrays: uint8 images, integer labels, "
            "classes=numpy.array(names, dtype=str)."
        )
    return f"{where} is damaged or cut short ({reason}). Write it again."

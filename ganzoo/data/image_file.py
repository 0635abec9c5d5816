"""Images that stay on disk: an array in a .npy file, read where it is asked for."""

import math
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np

PIECE = 2**21  # Bytes that are held at a time where a whole file is read or written.


class ImageFile:
    """The array in a .npy file, one image a row.

    It stands where such an array stands: `images[rows]` gives an array in memory,
    `numpy.asarray(images)` one that reads the file as it is looked at. The file stays
    open, so that a folder emptied meanwhile takes nothing away.

    Args:
        path: The file.

    Raises:
        ValueError: If it is not a .npy file of numbers.
    """

    def __init__(self, path: str | Path):
        self._file: Any = Path(path).open("rb")  # noqa: SIM115
        self.shape, fortran, self.dtype = read_header(self._file)
        self._order: Literal["C", "F"] = "F" if fortran else "C"
        self._offset = self._file.tell()

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def nbytes(self) -> int:
        """Size of the whole array in bytes."""
        return math.prod(self.shape) * self.dtype.itemsize

    def __getitem__(self, rows: Any) -> np.ndarray:
        """The rows that an array would give for a slice or for indices of any shape."""
        # Mapped anew for each call: pages count as memory of the process while they are
        # mapped, and one mapping would gather them all in the end.
        mapped = np.asarray(self)
        found = mapped[rows]
        return found.copy() if np.may_share_memory(found, mapped) else found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        mapped = np.memmap(self._file, self.dtype, "r", self._offset, self.shape, self._order)
        return mapped.astype(dtype or self.dtype, copy=bool(copy))


def pieces(images: np.ndarray | ImageFile) -> Iterator[np.ndarray]:
    """The images in their order, some at a time, each piece contiguous in memory."""
    size = max(1, images.nbytes // max(1, len(images)))
    step = max(1, PIECE // size)
    for start in range(0, len(images), step):
        yield np.ascontiguousarray(images[start : start + step])


def read_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, whether in Fortran's order, and dtype; `file` is then at the first number.

    Raises:
        ValueError: If this is not the beginning of a .npy file of numbers.
    """
    version = np.lib.format.read_magic(file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # What Python 2 wrote is read all the same.
        if version == (1, 0):
            header = np.lib.format.read_array_header_1_0(file)
        else:
            header = np.lib.format.read_array_header_2_0(file)
    if header[2].hasobject:
        raise ValueError("Object arrays cannot be loaded without pickle")
    if any(isinstance(size, bool) for size in header[0]):  # Which NumPy takes for integers.
        raise ValueError("The header's shape is that of no array")
    # As Python's integers, which have no end: NumPy's overflow.
    sizes = [size or 1 for size in header[0]]
    if min(sizes, default=1) < 0 or math.prod(sizes) * max(1, header[2].itemsize) >= 2**63:
        raise ValueError("The header's shape is that of no array")
    return header


def write(
    path: Path, images: Iterable[np.ndarray], count: int, resolution: int, channels: int = 1
) -> None:
    """Write images into a .npy file, one in memory at a time.

    Args:
        path: The file.
        images: `count` arrays uint8 [resolution, resolution, C], C = 1 or 3.
        count: Their number.
        resolution: Height and width in pixels.
        channels: 3 for three channels even if all are gray. With 1, an image in colour
            makes the file one of three channels, those before it included.

    Raises:
        OSError: If writing fails.
    """
    with path.open("w+b") as file:
        start = _write_header(file, (count, resolution, resolution, channels))
        for done, image in enumerate(images):
            if image.shape[2] > channels:
                _to_colour(file, start, done * resolution**2)
                channels = image.shape[2]
            file.write(np.repeat(image, channels // image.shape[2], axis=2).tobytes())
        file.seek(0)
        # The header is padded: with another number of channels it is as long.
        assert _write_header(file, (count, resolution, resolution, channels)) == start


def _write_header(file: IO[bytes], shape: tuple[int, ...]) -> int:
    """Write it where `file` is; the place after it."""
    header = {"shape": shape, "fortran_order": False, "descr": "|u1"}
    np.lib.format.write_array_header_1_0(file, header)
    return file.tell()


def _to_colour(file: IO[bytes], start: int, pixels: int) -> None:
    """Make three bytes of each of the `pixels` bytes after `start`, from the end on."""
    for first in reversed(range(0, pixels, PIECE)):
        file.seek(start + first)
        gray = np.frombuffer(file.read(min(PIECE, pixels - first)), np.uint8)
        file.seek(start + 3 * first)
        file.write(gray.repeat(3).tobytes())
    file.seek(start + 3 * pixels)

"""Files of MNIST's own kind: `train-images-idx3-ubyte`, packed by gzip or not."""

import gzip
import math
import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from ganzoo.data import cache
from ganzoo.data.arrays import from_array_file
from ganzoo.data.checks import check_regular
from ganzoo.data.image_file import PIECE
from ganzoo.data.image_set import ImageSet
from ganzoo.data.messages import printable
from ganzoo.data.request import Request
from ganzoo.errors import InputError

NAME = re.compile(r"(.*?)(train|t10k|test)?([-_.]?images)[-_.](idx3)[-_.](ubyte)(\.gz)?", re.I)
GZIP_RATIO = 1100  # No gzip file grows more than that; deflate's bound is 1,032.
UBYTE = 8  # Code of uint8, the only type that is read.


def is_idx(path: Path) -> bool:
    """Whether a file's name is that of images in this format."""
    return NAME.fullmatch(path.name) is not None


def training_file(folder: Path) -> Path | None:
    """The training images in a folder of such files; `None` where there are none."""
    found = sorted(entry for entry in folder.iterdir() if is_idx(entry))
    of_training = [path for path in found if "train" in path.name.lower()]
    return (
        of_training[0] if len({p.name.removesuffix(".gz") for p in of_training}) == 1 else None
    )


def from_idx(path: Path, request: Request) -> ImageSet:
    """Read images with the labels beside them; images to test with are held out.

    Raises:
        InputError: If a file is cut short, damaged or of another type, or as `from_arrays`.
    """
    match = NAME.fullmatch(path.name)
    assert match is not None
    training = (match[2] or "").lower() == "train"
    files = {"images": path, "labels": _labels_of(path)}
    if training:
        for part in ("t10k", "test"):
            other = _beside(path.with_name(re.sub("train", part, path.name, flags=re.I)))
            if other is not None:
                files |= {"held_out_images": other, "held_out_labels": _labels_of(other)}
                break
    present = {key: file for key, file in files.items() if file is not None}
    if len(present) > 1:
        names = ", ".join(file.name for key, file in present.items() if key != "images")
        request.report(f"read beside {printable(path.name, 60)}: {printable(names)}")
    name = match[1].strip("-_. ") or path.resolve().parent.name
    return from_array_file(_IdxFiles(present, printable(str(path))), name, request)


def _labels_of(images: Path) -> Path | None:
    name = re.sub("images", "labels", images.name, flags=re.I)
    return _beside(images.with_name(re.sub("idx3", "idx1", name, flags=re.I)))


def _beside(path: Path) -> Path | None:
    """The file, or the same packed or unpacked, if there is one."""
    plain = path.with_name(path.name.removesuffix(".gz"))
    found = (path, plain, plain.with_name(f"{plain.name}.gz"))
    return next((each for each in found if each.is_file()), None)


class _IdxFiles:
    """Arrays in such files, by their names in this package."""

    def __init__(self, files: dict[str, Path], where: str):
        self.files, self.where = files, where

    @property
    def keys(self) -> list[str]:
        return list(self.files)

    @property
    def stamp(self) -> tuple[int, ...]:
        stats = [path.stat() for path in self.files.values()]
        return tuple(n for s in stats for n in (s.st_size, s.st_mtime_ns, s.st_ctime_ns))

    def header(self, key: str) -> tuple[tuple[int, ...], np.dtype]:
        return self._with(key, lambda file, shape: shape), np.dtype(np.uint8)

    def read(self, key: str) -> np.ndarray:
        return self._with(key, _content)

    @contextmanager
    def unpacked(self, key: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix=".tmp-", dir=cache.folder()) as folder:
            np.save(Path(folder) / "array.npy", self.read(key))
            yield Path(folder) / "array.npy"

    def _with(self, key: str, use: Callable[[IO[bytes], tuple[int, ...]], Any]) -> Any:
        """What `use` makes of the open file, after its header, and of its shape."""
        path = self.files[key]
        where = printable(str(path))
        check_regular(path, where)
        packed = path.suffix.lower() == ".gz"
        try:
            with gzip.open(path) if packed else path.open("rb") as opened:
                file: Any = opened
                limit = path.stat().st_size * (GZIP_RATIO if packed else 1)
                return use(file, _shape(file, limit))
        except InputError:
            raise
        except (OSError, EOFError, ValueError, zlib.error) as error:
            reason = printable(str(error), 80)
            raise InputError(
                f"{where} is damaged or cut short ({reason}). Download it again."
            ) from error


def _shape(file: IO[bytes], limit: int) -> tuple[int, ...]:
    """The shape in the header; `limit`: bytes that there can be at most."""
    start = file.read(4)
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] != UBYTE or not 1 <= start[3] <= 4:
        raise ValueError("it does not begin as idx files of bytes do")
    sizes = file.read(4 * start[3])
    if len(sizes) < 4 * start[3]:
        raise ValueError("its header is cut short")
    shape = tuple(int.from_bytes(sizes[i : i + 4], "big") for i in range(0, len(sizes), 4))
    if math.prod(shape) > limit:
        raise ValueError(f"its header announces {math.prod(shape):,} bytes")
    return shape


def _content(file: IO[bytes], shape: tuple[int, ...]) -> np.ndarray:
    left, pieces = math.prod(shape), []
    while left:
        if not (piece := file.read(min(PIECE, left))):
            raise ValueError("it ends before its last number")
        pieces.append(piece)
        left -= len(piece)
    if file.read(1):
        raise ValueError("it goes on after its last number")
    return np.frombuffer(b"".join(pieces), np.uint8).reshape(shape)

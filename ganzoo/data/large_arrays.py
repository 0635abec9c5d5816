"""NumPy files whose images do not fit in memory: a piece of them at a time."""

import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import IO

import numpy as np

from ganzoo.data import arrays, cache, check_arrays, store
from ganzoo.data.decode import printable
from ganzoo.data.image_file import PIECE, ImageFile, read_header
from ganzoo.data.image_set import ImageSet
from ganzoo.data.members import check_enough, run_name, silent
from ganzoo.errors import InputError

TRAINING, HELD_OUT = "images", "held_out_images"


def streams(path: Path, resolution: int, stream: bool | None) -> bool:
    """Whether to stream the file; no where it cannot be read: `from_arrays` says why."""
    try:
        shape, dtype = _header(path, TRAINING)
    except Exception:  # NumPy's reader raises nearly anything on damaged files
        return False
    size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    return bool(shape) and store.streams(stream, shape[0], resolution, size)


def from_large_arrays(
    path: Path, resolution: int, per_class: int | None, report: Callable[[str], None]
) -> ImageSet:
    """What `from_arrays` gives, with the images on disk."""
    where = printable(str(path))
    beside = arrays.read_arrays(path, where, without=(TRAINING, HELD_OUT))
    values, classes = check_arrays.values_and_classes(beside, where)
    stat = path.stat()
    stamp = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)

    def part(key: str, name: str, first: int | None, what: str, channels: int = 1) -> ImageSet:
        shape, dtype = _header(path, key)
        if dtype == np.uint8:  # Else the first piece is refused, by what it holds.
            check_arrays.as_images(
                np.broadcast_to(np.uint8(0), shape), f"{where}: {key}", report
            )
        labels_key = key.replace("images", "labels")
        labels = check_arrays.as_indices(beside, labels_key, shape[0], values, where)
        chosen = check_arrays.first_of_each(labels, first)
        if key == TRAINING:
            check_enough(len(chosen), where, first)
        parts = ("arrays", store.VERSION, stamp, key, resolution, classes, first, channels)
        return store.stored(
            cache.key(*parts),
            lambda notes: _decoded(path, key, chosen, where),
            lambda images: ImageSet(name, images, labels[chosen], classes),
            len(chosen),
            resolution,
            lambda line: report(what + line),
            channels,
        )

    name = run_name(path.stem)
    wanted = [(TRAINING, name, per_class, "")]
    if _has(path, HELD_OUT):
        wanted.append((HELD_OUT, f"{name}-held-out", None, "held out: "))
    parts = [part(*each) for each in wanted]
    most = max(each.channels for each in parts)
    parts = [
        each if each.channels == most else part(*of, most)
        for each, of in zip(parts, wanted, strict=True)
    ]
    held_out = parts[1] if len(parts) > 1 else None
    return ImageSet(name, parts[0].images, parts[0].labels, classes, held_out)


def _decoded(path: Path, key: str, chosen: np.ndarray, where: str) -> Iterator[np.ndarray]:
    try:
        with _file(path, key) as file:
            images = ImageFile(file)
            step = max(1, PIECE // max(1, images.nbytes // len(images)))
            for start in range(0, len(chosen), step):
                piece = images[chosen[start : start + step]]
                yield from check_arrays.as_images(piece, f"{where}: {key}", silent)
    except (InputError, OSError):
        raise
    except Exception as error:  # Anything, as in `streams`.
        raise InputError(arrays.why_unreadable(where, error)) from error


@contextmanager
def _file(path: Path, key: str) -> Iterator[Path]:
    """The array as a .npy file; one in a .npz file is unpacked, for as long as it is read."""
    if not zipfile.is_zipfile(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix=".tmp-", dir=cache.folder()) as folder:
        unpacked = Path(folder) / "array.npy"
        with _stream(path, key) as packed, unpacked.open("wb") as file:
            copyfileobj(packed, file, PIECE)
        yield unpacked


@contextmanager
def _stream(path: Path, key: str) -> Iterator[IO[bytes]]:
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive:
        names = [name.removesuffix(".npy") for name in archive.namelist()]
        if key == TRAINING:
            key = arrays.images_key(names, str(path))
        with archive.open(f"{key}.npy") as file:
            yield file


def _header(path: Path, key: str) -> tuple[tuple[int, ...], np.dtype]:
    with _stream(path, key) as file:
        shape, _, dtype = read_header(file)
        return shape, dtype


def _has(path: Path, key: str) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return f"{key}.npy" in archive.namelist()

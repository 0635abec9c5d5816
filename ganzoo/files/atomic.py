"""Files that are there whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ganzoo.errors import InputError


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Write a file, or a folder of files, that appears under its name when complete.

    The name to write to ends as `path` does, so that writers which go by the suffix
    choose the same format; it begins with `.tmp-`, which is what a killed process
    leaves behind. A file takes the place of an older one; a folder only that of an
    empty folder or of none.

    Example:
        >>> with atomic("sheet.png") as temporary:
        ...     image.save(temporary)

    Raises:
        InputError: If the folder to write into does not exist.
        OSError: If writing fails, or if nothing was written. `path` is then as before.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise InputError(
            f"There is no folder {str(path.parent)!r} to write {path.name!r} into. "
            "Make it first."
        )
    temporary = path.with_name(f".tmp-{secrets.token_hex(4)}-{path.name}")
    try:
        yield temporary
        _flush(temporary)
        os.replace(temporary, path)
    except BaseException:
        _remove(temporary)
        raise
    _flush_folder(path.parent)


def sweep(folder: Path) -> None:
    """Remove what a killed process left half-written; nobody else may write there now."""
    for path in folder.glob(".tmp-*"):
        _remove(path)


def _flush(path: Path) -> None:
    if path.is_dir():
        for inner in path.iterdir():
            _flush(inner)
        _flush_folder(path)
        return
    with path.open("r+b") as file:  # Windows flushes only what is open for writing
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Make the names in `folder` durable; Windows has no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)

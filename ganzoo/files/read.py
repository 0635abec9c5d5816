"""Reading files that anybody may have written: bounded, never a pipe, never through a link."""

import json
import os
import stat
import tomllib
from io import BufferedReader
from pathlib import Path
from typing import Any

from ganzoo.errors import InputError

LARGEST = 256 * 2**20  # bytes
LARGEST_JSON = 16 * 2**20  # It takes some ten times as much memory as it has bytes.
# Windows has neither; there, opening a pipe by a path does not wait.
CAREFULLY = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
KINDS = {
    stat.S_IFREG: "a file",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


def read_bytes(path: Path, largest: int = LARGEST, links: bool = False) -> bytes:
    """The content of a file.

    Args:
        path: A file. Folders that lead to it are not looked at, see `check_inside`.
        largest: Bytes that it may have.
        links: Whether `path` may be a symbolic link.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is no regular file, or is larger.
    """
    with open_file(path, links) as file:
        if os.fstat(file.fileno()).st_size > largest:
            raise ValueError(f"it has more than {largest:,} bytes")
        return file.read(largest)


def open_file(path: Path, links: bool = False) -> BufferedReader:
    """A regular file, open for reading.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is a link, and `links` is not said, or no regular file.
    """
    if kind(path) == "a link" and not links:
        raise ValueError("it is a link to another file")
    descriptor = os.open(path, os.O_RDONLY | CAREFULLY | (0 if links else NO_LINK))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError("it is no regular file")
    return os.fdopen(descriptor, "rb")


def kind(path: Path) -> str | None:
    """What is at `path`, as a word for messages; `None` for nothing. No link is followed."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return None
    return KINDS.get(stat.S_IFMT(mode), "a device")


def read_json(path: Path, largest: int = LARGEST_JSON) -> Any:
    """What a JSON file holds.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is no JSON, or see `read_bytes`.
    """
    return parse_json(read_bytes(path, largest).decode("utf-8"))


def parse_json(text: str) -> Any:
    """What a JSON text says; all that can be wrong with it is a `ValueError`."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def read_toml(path: Path, largest: int = LARGEST) -> dict[str, Any]:
    """What a TOML file holds; the file is a person's own, so that it may be a link.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is no TOML, or see `read_bytes`.
    """
    text = read_bytes(path, largest, links=True).decode("utf-8")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def check_inside(folder: Path, path: Path) -> None:
    """Raises `InputError` if `path`, which lies in `folder`, is a link that leads out of it.

    `folder` itself may be a link, and there may be nothing at `path` yet.
    """
    try:
        outside = not path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # Links in a circle.
        outside = True
    if outside:
        raise InputError(
            f"{str(path)!r} is a link that leads out of {str(folder)!r}. No such link is "
            "followed: put the files themselves there, or remove the link."
        )

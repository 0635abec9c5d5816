"""Reading files that anybody may have written: bounded, never a pipe, never through a link."""

import json
import os
import stat
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any

from ganzoo.errors import InputError

LARGEST = 256 * 2**20  # bytes
LARGEST_PARSED = 16 * 2**20  # Parsed, it takes some ten times as much memory as it has bytes.
DEEPEST = 100  # Lists and tables within one another; Python's own limit is met in odd places.
TOO_DEEP = "it is nested too deeply"
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
    with open_file(path, links, largest) as file:
        return file.read(largest)


def open_file(path: Path, links: bool = False, largest: int | None = None) -> BufferedReader:
    """A regular file, open for reading.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is a link, and `links` is not said, no regular file, or has more
            bytes than `largest`.
    """
    if kind(path) == "a link" and not links:
        raise ValueError("it is a link to another file")
    descriptor = os.open(path, os.O_RDONLY | CAREFULLY | (0 if links else NO_LINK))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ValueError("it is no regular file")
    file = os.fdopen(descriptor, "rb")
    if largest is not None and os.fstat(descriptor).st_size > largest:
        file.close()
        raise ValueError(f"it has more than {largest:,} bytes")
    return file


@contextmanager
def explained(path: Path, form: str = "", advice: str = "") -> Iterator[None]:
    """What goes wrong while `path` is read, as one line for a person.

    Args:
        path: The file.
        form: What it should be, such as `"TOML"`.
        advice: What to do about it: one sentence or more.

    Raises:
        InputError: In place of an `OSError` or a `ValueError`.
    """
    as_form = f" as {form}" if form else ""
    advice = advice and f" {advice}"
    try:
        yield
    except OSError as error:
        why = error.strerror or error
        raise InputError(f"{path} cannot be read: {why}.{advice}") from error
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"{path} cannot be read{as_form}: {error}.{advice}") from error


def kind(path: Path) -> str | None:
    """What is at `path`, as a word for messages; `None` for nothing. No link is followed."""
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return None
    return KINDS.get(stat.S_IFMT(mode), "a device")


def read_json(path: Path, largest: int = LARGEST_PARSED) -> Any:
    """What a JSON file holds.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is no JSON, or see `read_bytes`.
    """
    return parse_json(read_bytes(path, largest).decode("utf-8"))


def parse_json(text: str) -> Any:
    """What a JSON text says; all that can be wrong with it is a `ValueError`."""
    with _bounded():
        return _not_deep(json.loads(text))


def read_toml(path: Path, largest: int = LARGEST_PARSED) -> dict[str, Any]:
    """What a TOML file holds; the file is a person's own, so that it may be a link.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is no TOML, or see `read_bytes`.
    """
    text = read_bytes(path, largest, links=True).decode("utf-8")
    with _bounded():
        return dict(_not_deep(tomllib.loads(text)))


@contextmanager
def _bounded() -> Iterator[None]:
    """What Python itself refuses to parse is a `ValueError` for a person, not a programmer."""
    try:
        yield
    except RecursionError as error:
        raise ValueError(TOO_DEEP) from error
    except ValueError as error:
        if str(error).startswith("Exceeds the limit"):
            raise ValueError("a number in it has thousands of digits") from error
        raise


def _not_deep(found: Any) -> Any:
    """`found`; a `ValueError` if lists and tables in it are nested more than `DEEPEST`."""
    level = [found]
    for _ in range(DEEPEST):
        level = [each for each in level if isinstance(each, list | dict)]
        if not level:
            return found
        level = [
            e for each in level for e in (each.values() if isinstance(each, dict) else each)
        ]
    raise ValueError(TOO_DEEP)


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

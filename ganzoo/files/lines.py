"""Files of lines, each a JSON object: read with care, appended to durably."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ganzoo.files.read import LARGEST, NO_LINK, explained, kind, open_file, parse_json

LONGEST = 2**20  # bytes of a line


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects in a file, one a line; none if there is no file.

    A line that is no object, or is longer than `LONGEST`, is left out: a crash cuts one short.

    Raises:
        InputError: If the file cannot be read, or is larger than `LARGEST`.
    """
    if kind(path) is None:
        return
    with (
        explained(path, advice="Remove it, or mend it."),
        open_file(path, largest=LARGEST) as file,
    ):
        whole = True  # Whether what comes next begins a line.
        while line := file.readline(LONGEST):
            if whole and (found := _object(line)) is not None:
                yield found
            whole = line.endswith(b"\n")


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = parse_json(line.decode("utf-8", errors="replace"))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def append(path: Path, line: str, durable: bool = False) -> None:
    """Write `line` at the end of a file, which is made if it is not there.

    Args:
        path: A regular file; no link is followed.
        line: Text without its end.
        durable: Whether to wait until it is on the disk.

    Raises:
        OSError: If it cannot be written, or the file is a link or a pipe.
    """
    with open(path, "a", encoding="utf-8", opener=_carefully) as file:
        file.write(line + "\n")
        if durable:
            file.flush()
            os.fsync(file.fileno())


def _carefully(path: str, flags: int) -> int:
    return os.open(path, flags | NO_LINK | getattr(os, "O_NONBLOCK", 0), 0o666)

"""Files from the network: whole and checked, or not there."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ganzoo.errors import InputError
from ganzoo.files.atomic import atomic

TIMEOUT = 30.0  # Seconds without a byte.
CHUNK = 1 << 16
Report = Callable[[str], None]


@dataclass(frozen=True)
class Remote:
    """A file to fetch.

    Attributes:
        source: Its path below the address it is fetched from.
        name: What it is called here.
        limit: The most bytes it can have.
        check: Given the path of a file, raises `ValueError` with a few words on what
            is wrong if it is not the file that is wanted.
    """

    source: str
    name: str
    limit: int
    check: Callable[[Path], None]


def fetch(
    files: Sequence[Remote], url: str, folder: Path, instead: str, report: Report
) -> Path:
    """Download `files` from below `url` into `folder`.

    Each file is written under a temporary name, checked, flushed to the disk and only
    then renamed: under its own name it is always whole. Those that are here already
    and pass their check are kept, so that a second try goes on where the first ended.

    Args:
        files: What to fetch.
        url: Address of the folder that has them: https, http or file.
        folder: Where to put them; made if need be.
        instead: What a user can do without a network, for the messages.
        report: Called with a line for each file.

    Returns:
        `folder`, in which all of `files` now are.

    Raises:
        ganzoo.errors.InputError: If a file is missing, cut short, wrong or cannot be
            reached or written. One line: which file, why, what to do.
    """
    if not url.startswith(("https://", "http://", "file://")):
        raise InputError(f"{url!r} is no address to fetch from. Give one with https://.")
    for remote in files:
        path = folder / remote.name
        if passes(remote, path):
            report(f"{remote.name}: here already")
            continue
        _fetch(remote, f"{url.rstrip('/')}/{remote.source}", path, instead)
        report(f"{remote.name}: {path.stat().st_size:,} bytes")
    return folder


def passes(remote: Remote, path: Path) -> bool:
    """Whether the file at `path` is there and the one that is wanted."""
    try:
        remote.check(path)
    except (OSError, ValueError):
        return False
    return True


def _fetch(remote: Remote, url: str, path: Path, instead: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic(path) as temporary:
            with temporary.open("wb") as file:
                for chunk in _chunks(url, remote.limit):
                    file.write(chunk)
            remote.check(temporary)
    except _Unreachable as error:
        reason = str(error)
    except ValueError as error:
        reason = f"it is not the right file: {error}"
    except OSError as error:
        raise InputError(
            f"{remote.name} cannot be written to {path.parent}: {error.strerror or error}. "
            "Make room there, or set GANZOO_CACHE to another folder."
        ) from error
    else:
        return
    raise InputError(
        f"{remote.name} could not be fetched from {url}: {reason}. "
        f"Try again, name a mirror with --from URL, or {instead}."
    )


class _Unreachable(Exception):
    """Why the bytes of an address did not come, or not all of them."""


def _chunks(url: str, limit: int) -> Iterator[bytes]:
    request = urllib.request.Request(url, headers={"User-Agent": "ganzoo"})
    received = 0
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            promised = response.headers.get("Content-Length")
            while chunk := response.read(CHUNK):
                received += len(chunk)
                if received > limit:
                    raise _Unreachable(f"it is larger than {limit:,} bytes")
                yield chunk
    except urllib.error.HTTPError as error:
        raise _Unreachable(f"the server answered {error.code} {error.reason}") from error
    except http.client.IncompleteRead as error:
        raise _Unreachable(f"it was cut short after {received:,} bytes") from error
    except urllib.error.URLError as error:
        raise _Unreachable(_reason(error.reason)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _Unreachable(_reason(error)) from error
    if promised is not None and promised.isdigit() and received != int(promised):
        raise _Unreachable(f"it was cut short: {received:,} of {int(promised):,} bytes")


def _reason(error: object) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer in {TIMEOUT:.0f} seconds"
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())

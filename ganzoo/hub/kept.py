"""Runs by their address on a hub, `hf:user/name@revision`, kept in the cache."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from ganzoo.data import cache
from ganzoo.errors import InputError, RunError
from ganzoo.files.lock import locked
from ganzoo.training.run import Run

SCHEME = "hf:"
COMMIT = re.compile("[0-9a-f]{40}")
SHOWN = 12  # Digits of a commit in the name of a folder.


def open_run(where: str | Path) -> Run:
    """A run in a folder, or one on a hub, which is fetched into the cache once a commit.

    A full commit that has been fetched is opened without asking the hub.

    Args:
        where: The folder, or `"hf:user/name"` with perhaps `@` and a branch, a tag or a commit.

    Raises:
        InputError: As of `Run.open` and of `ganzoo.hub.remote.pull`.
        RunError: If the hub does not have it or does not answer.
    """
    if not (isinstance(where, str) and where.startswith(SCHEME)):
        return Run.open(where)
    from ganzoo.hub import remote

    name, _, revision = where.removeprefix(SCHEME).partition("@")
    if not name:
        raise InputError(f"An address on a hub is such as hf:somebody/letters, not {where!r}.")
    remote.check_modules()
    remote.check_name(name)
    endpoint = os.environ.get("HF_ENDPOINT") or None
    folder = cache.folder() / "hub" / _host(remote.address(endpoint))
    if COMMIT.fullmatch(revision) and (kept := folder / _named(name, revision)).is_dir():
        return Run.open(kept)
    found = remote.find(name, revision or None, endpoint)
    if not COMMIT.fullmatch(str(found.sha)):
        raise RunError(f"{name}: the hub names no commit. Is {remote.address(endpoint)} one?")
    path = folder / _named(name, found.sha)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / f".{path.name}.lock"):
        if not path.is_dir():
            remote.fetch(found, name, path, endpoint)
    return Run.open(path)


def _named(name: str, commit: str) -> str:
    return f"{name.replace('/', '--')}@{commit[:SHOWN]}"


def _host(address: str) -> str:
    return re.sub(r"[^\w.-]", "-", urlsplit(address).netloc)

"""ONNX Runtime for browsers, from its package in the npm registry.

Two files of the package are used: the runtime in JavaScript and in WebAssembly. They are
fetched once, checked and kept in the cache, or copied from a folder that has them.
"""

import base64
import hashlib
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

from ganzoo.data import cache
from ganzoo.data.download import Remote, fetch, passes
from ganzoo.errors import InputError
from ganzoo.files.atomic import atomic
from ganzoo.files.lock import locked

VERSION = "1.30.0"
URL = "https://registry.npmjs.org/onnxruntime-web/-"
ARCHIVE = f"onnxruntime-web-{VERSION}.tgz"
# As the registry gives it under `dist.integrity`.
SHA512 = (
    "q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ=="
)
LIMIT = 64 << 20  # Bytes; the archive has 33 million.
FILES = ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm")
INSTEAD = "name a folder with an unpacked onnxruntime-web by --runtime"


def find(
    given: str | Path | None = None, url: str = URL, report: Callable[[str], None] = print
) -> Path:
    """The folder that holds `FILES`, after a download if need be.

    Args:
        given: A folder with an unpacked `onnxruntime-web`, or with its files.
        url: Address of the folder that has the archive.
        report: Called with a line for what is fetched.

    Raises:
        InputError: If `given` lacks a file, or the archive cannot be fetched or is another one.
    """
    if given is not None:
        return _inside(Path(given))
    folder = cache.folder() / f"onnxruntime-web-{VERSION}"
    if not _is_whole(folder):
        with locked(cache.folder() / f".{ARCHIVE}.lock"):
            if not _is_whole(folder):  # Another process may have just made it.
                _fetch(folder, url, report)
    return folder


def _fetch(folder: Path, url: str, report: Callable[[str], None]) -> None:
    archive = Remote(ARCHIVE, ARCHIVE, LIMIT, _check)
    if not passes(archive, cache.folder() / ARCHIVE):
        fetch([archive], url, cache.folder(), INSTEAD, report)
    _unpack(cache.folder() / ARCHIVE, folder)


def _inside(given: Path) -> Path:
    inside = ("", "dist", "package/dist", "node_modules/onnxruntime-web/dist")
    folders = [given / each for each in inside]
    found = next((folder for folder in folders if _is_whole(folder)), None)
    if found is None:
        raise InputError(
            f"{str(given)!r} has no {' and '.join(FILES)}, nor its dist/. Unpack "
            f"onnxruntime-web {VERSION} there: npm install onnxruntime-web@{VERSION}"
        )
    return found


def _is_whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in FILES)


def _check(path: Path) -> None:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    if base64.b64encode(digest).decode() != SHA512:
        raise ValueError(f"its SHA-512 is not that of {ARCHIVE}")


def _unpack(archive: Path, folder: Path) -> None:
    """Write `FILES` of the archive into a new folder; the archive is then removed."""
    if folder.is_dir():
        shutil.rmtree(folder)
    with atomic(folder) as temporary, tarfile.open(archive) as tar:
        temporary.mkdir()
        for name in FILES:
            member = tar.extractfile(f"package/dist/{name}")
            if member is None:
                raise InputError(f"{archive} has no {name}. Remove it, and try again.")
            (temporary / name).write_bytes(member.read())
    archive.unlink()

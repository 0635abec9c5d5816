"""Sets of images that took a while to make, kept for the next time.

One .npz file a set, in `$GANZOO_CACHE`, else where the system keeps caches: on Linux in
`$XDG_CACHE_HOME/ganzoo`, else `~/.cache/ganzoo`. Nothing here is needed: a file that is
broken is made again, and where nothing can be written the set is made each time.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import platformdirs

from ganzoo.data.image_set import ImageSet
from ganzoo.files.atomic import atomic


def folder() -> Path:
    """Where downloads and expanded sets are kept; it need not exist."""
    if chosen := os.environ.get("GANZOO_CACHE"):
        return Path(chosen)
    found = platformdirs.user_cache_path("ganzoo", appauthor=False)
    if not found.is_absolute():  # A process without a home.
        return Path(tempfile.gettempdir()) / "ganzoo"
    return found


def key(*parts: object, arrays: Iterable[np.ndarray] = ()) -> str:
    """A name for what is made from these and nothing else: a sha256 in hexadecimal.

    Args:
        *parts: Numbers, strings and tuples of them.
        arrays: Arrays whose pixels count, too.
    """
    digest = hashlib.sha256(repr(parts).encode())
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def kept(name: str, make: Callable[[], ImageSet]) -> ImageSet:
    """The set kept under `name`, or `make()`, which is then kept.

    Safe among processes: a file appears at once and whole, and if two make the same
    set, either's file will do.
    """
    path = folder() / f"{name}.npz"
    found = _read(path)
    if found is not None:
        return found
    made = make()
    # An unwritable or full disk only means that it is made again the next time.
    with contextlib.suppress(OSError):
        _write(path, made)
    return made


def _read(path: Path) -> ImageSet | None:
    """The set in the file, or `None` if there is none or it is not what was written."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            found = ImageSet(
                str(arrays["name"]),
                arrays["images"],
                arrays["labels"],
                tuple(arrays["classes"].tolist()),
            )
            held_out = ImageSet(
                found.name, arrays["held_out"], arrays["held_out_labels"], found.classes
            )
            expected = arrays["sha256"].tolist()
        if expected != [found.sha256, held_out.sha256]:
            return None
    except Exception:  # NumPy's reader raises nearly anything on damaged files
        return None
    return ImageSet(found.name, found.images, found.labels, found.classes, held_out)


def _write(path: Path, made: ImageSet) -> None:
    assert made.held_out is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic(path) as temporary:
        np.savez(
            temporary,
            name=np.array(made.name),
            images=made.images,
            labels=made.labels,
            classes=np.array(made.classes),
            held_out=made.held_out.images,
            held_out_labels=made.held_out.labels,
            sha256=np.array([made.sha256, made.held_out.sha256]),
        )

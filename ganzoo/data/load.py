"""Any set of images, by its name or its path."""

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ganzoo.errors import InputError

if TYPE_CHECKING:
    from ganzoo.data.image_set import ImageSet

CLASS_PATH = re.compile(r"[A-Za-z_][\w.]*\.\w+:\w+(:.*)?|[A-Za-z_]\w+:[A-Z]\w*(:.*)?")


def load(
    source: str | Path,
    resolution: int = 56,
    per_class: int | None = None,
    report: Callable[[str], None] = lambda line: None,
    stream: bool | None = None,
) -> "ImageSet":
    """Load a set of images.

    Args:
        source: A name that `ganzoo data list` prints, with options if it has any, such
            as `"unown"`; a class of your own as `"package.module:Class"`; or a folder,
            a .zip, .npz or .npy file. A name wins over a file or folder called the
            same, unless that is written as a path: `"./unown"` or a `Path`.
        resolution: Height and width of the images in pixels.
        per_class: Training images per class; `None` for all, or the set's own number.
        report: Called with one plain line for each thing worth knowing, such as
            images that were cropped.
        stream: Whether the images stay on disk, decoded once into a file in the cache
            folder. `None`: if in colour they would take more than a quarter of the
            memory, or than 4 GiB.

    Returns:
        The set, its images uint8 [N, resolution, resolution, C], C = 1 or 3; an
        `ImageFile` where they stay on disk.

    Raises:
        ganzoo.errors.InputError: If there is no such set, or it cannot be used.
    """
    from ganzoo.data import store
    from ganzoo.data.fit import check_resolution
    from ganzoo.data.members import check_per_class

    check_resolution(resolution)
    check_per_class(per_class)

    if isinstance(source, str) and is_name(source):
        if Path(source).exists():
            report(f"{source!r} is taken as the name of a set; write ./{source} for the path")
        return store.placed(_named(source, resolution, per_class), stream, report)
    try:
        found = _from_path(source, resolution, per_class, report, stream)
    except OSError as error:
        raise InputError(
            f"{str(source)!r} cannot be read: {error.strerror or error}. Check its permissions."
        ) from error
    return store.placed(found, stream, report)


def is_name(source: str) -> bool:
    """Whether `source` names a set or a class, rather than a file or a folder."""
    from ganzoo.data import sets

    if source.partition(":")[0] in sets:
        return True
    return CLASS_PATH.fullmatch(source) is not None and not Path(source).exists()


def _named(source: str, resolution: int, per_class: int | None) -> "ImageSet":
    from ganzoo.data import sets

    return sets.get(source).load(resolution, per_class)


def _from_path(
    source: str | Path,
    resolution: int,
    per_class: int | None,
    report: Callable[[str], None],
    stream: bool | None,
) -> "ImageSet":
    path = _expanded(source)
    if path.is_dir():
        from ganzoo.data.folder import from_folder
        from ganzoo.data.sources import unown_original

        if unown_original.is_originals(path):
            return unown_original.from_folder(path, resolution, per_class)
        return from_folder(path, resolution, per_class, report, stream)
    if not path.exists():
        raise InputError(_nothing_there(str(source), path))
    suffix = path.suffix.lower()
    if suffix == ".zip":
        from ganzoo.data.archive import from_archive

        return from_archive(path, resolution, per_class, report, stream)
    if suffix in (".npz", ".npy"):
        from ganzoo.data import arrays, large_arrays

        if large_arrays.streams(path, resolution, stream):
            return large_arrays.from_large_arrays(path, resolution, per_class, report)
        return arrays.from_arrays(path, resolution, per_class, report)
    raise InputError(
        f"{str(source)!r} is a file of another kind: give a folder of images, "
        "or a .zip, .npz or .npy file."
    )


def _expanded(source: str | Path) -> Path:
    try:
        return Path(source).expanduser()
    except RuntimeError as error:
        raise InputError(
            f"{str(source)!r} cannot be read: there is no such home folder. Write it in full."
        ) from error


def _nothing_there(source: str, path: Path) -> str:
    from ganzoo.data import sets

    plain = path.parent == Path(".")
    known = {name: name for name in sets} if plain else {}
    if path.parent.is_dir():
        known = {entry.name: str(entry) for entry in path.parent.iterdir()} | known
    close = [known[n] for n in difflib.get_close_matches(path.name, known, n=1)]
    hint = f" Did you mean {close[0]!r}?" if close else ""
    return (
        f"There is no data set and no path {source!r}.{hint} Known sets: {', '.join(sets)}; "
        "or give a folder of images, a .zip, .npz or .npy file, or package.module:Class."
    )

"""Any set of images, by its name or its path."""

import difflib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganzoo.errors import InputError

if TYPE_CHECKING:
    from ganzoo.data.image_set import ImageSet
    from ganzoo.data.reading import Reading
    from ganzoo.data.request import Request

CLASS_PATH = re.compile(r"[A-Za-z_][\w.]*\.\w+:\w+(:.*)?|[A-Za-z_]\w+:[A-Z]\w*(:.*)?")


def load(
    source: str | Path,
    resolution: int = 56,
    per_class: int | None = None,
    report: Callable[[str], None] = lambda line: None,
    stream: bool | None = None,
    reading: "Reading | Mapping[str, Any] | None" = None,
    least: int = 2,
) -> "ImageSet":
    """Load a set of images.

    Args:
        source: A name that `ganzoo data list` prints, with options if it has any, such
            as `"unown"`; a class of your own as `"package.module:Class"`; or a folder,
            a .zip, .npz or .npy file, or one of those in `docs/data.md`. A name wins over a
            file or folder called the same, unless that is written as a path: `"./unown"` or
            a `Path`.
        resolution: Height and width of the images in pixels.
        per_class: Training images per class; `None` for all, or the set's own number.
        report: Called with one plain line for each thing worth knowing, such as
            images that were cropped.
        stream: Whether the images stay on disk, decoded once into a file in the cache
            folder. `None`: if in colour they would take more than a quarter of the
            memory, or than 4 GiB.
        reading: How a folder or a file is read, where a person must choose: a `Reading`,
            or its `choices`.
        least: Images that are needed; a training's batch needs 2.

    Returns:
        The set, its images uint8 [N, resolution, resolution, C], C = 1 or 3; an
        `ImageFile` where they stay on disk.

    Raises:
        ganzoo.errors.InputError: If there is no such set, or it cannot be used.
    """
    from ganzoo.data import store
    from ganzoo.data.checks import check_per_class, check_resolution
    from ganzoo.data.reading import Reading
    from ganzoo.data.request import Request

    check_resolution(resolution)
    check_per_class(per_class)
    request = Request(resolution, per_class, report, stream, Reading.of(reading), least)
    try:
        if isinstance(source, str) and is_name(source):
            if Path(source).exists():
                report(
                    f"{source!r} is taken as the name of a set; write ./{source} for the path"
                )
            found = _named(source, request)
        else:
            found = _from_path(source, request)
        return store.placed(found, stream, report)
    except MemoryError as error:
        raise InputError(
            f"{str(source)[:80]!r} does not fit in memory at {resolution} pixels. Take a "
            "smaller resolution or fewer images, or leave them on disk: --stream."
        ) from error


def is_name(source: str) -> bool:
    """Whether `source` names a set or a class, rather than a file or a folder."""
    from ganzoo.data.named_sets import sets

    if source.partition(":")[0] in sets:
        return True
    return CLASS_PATH.fullmatch(source) is not None and not Path(source).exists()


def is_gone(source: str) -> bool:
    """Whether `source` is a path, and nothing is there."""
    return not is_name(source) and not _expanded(source).exists()


def _named(source: str, request: "Request") -> "ImageSet":
    from ganzoo.data.named_sets import sets

    load = sets.get(source).load
    return _as_it_is(lambda: load(request.resolution, request.per_class), source, request)


def _as_it_is(make: Callable[[], "ImageSet"], name: str, request: "Request") -> "ImageSet":
    """A set that has pixels of its own; of `reading` only the labels can be left out."""
    others = request.reading.choices.keys() - {"labels", "max_pixels"}
    if others:
        raise InputError(
            f"{', '.join(sorted(others))} can be chosen for images of your own alone: those of "
            f"{name[:80]} are made for the size that is asked for. Leave it out."
        )
    images = make()
    return images if request.reading.labels else images.without_labels()


def _from_path(source: str | Path, request: "Request") -> "ImageSet":
    if "\0" in str(source):
        raise InputError(f"{str(source)[:160]!r} is no path: it holds a zero byte.")
    path = _expanded(source)
    try:
        if not path.exists() and not path.is_symlink():
            raise InputError(_nothing_there(str(source), path))
        return _read(path, str(source), request)
    except OSError as error:
        raise InputError(
            f"{str(source)[:160]!r} cannot be read: {error.strerror or error}. Check its "
            "permissions."
        ) from error


def _read(path: Path, source: str, request: "Request") -> "ImageSet":
    from ganzoo.data import archive, arrays, folder, idx
    from ganzoo.data.checks import check_regular
    from ganzoo.data.decode import EXTENSIONS
    from ganzoo.data.other_kinds import advice
    from ganzoo.data.sources import unown_original

    if path.is_dir():
        if unown_original.is_originals(path):
            size, per_class = request.resolution, request.per_class
            return _as_it_is(
                lambda: unown_original.from_folder(path, size, per_class), source, request
            )
        if (training := idx.training_file(path)) is not None:
            return idx.from_idx(training, request)
        return folder.from_folder(path, request)
    check_regular(path, repr(source))
    suffix = path.suffix.lower()
    if suffix == ".zip":
        return archive.from_archive(path, request)
    if suffix in (".npz", ".npy"):
        return arrays.from_arrays(path, request)
    if idx.is_idx(path):
        return idx.from_idx(path, request)
    if suffix in EXTENSIONS:
        return folder.from_one_file(path, request)
    raise InputError(
        f"{source!r} is a file of another kind: give a folder of images, "
        f"or a .zip, .npz or .npy file.{advice(path)}"
    )


def _expanded(source: str | Path) -> Path:
    try:
        return Path(source).expanduser()
    except RuntimeError as error:
        raise InputError(
            f"{str(source)!r} cannot be read: there is no such home folder. Write it in full."
        ) from error


def _nothing_there(source: str, path: Path) -> str:
    from ganzoo.data.named_sets import sets

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

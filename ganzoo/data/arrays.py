"""Images from NumPy files: one array in .npy, or arrays by key in .npz."""

from collections import Counter
from collections.abc import Callable, Container
from pathlib import Path

import numpy as np

from ganzoo.data.check_arrays import as_images, as_indices, first_of_each, values_and_classes
from ganzoo.data.decode import printable
from ganzoo.data.fit import fit, sentences
from ganzoo.data.image_set import ImageSet
from ganzoo.data.members import check_enough, check_per_class, run_name, silent
from ganzoo.errors import InputError
from ganzoo.files.atomic import atomic

MAGIC = b"\x93NUMPY"  # How a .npy file begins.
BESIDE = ("labels", "classes", "held_out_images", "held_out_labels")


def from_arrays(
    path: str | Path,
    resolution: int,
    per_class: int | None = None,
    report: Callable[[str], None] = silent,
) -> ImageSet:
    """Read a .npz or .npy file.

    A .npy file holds the images. A .npz file holds them as `images`, as `arr_0`, or as
    its one array; beside them may stand `labels` (integers [N]), `classes` (names) and
    `held_out_images` with `held_out_labels`. Images are uint8 [N, H, W] or
    [N, H, W, C], C = 1 or 3; [N, C, H, W] is read too where it can be nothing else.
    What `ganzoo data build` writes reads back as the same set, by its sha256.

    Args:
        path: The file.
        resolution: Height and width of the result in pixels.
        per_class: Take only the first so many of each class; `None` for all.
        report: Called with one plain line per note.

    Raises:
        InputError: If the file cannot be read, needs pickle, or holds other types,
            shapes or numbers than these.
    """
    path, where = Path(path), printable(str(path))
    check_per_class(per_class)
    arrays = read_arrays(path, where)
    images = as_images(arrays["images"], f"{where}: images", report)
    values, classes = values_and_classes(arrays, where)
    labels = as_indices(arrays, "labels", len(images), values, where)
    chosen = first_of_each(labels, per_class)
    check_enough(len(chosen), where, per_class)
    fitted = _fitted(images[chosen], resolution, report)
    name = run_name(path.stem)
    if "held_out_images" not in arrays:
        return ImageSet(name, fitted, labels[chosen], classes)
    others = as_images(arrays["held_out_images"], f"{where}: held_out_images", report)
    other_labels = as_indices(arrays, "held_out_labels", len(others), values, where)
    fitted, others = _alike(fitted, _fitted(others, resolution, report, "held out: "))
    held_out = ImageSet(f"{name}-held-out", others, other_labels, classes)
    return ImageSet(name, fitted, labels[chosen], classes, held_out)


def save_npz(images: ImageSet, path: str | Path) -> None:
    """Write a set so that `from_arrays` reads it back, at its resolution, unchanged.

    The keys are `images`, `labels`, `classes`, and where the set has held-out images
    `held_out_images` and `held_out_labels`. The file is there whole or not at all.

    Raises:
        InputError: If the folder to write into does not exist.
        OSError: If writing fails.
    """
    arrays = {
        "images": images.images,
        "labels": images.labels,
        "classes": np.array(images.classes, dtype=np.str_),
    }
    if images.held_out is not None:
        arrays["held_out_images"] = images.held_out.images
        arrays["held_out_labels"] = images.held_out.labels
    with atomic(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def read_images(path: str | Path, report: Callable[[str], None] = silent) -> np.ndarray:
    """The images of a .npz or .npy file, as `from_arrays` finds them, at their own size.

    Returns:
        uint8 [N, H, W, C], C = 1 or 3.

    Raises:
        InputError: If the file cannot be read or holds no such images.
    """
    where = printable(str(path))
    return as_images(read_arrays(Path(path), where)["images"], f"{where}: images", report)


def read_arrays(path: Path, where: str, without: Container[str] = ()) -> dict[str, np.ndarray]:
    """The arrays of a file by their key; the images are `images`, however called there."""
    try:
        with path.open("rb") as file:
            start = file.read(6)
            if start != MAGIC and not start.startswith(b"PK"):
                raise InputError(
                    f"{where} is not a NumPy file. Write it with numpy.save or numpy.savez."
                )
            file.seek(0)
            if start == MAGIC and "images" in without:
                return {}
            loaded = np.load(file, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                return {"images": loaded}
            key = images_key(loaded.files, where)
            keys = {"images": key} | {k: k for k in BESIDE if k in loaded.files}
            return {
                name: np.asarray(loaded[key])
                for name, key in keys.items()
                if name not in without
            }
    except InputError:
        raise
    except OSError as error:
        raise InputError(
            f"{where} cannot be read: {error.strerror or error}. Check the path."
        ) from error
    except Exception as error:  # NumPy's reader raises nearly anything on damaged files
        raise InputError(why_unreadable(where, error)) from error


def images_key(keys: list[str], where: str) -> str:
    """Which of the arrays in a file holds the images; raises `InputError` where none does."""
    for key in ("images", "arr_0"):
        if key in keys:
            return key
    others = [key for key in keys if key not in BESIDE]
    if len(others) == 1:
        return others[0]
    shown = ", ".join(map(printable, others[:8])) + (", ..." if len(others) > 8 else "")
    raise InputError(
        f"{where} has no array called images; it holds: {shown or 'no arrays'}. "
        "Write it with numpy.savez(path, images=..., labels=...)."
    )


def why_unreadable(where: str, error: Exception) -> str:
    """One line on a file that NumPy could not read."""
    reason = printable(str(error)) or type(error).__name__
    if "pickle" in reason.lower():
        return (
            f"{where} holds Python objects, which are not loaded because pickle can run code. "
            "Save plain arrays: uint8 images, integer labels, "
            "classes=numpy.array(names, dtype=str)."
        )
    return f"{where} is damaged or cut short ({reason}). Write it again."


def _fitted(
    images: np.ndarray, resolution: int, report: Callable[[str], None], what: str = ""
) -> np.ndarray:
    notes: Counter[str] = Counter()
    fitted = fit(images, resolution, notes)
    for line in sentences(notes, len(images)):
        report(what + line)
    return fitted


def _alike(*sets: np.ndarray) -> list[np.ndarray]:
    """The same images, all gray or all in colour."""
    channels = max(images.shape[3] for images in sets)
    return [np.broadcast_to(images, (*images.shape[:3], channels)).copy() for images in sets]

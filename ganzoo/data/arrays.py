"""Images from NumPy files: one array in .npy, or arrays by key in .npz."""

from collections import Counter
from collections.abc import Callable, Container
from pathlib import Path

import numpy as np

from ganzoo.data.atomic import atomic
from ganzoo.data.decode import printable
from ganzoo.data.fit import fit, sentences
from ganzoo.data.folder import check_enough, check_per_class, run_name, silent
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError

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
    reason = printable(str(error)) or type(error).__name__
    if "pickle" in reason.lower():
        return (
            f"{where} holds Python objects, which are not loaded because pickle can run code. "
            "Save plain arrays: uint8 images, integer labels, "
            "classes=numpy.array(names, dtype=str)."
        )
    return f"{where} is damaged or cut short ({reason}). Write it again."


def as_images(array: np.ndarray, name: str, report: Callable[[str], None]) -> np.ndarray:
    """Checked images as uint8 [N, H, W, C], C = 1 or 3."""
    _check_type(array, name)
    shape = list(array.shape)
    if array.ndim == 3 and shape[2] > 4:
        array = array[..., None]
    elif array.ndim != 4:
        raise InputError(_wrong_shape(shape, name))
    if not array.size:
        raise InputError(f"{name} has the shape {shape}, which holds no pixels.")
    first, last = array.shape[1] in (1, 3), array.shape[3] in (1, 3)
    if first and last:
        raise InputError(
            f"{name} has the shape {shape}, which may be [N, H, W, C] or [N, C, H, W]. Make "
            "H and W larger than 3; for channels first write images.transpose(0, 2, 3, 1)."
        )
    if first:
        report(f"images of the shape {shape} were read as channels first, [N, C, H, W]")
        return array.transpose(0, 2, 3, 1)
    if not last:
        raise InputError(_wrong_shape(shape, name))
    return array


def _wrong_shape(shape: list[int], name: str) -> str:
    needed = "uint8 [N, H, W] or [N, H, W, C] with C = 1 or 3 is needed"
    hint = "See ganzoo data build --help."
    side = int(max(shape[-1:], default=0) ** 0.5)
    if len(shape) == 2 and side * side == shape[1]:
        hint = f"Write images.reshape(-1, {side}, {side})."
    elif len(shape) == 3:
        hint = "If this is one image, give a set of them: numpy.stack(images)."
    elif len(shape) == 4 and shape[3] in (2, 4):
        hint = f"Leave out the alpha channel: images[..., :{shape[3] - 1}]."
    elif len(shape) == 4 and shape[1] in (2, 4):
        hint = f"Leave out the alpha channel: images[:, :{shape[1] - 1}].transpose(0, 2, 3, 1)."
    return f"{name} has the shape {shape}; {needed}. {hint}"


def _check_type(array: np.ndarray, name: str) -> None:
    """Refuse all but uint8, with the expression that makes it of what was given."""
    if array.dtype == np.uint8:
        return
    if array.dtype.kind not in "biuf":
        raise InputError(f"{name} holds {array.dtype}; numbers of type uint8 are needed.")
    if not np.isfinite(array).all():
        raise InputError(
            f"{name} holds NaN or infinity. Remove those images, then save as uint8, 0 to 255."
        )
    low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)
    raise InputError(
        f"{name} is {array.dtype}, {low:g} to {high:g}; uint8, 0 to 255, is needed. "
        f"{_conversion(array.dtype, low, high)}"
    )


def _conversion(dtype: np.dtype, low: float, high: float) -> str:
    if low >= 0 and high <= 1:
        wanted = "images * 255"
    elif dtype.kind == "f" and low >= -1 and high <= 1:
        wanted = "(images + 1) * 127.5"
    elif low >= 0 and high <= 255:
        wanted = "images"
    elif dtype == np.uint16:
        wanted = "images / 257"
    else:
        return "Scale them to 0 to 255, then save numpy.round(images).astype('uint8')."
    return f"Save numpy.round({wanted}).astype('uint8')."


def values_and_classes(
    arrays: dict[str, np.ndarray], where: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The values that labels may have, sorted, and the name of each."""
    labels, names = arrays.get("labels"), arrays.get("classes")
    if names is not None:
        if names.ndim != 1 or names.dtype.kind != "U" or not names.size:
            raise InputError(
                f"{where}: classes is {names.dtype} {list(names.shape)}; one name per class is "
                "needed. Save classes=numpy.array(names, dtype=str)."
            )
        if labels is None and len(names) > 1:
            raise InputError(
                f"{where} names {len(names)} classes but has no labels. Save labels=..., "
                "integers [N], beside the images."
            )
        return np.arange(len(names)), tuple(names.tolist())
    if labels is None:
        return np.zeros(1, np.int64), ("image",)
    _check_labels(labels, f"{where}: labels")
    values = np.unique(labels)
    return values, tuple(str(value) for value in values)


def _check_labels(labels: np.ndarray, name: str) -> None:
    if labels.ndim == 1 and labels.dtype.kind in "iu":
        return
    hint = "Save labels.astype('int64')."
    if labels.ndim == 2:
        hint = "Save labels.argmax(1) if they are one-hot, labels.ravel() if [N, 1]."
    elif labels.dtype.kind in "US":
        hint = "Save classes, labels = numpy.unique(labels, return_inverse=True)."
    raise InputError(
        f"{name} is {labels.dtype} {list(labels.shape)}; integers [N] are needed. {hint}"
    )


def as_indices(
    arrays: dict[str, np.ndarray], key: str, count: int, values: np.ndarray, where: str
) -> np.ndarray:
    """Labels as int32 indices into the classes; zeros where there are none."""
    if key not in arrays:
        if len(values) > 1:
            raise InputError(f"{where} has {key.replace('labels', 'images')} but no {key}.")
        return np.zeros(count, np.int32)
    labels = arrays[key]
    _check_labels(labels, f"{where}: {key}")
    if len(labels) != count:
        raise InputError(
            f"{where} has {count} images but {len(labels)} in {key}. Save one label an image."
        )
    strange = labels[~np.isin(labels, values)]
    if strange.size:
        raise InputError(
            f"{where}: {key} holds {strange[0]}, but labels are "
            f"{values[0]} to {values[-1]} for {len(values)} classes."
        )
    return np.searchsorted(values, labels).astype(np.int32)


def first_of_each(labels: np.ndarray, per_class: int | None) -> np.ndarray:
    """Indices of the images to take, in their order."""
    if per_class is None:
        return np.arange(len(labels))
    each = [np.flatnonzero(labels == label)[:per_class] for label in np.unique(labels)]
    return np.sort(np.concatenate(each))


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

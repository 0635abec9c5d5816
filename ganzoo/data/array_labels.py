"""Labels in arrays: what is clear is read, and said; what is not is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ganzoo.data.messages import counted, listed, printable
from ganzoo.errors import InputError
from ganzoo.files.names import brief

NO_LABELS = "Or read no classes: --no-labels."


@dataclass(frozen=True, slots=True)
class ArrayLabels:
    """The classes of a file's images.

    Attributes:
        values: What stands for each class in the labels, sorted.
        classes: The name of each.
        training: int32 indices into them, one for each image; `None` if there are none.
        held_out: The same for held-out images, -1 for a class that is not among them.
    """

    values: np.ndarray
    classes: tuple[str, ...]
    training: np.ndarray | None
    held_out: np.ndarray | None


def find_labels(
    arrays: Mapping[str, np.ndarray],
    keys: Mapping[str, str],
    where: str,
    report: Callable[[str], None],
) -> ArrayLabels:
    """The labels among arrays, by their names in this package.

    Args:
        arrays: Some of `labels`, `held_out_labels` and `classes`.
        keys: What each is called in the file, for messages.
        where: The file, for messages.
        report: Called with a line where labels were read in another way than as integers.

    Raises:
        InputError: If they are no labels.
    """
    read = {
        key: _plain(arrays[key], f"{where}: {printable(keys.get(key, key), 40)}", report)
        for key in ("labels", "held_out_labels")
        if key in arrays
    }
    labels, names = read.get("labels"), arrays.get("classes")
    values, classes = _values_and_classes(labels, names, where)
    training = None if labels is None else _indices(labels, values)
    if training is not None and (training < 0).any():
        assert labels is not None
        strange = printable(str(labels[training < 0][0]), 40)
        raise InputError(
            f"{where}: {printable(keys.get('labels', 'labels'), 40)} holds {strange}, but "
            f"labels are {values[0]} to {values[-1]} for {len(values)} classes."
        )
    others = read.get("held_out_labels")
    return ArrayLabels(
        values, classes, training, None if others is None else _indices(others, values)
    )


def _plain(labels: np.ndarray, name: str, report: Callable[[str], None]) -> np.ndarray:
    """Labels [N] of integers or texts."""
    given, shape = labels, list(labels.shape)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
        report(f"{name}, {given.dtype} {shape}, is read as one label an image")
    elif labels.ndim == 2 and _is_one_hot(labels):
        labels = labels.argmax(1)
        report(f"{name}, {given.dtype} {shape}, is read as one-hot")
    if labels.ndim != 1 or labels.dtype.kind not in "biufUS":
        raise InputError(_no_labels(given, name))
    if labels.dtype.kind == "f":
        if not np.isfinite(labels).all() or (labels != np.rint(labels)).any():
            raise InputError(_no_labels(given, name))
        report(f"{name}, {given.dtype}, holds whole numbers and is read so")
        return labels.astype(np.int64)
    if labels.dtype.kind == "S":
        return np.char.decode(labels, "utf-8", "replace")
    return labels.astype(np.int64) if labels.dtype.kind == "b" else labels


def _is_one_hot(labels: np.ndarray) -> bool:
    if labels.dtype.kind not in "biuf" or labels.shape[1] < 2 or not len(labels):
        return False
    binary = ((labels == 0) | (labels == 1)).all()
    return bool(binary and (labels.sum(1) == 1).all())


def _no_labels(labels: np.ndarray, name: str) -> str:
    kind = printable(str(labels.dtype), 40)
    hint = "Save one label an image, labels.astype('int64')."
    if labels.ndim == 2:
        hint = "Several labels an image cannot be read: save one each."
    return f"{name} is {kind} {list(labels.shape)}; integers [N] are needed. {hint} {NO_LABELS}"


def _values_and_classes(
    labels: np.ndarray | None, names: np.ndarray | None, where: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    if names is not None:
        if names.ndim != 1 or names.dtype.kind != "U" or not names.size:
            raise InputError(
                f"{where}: classes is {printable(str(names.dtype), 40)} {list(names.shape)}; "
                "one name per class is needed. Save classes=numpy.array(names, dtype=str)."
            )
        unique, counts = np.unique(names, return_counts=True)
        if len(unique) < len(names):
            several = brief(str(unique[counts.argmax()]))
            raise InputError(
                f"{where}: {counts.max()} of the classes are called {several}. Give each a "
                "name of its own, or one label to all of them."
            )
        if labels is None and len(names) > 1:
            raise InputError(
                f"{where} names {len(names)} classes but has no labels. Save labels=..., "
                "integers [N], beside the images."
            )
        texts = labels is not None and labels.dtype.kind == "U"
        return (names if texts else np.arange(len(names))), tuple(names.tolist())
    if labels is None:
        return np.zeros(1, np.int64), ("image",)
    values = np.unique(labels)
    return values, tuple(str(value) for value in values)


def _indices(labels: np.ndarray, values: np.ndarray) -> np.ndarray:
    """int32 indices into `values`, in any order; -1 where a label is none of them."""
    if not len(values) or (labels.dtype.kind == "U") != (values.dtype.kind == "U"):
        return np.full(len(labels), -1, np.int32)
    order = np.argsort(values, kind="stable")
    places = np.searchsorted(values[order], labels).clip(max=len(values) - 1)
    found = order[places]
    return np.where(values[found] == labels, found, -1).astype(np.int32)


def for_images(
    labels: np.ndarray | None, count: int, key: str, where: str, classes: int
) -> np.ndarray:
    """Labels of `count` images; zeros where the file has none and one class.

    Raises:
        InputError: If they are not as many, or missing where there are several classes.
    """
    if labels is None:
        if classes > 1:
            raise InputError(f"{where} has {key.replace('labels', 'images')} but no {key}.")
        return np.zeros(count, np.int32)
    if len(labels) != count:
        raise InputError(
            f"{where} has {count} images but {len(labels)} in {printable(key, 40)}. Save one "
            "label an image."
        )
    return labels


def of_known_classes(
    labels: np.ndarray, given: np.ndarray | None, report: Callable[[str], None]
) -> np.ndarray:
    """Places of the held-out images whose class is trained on; says how many are not."""
    known = np.flatnonzero(labels >= 0)
    if lost := len(labels) - len(known):
        missing = () if given is None else np.unique(given[labels < 0])
        which = f": {listed([str(value) for value in missing])}" if len(missing) else ""
        report(
            f"{counted(lost, 'held-out image')} left out, of classes without training "
            f"images{which}"
        )
    return known


def first_of_each(labels: np.ndarray, per_class: int | None) -> np.ndarray:
    """Indices of the images to take, in their order."""
    if per_class is None:
        return np.arange(len(labels))
    each = [np.flatnonzero(labels == label)[:per_class] for label in np.unique(labels)]
    return np.sort(np.concatenate(each)) if each else np.arange(0)

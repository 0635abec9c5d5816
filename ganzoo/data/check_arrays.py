"""Whether arrays from a file are images, and labels of these."""

from collections.abc import Callable

import numpy as np

from ganzoo.errors import InputError


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

"""What is refused of labels: what they are, and which."""

from typing import Any

import keras
import numpy as np

from ganzoo.errors import InputError

UNLABELLED = (
    "A condition asks for classes, and {}. Give a set with classes, such as a folder with a "
    "subfolder for each, or leave the condition out."
)


def check_labels_shape(labels: Any) -> None:
    """Raises `InputError` unless labels are whole numbers [N] or [N, 1].

    Args:
        labels: Array or tensor, or `None` where a batch has none.
    """
    if labels is None:
        raise InputError(
            "The model is conditional, and these images have no labels. Give them: "
            "model.fit(images, labels), or a data set of (images, labels)."
        )
    shape, dtype = tuple(labels.shape), keras.backend.standardize_dtype(labels.dtype)
    if len(shape) not in (1, 2) or (len(shape) == 2 and shape[1] != 1):
        one_hot = " Give labels.argmax(axis=-1)." if len(shape) == 2 else ""
        received = ", ".join(map(str, ("N", *shape[1:])))
        raise InputError(
            f"Labels are one whole number an image, [N]. Received: [{received}].{one_hot}"
        )
    if "int" not in dtype:
        raise InputError(
            f'Labels are whole numbers. Received: {dtype}. Give labels.astype("int32").'
        )


def check_labels(labels: Any, count: int, classes: int) -> None:
    """Check labels of an array of images before a step is made with them.

    Args:
        labels: Array or tensor, or `None` where there are none.
        count: Number of images.
        classes: How many classes there are.

    Raises:
        InputError: If they are not whole numbers from 0 to `classes` - 1, one an image.
    """
    if isinstance(labels, list | tuple):
        labels = np.asarray(labels)
    check_labels_shape(labels)
    values = keras.ops.convert_to_numpy(labels) if keras.ops.is_tensor(labels) else labels
    if len(values) != count:
        raise InputError(f"There are {count} images and {len(values)} labels.")
    refuse_labels(int(np.min(values)), int(np.max(values)), classes)


def refuse_labels(low: int, high: int, classes: int) -> None:
    """Raises `InputError` if labels from `low` to `high` are not from 0 to `classes` - 1."""
    if in_range(low, high, classes):
        return
    hint = " Give labels - 1." if (low, high) == (1, classes) else ""
    raise InputError(
        f"Labels go from 0 to {classes - 1}, as the condition has {classes} classes. "
        f"Received: {low} to {high}.{hint}"
    )


def in_range(low: int, high: int, classes: int) -> bool:
    """Whether labels from `low` to `high` are all from 0 to `classes` - 1."""
    return low >= 0 and high < classes

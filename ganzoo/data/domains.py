"""Two domains of images in one set: its two classes, A and B, in the order of their names."""

from typing import TYPE_CHECKING

import numpy as np

from ganzoo.errors import InputError

if TYPE_CHECKING:
    from ganzoo.data.image_set import ImageSet


def check_domains(data: "ImageSet", name: str, paired: bool) -> None:
    """Raises `InputError` unless a set has two classes, equally large ones of pairs.

    Args:
        data: The set.
        name: What a person called it.
        paired: Whether each image of one class belongs to one of the other.
    """
    counts = [int((data.labels == label).sum()) for label in np.unique(data.labels)]
    if len(counts) != 2:
        raise InputError(
            f"Two domains are two classes of a set, and {name!r} has {len(counts)}. Give a "
            "folder with two subfolders, or a set of two domains such as letters-unown."
        )
    if paired and counts[0] != counts[1]:
        first, second = domain_names(data)
        raise InputError(
            f"Pairs are the images of two classes in their order, and {name!r} has {counts[0]} "
            f"of {first!r} and {counts[1]} of {second!r}. Give as many of each."
        )


def domain_names(data: "ImageSet") -> tuple[str, str]:
    """Names of A and B, the classes of a set of two domains."""
    first, second = (data.classes[label] for label in np.unique(data.labels))
    return first, second


def of_domain(data: "ImageSet", index: int) -> np.ndarray:
    """Rows of the images of A (0) or B (1), int64 [N]."""
    return np.flatnonzero(data.labels == np.unique(data.labels)[index])

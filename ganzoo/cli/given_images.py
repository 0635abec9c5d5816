"""Images of a person's own that a run's networks are given."""

from typing import TYPE_CHECKING, Any

from ganzoo.cli.notes import note
from ganzoo.data.reading import Reading
from ganzoo.errors import InputError

if TYPE_CHECKING:
    import numpy as np

COLOURS = {1: "gray", 3: "in colour"}


def check_colours(images: str, found: int, wanted: int) -> None:
    """Raises `InputError` if images have other channels than those that a run has seen."""
    if found != wanted:
        raise InputError(
            f"The images of {images!r} are {COLOURS.get(found, f'of {found} channels')}, and "
            "those that the run was trained on are "
            f"{COLOURS.get(wanted, f'of {wanted} channels')}. Give images of that kind."
        )


def given_images(images: str, shape: Any, reading: Reading | None) -> "np.ndarray":
    """All images of what --data takes, brought to the size of a network's input.

    Args:
        images: A folder, a file, or the name of a set.
        shape: Of the network's input, [N, H, W, C].
        reading: How the images are read.

    Returns:
        uint8 [N, H, W, C].
    """
    import numpy as np

    from ganzoo.data.load import load

    _, side, _, channels = shape
    found = load(images, resolution=side, report=note, reading=reading, least=1)
    check_colours(images, found.channels, channels)
    return np.asarray(found.images[:])

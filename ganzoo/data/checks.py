"""What every way of reading checks: numbers asked for, numbers found."""

from pathlib import Path

from ganzoo.errors import InputError

RESOLUTIONS = 2**14  # Pixels a side; images above have no place in memory.


def check_resolution(resolution: int) -> None:
    """Refuse a resolution below 1 or above 16,384 with an `InputError`."""
    if resolution < 1:
        raise InputError(f"The resolution must be 1 pixel or more, not {resolution}.")
    if resolution > RESOLUTIONS:
        raise InputError(f"The resolution must be {RESOLUTIONS} or less, not {resolution}.")


def check_per_class(per_class: int | None) -> None:
    """Refuse a number of images per class below 1 with an `InputError`."""
    if per_class is not None and per_class < 1:
        raise InputError(f"The number of images per class must be 1 or more, not {per_class}.")


def check_enough(
    count: int, where: str, per_class: int | None = None, hint: str = "", least: int = 2
) -> None:
    """Refuse fewer images than are needed with an `InputError`.

    Args:
        count: Images found.
        where: What holds them, for the message.
        per_class: The number per class that was asked for.
        hint: What to do, where more is known than that there are too few.
        least: Images that are needed; a batch needs 2.
    """
    if count >= least:
        return
    found = "no images" if not count else "only one image"
    if count and per_class == 1:
        raise InputError(f"{where} gives one image with one per class. Allow more per class.")
    raise InputError(f"{where} holds {found}; {least} or more are needed. {hint}".rstrip())


def check_regular(path: Path, where: str) -> None:
    """Refuse with an `InputError` what is no file: a pipe would be waited on for ever."""
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "a pipe or a device"
        raise InputError(f"{where} is {kind}, not a file. Give the path of a file.")

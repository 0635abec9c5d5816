"""Labels in a `dataset.json` beside images, as StyleGAN's tools write it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ganzoo.data.encoded_images import EncodedImage
from ganzoo.data.messages import printable
from ganzoo.errors import InputError
from ganzoo.files.read import parse_json

NAME = "dataset.json"
LARGEST = 2**28  # Bytes; a million labels are some 40 MB.
ADVICE = "Mend or remove it, or read no classes: --no-labels."


def read_entries(content: bytes, where: str, report: Callable[[str], None]) -> list[Any] | None:
    """What the file lists: `{"labels": [["00000/img00000000.png", 5], ...]}`.

    Args:
        content: The file.
        where: Its path, for messages.
        report: Called with a line if it is another kind of file.

    Returns:
        Pairs of path and label, none for images without labels; `None` if the file has no
        key `labels`.

    Raises:
        InputError: If it cannot be read.
    """
    try:
        found = parse_json(content.decode("utf-8-sig"))
    except (ValueError, MemoryError) as error:
        reason = printable(str(error), 80)
        raise InputError(
            f"{printable(where)} is no JSON that can be read ({reason}). {ADVICE}"
        ) from error
    if not isinstance(found, dict) or "labels" not in found:
        report(f"{printable(where)} has no list of labels: nothing is read from it")
        return None
    labels = found["labels"]
    if isinstance(labels, dict):
        return [list(pair) for pair in labels.items()]
    return labels if isinstance(labels, list) else []


def labelled(
    images: Sequence[EncodedImage],
    paths: Sequence[str],
    entries: list[Any],
    where: str,
    report: Callable[[str], None],
) -> list[EncodedImage]:
    """The images in the classes that the file gives them.

    Args:
        images: The images.
        paths: The path of each, from the folder that holds the file, with `/`.
        entries: What `read_entries` gave.
        where: The file's path, for messages.
        report: Called with a line on what was found.

    Raises:
        InputError: If an entry is no path with a label, or images are without.
    """
    by_path = _by_path(entries, where)
    if not by_path:
        kind = "are vectors, no classes: left out" if entries else "there are none"
        report(f"labels of {NAME}: {kind}; all images are of one class")
        return [replace(image, group="") for image in images]
    without = [path for path in paths if path not in by_path]
    if without:
        raise InputError(
            f"{printable(where)} gives no label to {len(without):,} of {len(paths):,} images, "
            f"such as {printable(without[0], 60)}. {ADVICE}"
        )
    groups = [by_path[path] for path in paths]
    lost = len(by_path) - len(set(paths))
    gone = f"; {lost:,} of its labels are of images that are not here" if lost else ""
    classes = len(set(groups))
    report(f"{classes:,} class{'es' if classes > 1 else ''} read from {NAME}{gone}")
    return [replace(image, group=group) for image, group in zip(images, groups, strict=True)]


def _by_path(entries: list[Any], where: str) -> dict[str, str] | None:
    """The class of each path; `None` where labels are vectors."""
    pairs: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, list) or len(entry) != 2 or not isinstance(entry[0], str):
            raise InputError(
                f"{printable(where)}: an entry of labels is {printable(repr(entry), 60)}, not "
                f"[path, label]. {ADVICE}"
            )
        path = entry[0].replace("\\", "/")
        if pairs.setdefault(path, entry[1]) != entry[1]:
            raise InputError(
                f"{printable(where)} gives {printable(path, 60)} two labels. {ADVICE}"
            )
    values = list(pairs.values())
    if values and all(isinstance(value, list) for value in values):
        return None
    strange = [v for v in values if not isinstance(v, int | str) or isinstance(v, bool)]
    if strange:
        raise InputError(
            f"{printable(where)}: a label is {printable(repr(strange[0]), 60)}, not a whole "
            f"number or a name. {ADVICE}"
        )
    return {path: str(value) for path, value in pairs.items()}


def class_order(group: str) -> tuple[int, int, str]:
    """What classes are sorted by: numbers by their value, then names; 2 comes before 10.

    No two classes have the same place, 7 and 07 neither.
    """
    plain = group.removeprefix("-")
    whole = plain.isascii() and plain.isdigit() and len(plain) < 100
    return (0, int(group), group) if whole else (1, 0, group)

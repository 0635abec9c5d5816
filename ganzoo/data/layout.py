"""Which folders of images are classes, and which are splits into training and test."""

import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from ganzoo.data.encoded_images import EncodedImage
from ganzoo.data.messages import counted

TRAIN = frozenset({"train", "training", "trn"})
TEST = frozenset({"test", "testing", "tst"})
VALIDATION = frozenset({"val", "valid", "validation", "dev", "eval"})
SPLITS = TRAIN | TEST | VALIDATION


def is_split(names: Iterable[str]) -> bool:
    """Whether these folders are one set, split into training and held-out images."""
    lower = {name.lower() for name in names}
    return len(lower) > 1 and lower <= SPLITS and bool(lower & TRAIN)


def arranged(
    images: Sequence[EncodedImage],
    labels: bool,
    report: Callable[[str], None],
    packed: bool = False,
) -> tuple[list[EncodedImage], list[EncodedImage]]:
    """Images to train on and held-out ones, each in the class that its folder stands for.

    Args:
        images: Their `group` is the path of their folder, with `/`; `""` for none.
        labels: Whether folders are classes.
        report: Called with a line where folders are a split.
        packed: Whether folders are named from the innermost one that holds them all: a
            packed folder and its packed contents then give the same set.
    """
    folders = list(dict.fromkeys(image.group for image in images))
    inside = _unpacked(folders) if packed else {folder: folder for folder in folders}
    tops = {path.partition("/")[0] for path in inside.values()}
    if not is_split(tops):
        return _in_classes(images, inside, labels), []
    parts = _parts(tops)
    split: dict[str, list[EncodedImage]] = {part: [] for part in ("train", "held out", "")}
    for folder, group in groupby(images, key=lambda image: image.group):
        split[parts[inside[folder].partition("/")[0]]] += group
    classes = {folder: path.partition("/")[2] for folder, path in inside.items()}
    training, held_out, rest = (_in_classes(found, classes, labels) for found in split.values())
    names = {part: _named(parts, part) for part in split}
    rest_too = f", {names['']} ({counted(len(rest), 'image')}) is left out" if rest else ""
    report(
        f"split, not classes: {names['train']} ({counted(len(training), 'image')}) is trained "
        f"on, {names['held out']} ({counted(len(held_out), 'image')}) is held out{rest_too}"
    )
    return training, held_out


def _unpacked(folders: Sequence[str]) -> dict[str, str]:
    """The path of each folder from the innermost one that holds them all."""
    if len(folders) == 1:
        return {folder: posixpath.basename(folder) for folder in folders}
    if "" in folders or not folders:
        return {folder: folder for folder in folders}
    shared = posixpath.commonpath(folders)
    paths = {folder: posixpath.relpath(folder, shared or ".") for folder in folders}
    return {folder: "" if path == "." else path for folder, path in paths.items()}


def _in_classes(
    images: Iterable[EncodedImage], classes: dict[str, str], labels: bool
) -> list[EncodedImage]:
    return [
        image
        if image.group == (group := classes[image.group] if labels else "")
        else replace(image, group=group)
        for image in images
    ]


def _parts(tops: Iterable[str]) -> dict[str, str]:
    """What each folder of a split is for: `"train"`, `"held out"`, or nothing."""
    apart = TEST if any(top.lower() in TEST for top in tops) else VALIDATION
    return {
        top: "train" if top.lower() in TRAIN else "held out" if top.lower() in apart else ""
        for top in tops
    }


def _named(parts: dict[str, str], part: str) -> str:
    return ", ".join(sorted(top for top, of in parts.items() if of == part))

"""Which array of a .npz file is what, by the names that people give them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ganzoo.data.layout import TEST, TRAIN, VALIDATION
from ganzoo.data.messages import listed
from ganzoo.errors import InputError

# Names in this package's own files. A key of these means what it says.
OWN = (
    *("images", "labels", "captions", "classes"),
    *("held_out_images", "held_out_labels", "held_out_captions"),
)
IMAGES = frozenset({"x", "image", "images", "img", "imgs", "data"})
LABELS = frozenset({"y", "label", "labels", "target", "targets"})


@dataclass(frozen=True, slots=True)
class Keys:
    """The key of each array that is read, by its name here; and keys that are not read."""

    read: dict[str, str]
    unread: tuple[str, ...]


def find_keys(keys: Iterable[str], where: str) -> Keys:
    """What the arrays of a file are.

    Known are `images` or `arr_0`, with `labels`, `captions`, `classes`, and the first three
    with `held_out_` before them; the names of Keras (`x_train`, `y_train`, `x_test`, `y_test`)
    and MedMNIST (`train_images`, `train_labels`, `val_images`, ...), whose test images are held
    out, or the validation images where there are no others; or any name of the one array that
    there is.

    Raises:
        InputError: If no array can be the images.
    """
    names = list(dict.fromkeys(keys))
    read = {key: key for key in OWN if key in names}
    if "images" not in read:
        read |= _found(names) if "arr_0" not in names else {"images": "arr_0"}
    if "images" not in read:
        others = [name for name in names if name not in OWN]
        if len(others) != 1:
            raise InputError(
                f"{where} has no array called images; it holds: "
                f"{listed(others, 8) or 'no arrays'}. "
                "Write it with numpy.savez(path, images=..., labels=...)."
            )
        read["images"] = others[0]
    return Keys(read, tuple(name for name in names if name not in read.values()))


def _found(names: list[str]) -> dict[str, str]:
    """Keys by the names of other packages, where these are not this package's own."""
    by_part: dict[tuple[str, str], str] = {}
    for name in names:
        if what := _meaning(name):
            by_part.setdefault(what, name)
    train = "train" if ("train", "images") in by_part else ""
    apart = next((p for p in ("test", "val") if (p, "images") in by_part), None)
    wanted = {"images": (train, "images"), "labels": (train, "labels")}
    if train and apart:
        wanted |= {"held_out_images": (apart, "images"), "held_out_labels": (apart, "labels")}
    return {own: by_part[what] for own, what in wanted.items() if what in by_part}


def _meaning(name: str) -> tuple[str, str] | None:
    """Which part of a set a key is of, and whether it is `"images"` or `"labels"`."""
    words = [word for word in re.split(r"[_\-. ]+", name.lower()) if word]
    kinds = [w for w in words if w in IMAGES or w in LABELS]
    parts = [w for w in words if w not in kinds]
    if len(kinds) != 1 or len(parts) > 1:
        return None
    what = "images" if kinds[0] in IMAGES else "labels"
    if not parts:
        return "", what
    for part, known in (("train", TRAIN), ("test", TEST), ("val", VALIDATION)):
        if parts[0] in known:
            return part, what
    return None

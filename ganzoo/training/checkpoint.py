"""Checkpoints: arrays under stable names, a manifest, and nothing that runs code."""

import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.errors import InputError, RunError
from ganzoo.files.atomic import atomic
from ganzoo.files.checksum import sha256

ARRAYS = "arrays.npz"
MANIFEST = "manifest.json"
REMEDY = "Bring one back, or begin a new run without --resume."
Saved = tuple[dict[str, np.ndarray], dict[str, Any]]  # Arrays by name, and the manifest.


class Damaged(InputError):
    """A checkpoint that is not whole, as after a crash while it was written or copied."""


def check_finite(arrays: Mapping[str, np.ndarray]) -> None:
    """Raises `RunError` if one holds NaN or infinity: such a checkpoint helps nobody."""
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise RunError(f"{name} is no longer finite")


def save(folder: Path, arrays: Mapping[str, np.ndarray], manifest: dict[str, Any]) -> None:
    """Write a checkpoint; it is there whole or not at all."""
    folder.parent.mkdir(exist_ok=True)
    with atomic(folder) as temporary:
        temporary.mkdir()
        np.savez(temporary / ARRAYS, allow_pickle=False, **arrays)
        content = manifest | {"sha256": sha256(temporary / ARRAYS)}
        (temporary / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", "utf-8")
        if folder.exists():  # Only now: a disk that is full leaves the old one.
            shutil.rmtree(folder)


def load(folder: Path) -> Saved:
    """The arrays and the manifest of a checkpoint.

    Raises:
        Damaged: If a file is missing or its checksum is wrong.
        InputError: If it cannot be read.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if sha256(folder / ARRAYS) != manifest["sha256"]:
            raise ValueError(f"wrong checksum of {ARRAYS}")
        with np.load(folder / ARRAYS, allow_pickle=False) as file:
            return dict(file), manifest
    except (FileNotFoundError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise Damaged(f"The checkpoint {folder} is damaged: {error}.") from error
    except OSError as error:
        raise InputError(
            f"The checkpoint {folder} cannot be read: {error.strerror or error}."
        ) from error


def restore(variables: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Assign `arrays` to Keras variables of the same names and shapes.

    Raises:
        InputError: If a name is missing or one too many, or a shape differs.
            Nothing is assigned then.
    """
    missing = sorted(variables.keys() - arrays.keys())
    extra = sorted(arrays.keys() - variables.keys())
    misshapen = [
        f"{name} is {tuple(arrays[name].shape)}, not {tuple(variables[name].shape)}"
        for name in sorted(variables.keys() & arrays.keys())
        if tuple(arrays[name].shape) != tuple(variables[name].shape)
    ]
    problems = [f"missing {n}" for n in missing] + [f"unknown {n}" for n in extra] + misshapen
    if problems:
        more = f" and {len(problems) - 3} more" if len(problems) > 3 else ""
        raise InputError(
            f"The checkpoint does not fit these networks: {'; '.join(problems[:3])}{more}. "
            "Use the architecture and options that it was made with."
        )
    for name, variable in variables.items():
        variable.assign(arrays[name])


def last_good(folders: Sequence[Path], report: Callable[[str], None]) -> Saved | None:
    """The last of `folders` that is not damaged, or `None` where there is none at all.

    Args:
        folders: Checkpoints, oldest first.
        report: Takes a line on each damaged one.

    Raises:
        InputError: If one cannot be read, or all are damaged: to train from the beginning
            would write over them.
    """
    for before, folder in reversed(list(enumerate(folders))):
        try:
            return load(folder)
        except Damaged as error:
            if not before:
                raise InputError(f"{error} There is no other one before. {REMEDY}") from error
            report(f"{error} Going back to the one before.")
    return None

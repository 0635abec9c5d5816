"""Checkpoints: arrays under stable names, a manifest, and nothing that runs code."""

import hashlib
import json
import re
import secrets
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np

from ganzoo.errors import InputError, RunError
from ganzoo.files.atomic import atomic
from ganzoo.files.checksum import sha256
from ganzoo.files.names import brief
from ganzoo.files.read import kind, open_file, read_json
from ganzoo.files.sealed import KEY, seal, unseal
from ganzoo.training.clock import PROCESSOR_SECONDS, SECONDS
from ganzoo.training.setting import is_number, is_whole
from ganzoo.variant import LARGEST_FLOAT

ARRAYS = "arrays.npz"
MANIFEST = "manifest.json"
SETTINGS = "settings"  # In a manifest: what `ganzoo.training.config.recorded` gave.
NAME = re.compile(r"[0-9]{6,12}(\.[0-9]{1,9})?")  # Of a checkpoint's folder: kimg.
REMEDY = "Bring one back, or begin a new run without --resume."
Saved = tuple[dict[str, np.ndarray], dict[str, Any]]  # Arrays by name, and the manifest.


class Damaged(InputError):
    """A checkpoint that is not whole, as after a crash while it was written or copied.

    Attributes:
        earlier: Name of the newest whole checkpoint before it, where one was looked for and is
            there.
    """

    def __init__(self, message: str, earlier: str | None = None):
        super().__init__(message)
        self.earlier = earlier


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
        content = seal(manifest | {"sha256": sha256(temporary / ARRAYS)})
        (temporary / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", "utf-8")
        # Only now: a disk that is full leaves the old one.
        if kind(folder) == "a folder":
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)


def load(folder: Path) -> Saved:
    """The arrays and the manifest of a checkpoint.

    Raises:
        Damaged: If a file is missing, its checksum is wrong, or it holds something else.
        InputError: If it cannot be read.
    """
    try:
        manifest = read_manifest(folder)
        try:
            with open_file(folder / ARRAYS) as file:
                arrays = _arrays(file, manifest["sha256"])
        except ValueError as error:
            raise ValueError(f"{ARRAYS}: {error}") from error
        step = arrays.get("iteration", manifest["step"])
        if np.shape(step) or step != manifest["step"]:
            raise ValueError(f"{MANIFEST} says step {manifest['step']}, {ARRAYS} {step}")
        return arrays, manifest
    except FileNotFoundError as error:
        raise Damaged(
            f"The checkpoint {folder} is damaged: it has no {Path(error.filename).name}."
        ) from error
    except ValueError as error:
        raise Damaged(f"The checkpoint {folder} is damaged: {error}.") from error
    except OSError as error:
        raise InputError(
            f"The checkpoint {folder} cannot be read: {error.strerror or error}."
        ) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """The checked manifest; one of an earlier version has no checksum and empty settings.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is damaged.
    """
    if (other := kind(folder)) not in ("a folder", None):
        raise ValueError(f"it is {other}")
    try:
        found = read_json(folder / MANIFEST)
        if not isinstance(found, dict):
            raise ValueError("it holds no JSON object")
        if SETTINGS in found and KEY not in found:
            raise ValueError("its checksum is missing")
        manifest = unseal(found)
        for key in FIELDS:
            if key not in manifest:
                raise ValueError(f"{key!r} is missing")
        for key, check in (FIELDS | OPTIONAL).items():
            if key in manifest and not check(manifest[key]):
                raise ValueError(f"{key!r} is {brief(manifest[key])}")
        if not isinstance(manifest.setdefault(SETTINGS, {}), dict):
            raise ValueError(f"{SETTINGS!r} is {brief(manifest[SETTINGS])}")
        _check_name(folder.name, manifest)
    except ValueError as error:
        raise ValueError(f"{MANIFEST}: {error}") from error
    return manifest


FIELDS: dict[str, Callable[[Any], bool]] = {
    "step": is_whole,
    "kimg": lambda value: is_number(value) and value >= 0,
    "stage": is_whole,
    SECONDS: lambda value: is_number(value) and value >= 0,
    "sha256": lambda value: isinstance(value, str),
}
OPTIONAL: dict[str, Callable[[Any], bool]] = {PROCESSOR_SECONDS: FIELDS[SECONDS]}


def _check_name(name: str, manifest: dict[str, Any]) -> None:
    """Raises `ValueError` if the folder's name says another time than the manifest, or none.

    A copy by the name of "best" would come last of all, and count as the newest.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"its folder is called {brief(name)}, and not by its kimg")
    step, kimg = manifest["step"], manifest["kimg"]
    half = kimg / step / 2 if step else 0.0  # A whole kimg stands for the step nearest to it.
    if abs(float(name) - kimg) > half + 0.001:
        raise ValueError(f"it is of {kimg:g} kimg")


def _arrays(file: BufferedReader, checksum: str) -> dict[str, np.ndarray]:
    """The arrays in an .npz file.

    Raises:
        ValueError: If they are not what `save` wrote.
    """
    if hashlib.file_digest(file, "sha256").hexdigest() != checksum:
        raise ValueError("wrong checksum")
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            if any(member.compress_type for member in archive.infolist()):
                raise ValueError("it is compressed, and may be large beyond measure")
        file.seek(0)
        with np.load(file, allow_pickle=False) as members:
            arrays = dict(members)
    except OSError:
        raise
    except Exception as error:  # A made-up file makes NumPy and zipfile raise whatever.
        raise ValueError(str(error) or type(error).__name__) from error
    if not all(isinstance(a, np.ndarray) and a.dtype.kind in "fiub" for a in arrays.values()):
        raise ValueError("it holds other things than arrays of numbers")
    for name, array in arrays.items():
        if not (np.abs(array) <= LARGEST_FLOAT).all():  # Nor is NaN.
            raise ValueError(f"{brief(name)} in it is not finite")
    return arrays


def restore(variables: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Assign `arrays` to Keras variables of the same names and shapes.

    Raises:
        InputError: If a name is missing or one too many, or a shape differs.
            Nothing is assigned then.
    """
    arrays = _under_names_of(variables, arrays)
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


def _under_names_of(
    variables: Mapping[str, Any], arrays: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """`arrays`, under a variable's name where theirs differs in the layers around its own.

    Keras names a weight of a layer in another one by both, and in a copy of the network, as
    averages are, by the inner one alone.
    """
    missing = {_own(name): name for name in variables.keys() - arrays.keys()}
    extra = {_own(name): name for name in arrays.keys() - variables.keys()}
    names = {extra[own]: missing[own] for own in missing.keys() & extra.keys()}
    return {names.get(name, name): array for name, array in arrays.items()}


def _own(name: str) -> tuple[str, ...]:
    """The part of a model that a weight is in, the layer that holds it, and what it is."""
    part, _, path = name.partition("/")
    return part, *path.split("/")[-2:]


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


def prune(folders: Sequence[Path], newest: Path, keep: int) -> None:
    """Remove old checkpoints, so that `keep` good ones stay.

    A checkpoint is removed only where `keep` newer ones, `newest` among them, were read and
    are whole.

    Args:
        folders: Checkpoints, oldest first.
        newest: The one that was saved last.
        keep: How many stay, at least 1.
    """
    if not is_good(newest):
        return
    good = 1
    for folder in reversed([each for each in folders if each.name < newest.name]):
        if good < keep:
            good += is_good(folder)
            continue
        # First the name, so that no half of a checkpoint is ever there.
        gone = folder.with_name(f".tmp-{secrets.token_hex(4)}-{folder.name}")
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def is_good(folder: Path) -> bool:
    """Whether a checkpoint can be read, and is as it was written."""
    try:
        load(folder)
    except InputError:
        return False
    return True

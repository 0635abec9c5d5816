"""What is refused before any work: misspelt names, and places that cannot be written."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ganzoo.errors import InputError
from ganzoo.registry import Registry
from ganzoo.training.config import variants
from ganzoo.training.settings import SETTINGS


def check_names(settings: Mapping[str, Any]) -> None:
    """Raises `InputError` for an unknown name in the specs of `settings`; imports no Keras."""
    for _, registry, spec in _named(settings):
        registry.check(spec)


def check_trust(settings: Mapping[str, Any], where: str, options: bool = False) -> None:
    """Raises `InputError` if `settings`, found in a file, name a module nobody has allowed.

    Args:
        settings: Specs by name of a setting; other values are left alone.
        where: The file, for the message.
        options: Whether the file calls settings as options are called.
    """
    for key, registry, spec in _named(settings):
        name = SETTINGS[key].option if options else key
        registry.check_trust(spec, f"{where}: {name!r}")


def _named(settings: Mapping[str, Any]) -> Iterator[tuple[str, Registry[Any], str]]:
    return (found for found in variants(settings) if found[2] != "none")


def check_outdir(outdir: Path) -> None:
    """Raises `InputError` if no run can be made in `outdir`, which need not be there yet."""
    there = next(path for path in (outdir, *outdir.absolute().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise InputError(f"A run's folder cannot be made in {str(there)!r}. Choose --outdir.")


def check_parent(out: Path) -> None:
    """Raises `InputError` if `out` has no name, or no folder that it can be written into.

    Neither may it be a pipe or a device, in whose place a file would be put.
    """
    if not out.name:
        raise InputError(f"--out {str(out)!r} has no name of its own. Give it one.")
    if out.exists() and not (out.is_file() or out.is_dir()):
        raise InputError(
            f"--out {str(out)!r} is a pipe or a device. Give the name of a file or a folder."
        )
    folder = out.absolute().parent
    if not folder.is_dir():
        raise InputError(f"There is no folder {str(out.parent)!r} for --out. Make it first.")
    if not os.access(folder, os.W_OK):
        raise InputError(
            f"Nothing can be written into {str(out.parent)!r}. Choose another --out."
        )


def check_file(out: Path) -> None:
    """Raises `InputError` where `check_parent` does, and if `out` is a folder."""
    check_parent(out)
    if out.is_dir():
        raise InputError(f"--out {str(out)!r} is a folder. Give the name of a file.")


def check_pictures(target: Path) -> None:
    """Raises `InputError` if `target` is no X.png or X.npz, and no folder that can be made."""
    from ganzoo.data.decode import EXTENSIONS

    own = (".npz", ".png")
    (check_file if target.suffix.lower() in own else check_parent)(target)
    if target.suffix.lower() in EXTENSIONS - {".png"}:
        raise InputError(
            f"Sheets are written as PNG: --out {target.with_suffix('.png')}; or give a folder."
        )
    if target.suffix.lower() not in own and target.is_file():
        raise InputError(
            f"--out {str(target)!r} is a file; give a folder, or a name ending in .npz or .png."
        )
    if target.is_dir() and any(target.iterdir()):
        raise InputError(f"The folder {str(target)!r} is not empty. Give a new one with --out.")


def picture_or_arrays(out: str) -> Path:
    """The path of an `--out` that ends in .png or .npz; raises `InputError` if it does not."""
    path = Path(out)
    if path.suffix.lower() not in (".png", ".npz"):
        raise InputError(f"--out {out!r}: give a name that ends in .png or .npz.")
    return path

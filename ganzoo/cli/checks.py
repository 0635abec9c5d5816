"""What is refused before any work: misspelt names, and places that cannot be written."""

import os
from collections.abc import Iterable
from pathlib import Path

from ganzoo.errors import InputError


def check_names(
    losses: Iterable[str],
    penalties: Iterable[str],
    architectures: Iterable[str],
    data: Iterable[str] = (),
    file: str | None = None,
    models: Iterable[str] = (),
) -> None:
    """Raises `InputError` for an unknown name in one of these specs; imports no Keras.

    Args:
        losses: Specs of losses.
        penalties: Specs of penalties.
        architectures: Specs of architectures.
        data: Names of sets; paths are left to those who read them.
        file: The file that holds the specs, whose modules must then be allowed.
        models: Specs of kinds of model.
    """
    import ganzoo.architectures
    import ganzoo.data
    import ganzoo.losses
    import ganzoo.models
    from ganzoo.data.load import is_name

    for registry, specs in (
        (ganzoo.models.registry, models),
        (ganzoo.losses.registry, losses),
        (ganzoo.losses.penalties.registry, penalties),
        (ganzoo.architectures.registry, architectures),
        (ganzoo.data.sets, (name for name in data if is_name(name))),
    ):
        for spec in specs:
            registry.check(spec)
            if file is not None:
                registry.check_trust(spec, f"{file}: {registry.kind}")


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
    """The same, and raises `InputError` if `out` is a folder."""
    check_parent(out)
    if out.is_dir():
        raise InputError(f"--out {str(out)!r} is a folder. Give the name of a file.")

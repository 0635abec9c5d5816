"""What is refused before any work: misspelt names, and places that cannot be written."""

import os
from collections.abc import Iterable
from pathlib import Path

from ganzoo.errors import InputError


def check_names(
    losses: Iterable[str], penalties: Iterable[str], architectures: Iterable[str]
) -> None:
    """Raises `InputError` for an unknown name in one of these specs; Keras stays away."""
    import ganzoo.architectures
    import ganzoo.losses

    for registry, specs in (
        (ganzoo.losses.registry, losses),
        (ganzoo.losses.penalties.registry, penalties),
        (ganzoo.architectures.registry, architectures),
    ):
        for spec in specs:
            registry.check(spec)


def check_outdir(outdir: Path) -> None:
    """Raises `InputError` if no run can be made in `outdir`, which need not be there yet."""
    there = next(path for path in (outdir, *outdir.absolute().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise InputError(f"A run's folder cannot be made in {str(there)!r}. Choose --outdir.")


def check_parent(out: Path) -> None:
    """Raises `InputError` if the folder that `out` is to be written into is not there."""
    if not out.absolute().parent.is_dir():
        raise InputError(f"There is no folder {str(out.parent)!r} for --out. Make it first.")

"""Files of a generator that play without ganzoo: ONNX, LiteRT, SavedModel, Keras.

>>> from ganzoo.export import find
>>> from ganzoo.export.export import export
>>> from ganzoo.training.run import Run
>>> export(Run.open("runs/00000-unown-wgan-gp"), "generator.onnx").format.title
'ONNX'

A new format is one new file in `formats/`; the ending of its files is how it is found.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from ganzoo.errors import InputError
from ganzoo.registry import Registry

if TYPE_CHECKING:
    from ganzoo.export.format import Format

registry: "Registry[Format]" = Registry(
    "format",
    package="ganzoo.export.formats",
    parent="ganzoo.export.format:Format",
    group="ganzoo.formats",
)


def find(path: str | Path) -> "Format":
    """The format that the ending of `path` asks for, in small letters or in capitals.

    Keras is not imported.

    Raises:
        InputError: If no format has this ending, or its runtime does not take it in capitals.
    """
    name = Path(path).name
    stem, dot, ending = name.rpartition(".")
    suffix = dot + ending if dot else ""
    known = [registry.get(entry.name) for entry in registry.usable()]
    formats = {each.suffix: each for each in known}
    if suffix.lower() not in formats or (dot and not stem):
        files = ", ".join(f"NAME{s} ({each.title})" for s, each in formats.items() if s)
        raise InputError(
            f"Nothing is exported as {name!r}. Known: {files}, and NAME without a dot for a "
            f"folder ({formats[''].title})."
        )
    form = formats[suffix.lower()]
    if form.exact and suffix != form.suffix:
        raise InputError(
            f"{form.runtime} loads only files that end in {form.suffix}, in small letters. "
            f"Give {stem}{form.suffix}."
        )
    return form

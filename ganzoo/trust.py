"""Modules whose code may run because a file names them.

A run's `config.json` or a comparison's file may name a class as `package.module:Class`. To
import that module runs it, and such a file may come from anybody. So a module that is not
part of the registries is imported for a file only if the person has named it: by `allow` in
a program; on the command line by `--allow MODULE`, or by an option that holds it itself, such
as `--loss my_module:MyLoss`.
"""

import contextlib
import importlib
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from ganzoo.errors import InputError
from ganzoo.spec import split_outside

# Of a spec: the module in `package.module:Class`, and not in `r1:gamma=0.1`.
MODULE = re.compile(r"\s*([A-Za-z_][\w.]*):[A-Za-z_]\w*\s*(?::|$)")

_allowed: dict[str, str | None] = {}  # Modules, and a folder in which they are found too.


def allow(module: str, folder: str | Path | None = None) -> None:
    """Trust `module` and what is in it: files may name its classes, which are then imported.

    Args:
        module: Its dotted name, such as `"my_package"` or `"my_package.my_module"`.
        folder: A folder that is on `sys.path` while the module is imported, and only then.

    Raises:
        InputError: If `module` is no name of a module.

    Example:
        >>> from ganzoo import trust
        >>> trust.allow("my_module")
        >>> Trainer(**Run.open("runs/00000-unown-my-loss").config)
    """
    parts = module.split(".")
    if not all(part.isidentifier() for part in parts) or parts[-1] == "py":
        raise InputError(
            f"{module!r} is not the name of a Python module. Write it as in an import: "
            "my_module or my_package.my_module."
        )
    _allowed[module] = None if folder is None else str(folder)


def allow_class(cls: type) -> None:
    """Trust the module of a class that a program has handed over: it has been imported."""
    _allowed.setdefault(cls.__module__, None)


def allow_named(text: str, folder: str | Path | None = None) -> None:
    """Trust the modules that a text of the user's own names.

    Args:
        text: One spec, or several with `,` or `+` between them.
        folder: As in `allow`.
    """
    for piece in split_outside(text, ",+"):
        if named := MODULE.match(piece):
            allow(named[1], folder)


def allowed() -> dict[str, str | None]:
    """What has been allowed in this process, as `allow` takes it: to allow it in another."""
    return dict(_allowed)


def is_allowed(module: str) -> bool:
    """Whether `module`, or a package that it is in, has been allowed."""
    return _allowing(module) is not None


def _allowing(module: str) -> str | None:
    """The longest allowed name that stands for `module`."""
    names = (name for name in _allowed if f"{module}.".startswith(f"{name}."))
    return max(names, key=len, default=None)


def check(module: str, where: str) -> None:
    """Raises `InputError` unless `module`, which `where` names, has been allowed."""
    if not is_allowed(module):
        raise InputError(
            f"{where} names the module {module!r}, which is none of ganzoo's: to import it "
            f"runs its code. If you trust it, add --allow {module}"
        )


@contextlib.contextmanager
def importing(module: str) -> Iterator[None]:
    """Within, `module` is also looked for in the folder that it was allowed with."""
    name = _allowing(module)
    folder = _allowed[name] if name is not None else None
    if folder is None:
        yield
        return
    importlib.invalidate_caches()
    sys.path.append(folder)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):  # The module may have changed the path itself.
            del sys.path[len(sys.path) - 1 - sys.path[::-1].index(folder)]


@contextlib.contextmanager
def scope(modules: Mapping[str, str | None] | None = None) -> Iterator[None]:
    """Within, `modules` are allowed too; what is allowed within is not allowed afterwards."""
    before = dict(_allowed)
    _allowed.update(modules or {})
    try:
        yield
    finally:
        _allowed.clear()
        _allowed.update(before)

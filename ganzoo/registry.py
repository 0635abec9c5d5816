"""Find losses, penalties, architectures and data sets by name.

A variant is one class in one file of its family's folder, or an entry point of
another package, or a path `package.module:Class`. Folders are listed by reading
their source, so that nothing, Keras least of all, is imported to print a name.

To import a module is to run it. Paths that a program or a command line gives are imported;
paths that a file holds, such as a run's `config.json`, only where `ganzoo.trust` knows their
module: `Registry.check_trust`.
"""

import ast
import difflib
import importlib
import importlib.metadata
import importlib.util
import inspect
import re
import sys
import warnings
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from pathlib import Path
from typing import Any, Generic, TypeVar

from ganzoo import trust
from ganzoo.errors import InputError
from ganzoo.spec import parse, write

PAPER = re.compile(r"arXiv:\d{4}\.\d{4,5}|doi:\S+[\w)]")


@dataclass(frozen=True)
class Entry:
    """One variant.

    Attributes:
        name: What it is called on the command line.
        target: Where its class is: `"package.module:Class"`.
        summary: First line of the class's docstring.
        paper: `arXiv:...` or `doi:...` in the docstring; empty where there is none.
    """

    name: str
    target: str
    summary: str = ""
    paper: str = ""


Kind = TypeVar("Kind")  # The class that the variants derive from.


class Registry(Generic[Kind]):
    """The variants of one kind, by name.

    Args:
        kind: What a variant is called in messages, such as `"loss"`.
        package: The package whose files each hold one variant.
        parent: Where the class is that each variant derives from: `"package.module:Class"`.
        group: The entry-point group through which other packages add theirs.
    """

    def __init__(self, kind: str, package: str, parent: str, group: str):
        self.kind = kind
        self.package = package
        self.parent = parent
        self.parent_name = parent.partition(":")[2]
        self.group = group

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """All known variants, sorted by name; a file here wins over a plug-in."""
        found = {entry.name: entry for entry in self._plugins()}
        found |= {entry.name: entry for entry in self.own()}
        return dict(sorted(found.items()))

    def own(self) -> Iterator[Entry]:
        """The variants of this project: one a file of the package."""
        spec = importlib.util.find_spec(self.package)
        assert spec is not None and spec.submodule_search_locations
        folders = [Path(folder) for folder in spec.submodule_search_locations]
        for path in sorted(path for folder in folders for path in folder.glob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and self._is_variant(node):
                    yield self._entry(path.stem, node)

    def _is_variant(self, node: ast.ClassDef) -> bool:
        return any(isinstance(b, ast.Name) and b.id == self.parent_name for b in node.bases)

    def _entry(self, module: str, node: ast.ClassDef) -> Entry:
        text = ast.get_docstring(node) or ""
        paper = PAPER.search(text)
        return Entry(
            name=module.replace("_", "-"),
            target=f"{self.package}.{module}:{node.name}",
            summary=text.partition("\n")[0],
            paper=paper.group() if paper else "",
        )

    def _plugins(self) -> Iterator[Entry]:
        for point in importlib.metadata.entry_points(group=self.group):
            package = point.dist.name if point.dist else "unknown package"
            yield Entry(point.name, point.value, f"From the package {package}.")

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def find(self, name: str) -> type[Kind]:
        """The class called `name`, or at the path `package.module:Class`.

        Raises:
            InputError: If there is none, or if importing it fails.
        """
        self.check(name)
        return self._load(self.entries[name].target if name in self.entries else name, name)

    def check(self, spec: str) -> None:
        """Raises `InputError` if the name in `spec` is unknown; imports nothing."""
        name, _ = parse(spec)
        if name in self.entries or ":" in name:
            return
        close = difflib.get_close_matches(name.lower(), self.entries, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise InputError(
            f"There is no {self.kind} {name!r}.{hint} "
            f"Known: {', '.join(self.entries)}; or your own as package.module:Class."
        )

    def check_trust(self, spec: str, where: str) -> None:
        """Raises `InputError` if `spec`, found in a file, is of a module not to be trusted.

        Nothing is imported. Names of the registry are trusted; see `ganzoo.trust`.

        Args:
            spec: A spec as `get` takes one.
            where: The file and the key that hold it, for the message.
        """
        name, _ = parse(spec)
        known = {entry.target for entry in self.entries.values()} | self.entries.keys()
        if ":" in name and name not in known:
            trust.check(name.partition(":")[0], where)

    def _load(self, target: str, name: str) -> type[Any]:
        module, _, attribute = target.partition(":")
        try:
            with trust.importing(module):
                found = getattr(importlib.import_module(module), attribute)
        except Exception as error:  # Whatever a module of somebody's raises.
            raise InputError(
                f"The {self.kind} {name!r} cannot be imported from {target}: "
                f"{type(error).__name__}: {error}"
            ) from error
        if not isinstance(found, type):
            raise InputError(f"The {self.kind} {name!r}: {target} is not a class.")
        self._check_class(found, name, target)
        return found

    def _check_class(self, cls: type[Any], name: str, target: str) -> None:
        if not issubclass(cls, self._parent_class):
            raise InputError(
                f"The {self.kind} {name!r}: {target} does not derive from {self.parent_name}, "
                f"the class in {self.parent.partition(':')[0]}."
            )

    @cached_property
    def _parent_class(self) -> type[Any]:
        module, _, name = self.parent.partition(":")
        parent: type[Any] = getattr(importlib.import_module(module), name)
        return parent

    def get(self, identifier: Any, arguments: Mapping[str, Any] | None = None) -> Kind:
        """An instance, as `keras.losses.get` gives one.

        Args:
            identifier: A name, a path `package.module:Class`, a spec with arguments
                such as `"r1:gamma=0.1"`, a class, or an instance (returned as it is).
            arguments: Keywords for the constructor, over those of the spec.

        Raises:
            InputError: If the name or an argument is unknown or unusable, or the class is of
                another kind.
        """
        if isinstance(identifier, str):
            name, given = parse(identifier)
            make = self.find(name)
            return self._make(make, name, given | dict(arguments or {}))
        cls = identifier if isinstance(identifier, type) else type(identifier)
        self._check_class(cls, cls.__name__, f"{cls.__module__}:{cls.__name__}")
        trust.allow_class(cls)
        if cls is identifier:
            return self._make(cls, cls.__name__, dict(arguments or {}))
        return identifier

    def _make(self, make: type[Any], name: str, given: dict[str, Any]) -> Any:
        self.check_options(make, name, given)
        try:
            return make(**given)
        except (TypeError, ValueError) as error:
            raise InputError(f"The {self.kind} {name!r} cannot be made: {error}") from error

    def check_options(
        self,
        make: type[Any],
        name: str,
        given: Mapping[str, Any],
        others: Collection[str] = (),
    ) -> None:
        """Raises `InputError` if `make` has no such options, or a text is given for a number.

        Args:
            make: The class.
            name: What it is called, for the message.
            given: Keywords for its constructor.
            others: Keywords of the constructor that are no options.
        """
        parameters = inspect.signature(make).parameters
        known = {key: p for key, p in parameters.items() if key not in others}
        open_ended = any(p.kind is p.VAR_KEYWORD for p in known.values())
        for key in given:
            if key not in known and not open_ended:
                options = ", ".join(known) if known else "none"
                raise InputError(
                    f"The {self.kind} {name!r} has no option {key!r}. Options: {options}."
                )
        for key, value in given.items():
            default = known[key].default if key in known else None
            wrong = value is not None and not isinstance(value, Real)
            if isinstance(default, int | float) and wrong:
                kind = "True or False" if isinstance(default, bool) else "a number"
                raise InputError(
                    f"The {self.kind} {name!r}: {key} is {kind}, such as {default}. "
                    f"Received: {value!r}."
                )

    def takes(self, spec: str, option: str) -> bool:
        """Whether the variant of `spec` has an option of this name."""
        return option in inspect.signature(self.find(parse(spec)[0])).parameters

    def attribute(self, name: str) -> Any:
        """The class called `name`, for a package's module-level `__getattr__`."""
        if name == self.parent_name:
            return self._parent_class
        for entry in self.entries.values():
            if entry.target.endswith(f":{name}"):
                return self._load(entry.target, entry.name)
        raise AttributeError(f"module {self.package!r} has no attribute {name!r}")

    @property
    def class_names(self) -> list[str]:
        """Names of all classes, and of the one that they derive from."""
        classes = {entry.target.rpartition(":")[2] for entry in self.entries.values()}
        return sorted(classes | {self.parent_name})

    def describe(self, variant: Any) -> str:
        """The name under which `variant`'s class is found: the inverse of `find`."""
        cls = variant if isinstance(variant, type) else type(variant)
        target = f"{cls.__module__}:{cls.__qualname__}"
        return next((e.name for e in self.entries.values() if e.target == target), target)

    def spec(self, variant: Any) -> str:
        """The text from which `get` makes an equal instance: `r1:gamma=0.1`."""
        return write(self.describe(variant), variant.get_config())

    def usable(self) -> Iterator[Entry]:
        """Entries whose module exists; a broken plug-in is one warning that names it."""
        for entry in self.entries.values():
            if not _is_there(entry.target.partition(":")[0]):
                warnings.warn(
                    f"The {self.kind} {entry.name!r} points at {entry.target}, "
                    "which is not installed. Reinstall or remove the package that adds it.",
                    stacklevel=2,
                )
            else:
                yield entry


def _is_there(module: str) -> bool:
    """Whether `module` could be imported; `importlib.util.find_spec` imports its parents."""
    path, parts = None, module.split(".")
    for end in range(1, len(parts) + 1):
        name = ".".join(parts[:end])
        if name in sys.modules:
            path = getattr(sys.modules[name], "__path__", None)
            continue
        try:
            found = (finder.find_spec(name, path) for finder in sys.meta_path)
            spec = next((spec for spec in found if spec is not None), None)
        except (ImportError, ValueError):
            return False
        if spec is None:
            return False
        path = spec.submodule_search_locations
    return True

"""Find losses, penalties, architectures and data sets by name.

A variant is one class in one file of its family's folder, or an entry point of
another package, or a path `package.module:Class`. Folders are listed by reading
their source (`ganzoo.source`): nothing, Keras least of all, is imported to print a name.

To import a module is to run it. Paths that a program or a command line gives are imported;
paths that a file holds, such as a run's `config.json`, only where `ganzoo.trust` knows their
module: `Registry.check_trust`.
"""

import difflib
import importlib
import inspect
import re
import sys
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Real
from typing import Any, Generic, TypeVar

from ganzoo import trust
from ganzoo.errors import InputError
from ganzoo.source import ClassSource, ModuleSource, Sources, find_module
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
        facts: Attributes of the class that its registry lists, such as `roles`; an attribute
            that is no literal in the source is `None`.
    """

    name: str
    target: str
    summary: str = ""
    paper: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


Kind = TypeVar("Kind")  # The class that the variants derive from.


class Registry(Generic[Kind]):
    """The variants of one kind, by name.

    Args:
        kind: What a variant is called in messages, such as `"loss"`.
        package: The package whose files each hold one variant.
        parent: Where the class is that each variant derives from: `"package.module:Class"`.
        group: The entry-point group through which other packages add theirs.
        facts: Attributes of the classes that `Entry.facts` holds.
        inner: Registries of options that are specs themselves, by the option's name.
    """

    def __init__(
        self,
        kind: str,
        package: str,
        parent: str,
        group: str,
        facts: Collection[str] = (),
        inner: "Mapping[str, Registry[Any]] | None" = None,
    ):
        self.kind = kind
        self.package = package
        self.parent = parent
        self.parent_name = parent.partition(":")[2]
        self.group = group
        self.facts = facts
        self.inner = inner or {}

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """All known variants, sorted by name; a file here wins over a plug-in.

        Raises:
            InputError: If a file of the folder holds two variants.
        """
        found = {name: entries[-1] for name, entries in self._plugins.items()}
        found |= {entry.name: entry for entry in self.own()}
        return dict(sorted(found.items()))

    def own(self) -> Iterator[Entry]:
        """The variants of this project: one a file of the package.

        A class that is abstract, or whose name begins with `_`, is none.

        Raises:
            InputError: If a file holds two.
        """
        for module in self.modules:
            variants = [cls for cls in module.classes if self._is_variant(cls)]
            if len(variants) > 1:
                names = " and ".join(cls.name for cls in variants)
                raise InputError(
                    f"{module.path} holds {len(variants)} classes that derive from "
                    f"{self.parent_name}: {names}. A {self.kind} has the name of its file, so "
                    "each needs a file of its own; a class that only others derive from begins "
                    "with an underscore or is abstract."
                )
            for cls in variants:
                yield self._entry(cls)

    @cached_property
    def modules(self) -> list[ModuleSource]:
        """The files of the package's folder, whether they hold a variant or not.

        Raises:
            InputError: If one is no Python.
        """
        package = self._sources.module(self.package)
        try:
            return [] if package is None else list(self._sources.inside(package))
        except SyntaxError as error:
            raise InputError(
                f"{error.filename}, line {error.lineno}, is no Python: {error.msg}."
            ) from error

    @cached_property
    def _sources(self) -> Sources:
        return Sources({self.package.partition(".")[0], self.parent.partition(".")[0]})

    def _is_variant(self, cls: ClassSource) -> bool:
        line = {each.target for each in self._sources.lineage(cls)}
        private = cls.name.startswith("_") or cls.abstract
        return self.parent in line and cls.target != self.parent and not private

    def _entry(self, cls: ClassSource) -> Entry:
        paper = PAPER.search(cls.docstring)
        return Entry(
            name=cls.module.name.rpartition(".")[2].replace("_", "-"),
            target=cls.target,
            summary=cls.docstring.partition("\n")[0],
            paper=paper.group() if paper else "",
            facts={fact: self._sources.literal(cls, fact) for fact in self.facts},
        )

    @cached_property
    def _plugins(self) -> dict[str, list[Entry]]:
        """The entry points of other packages, by name."""
        found: dict[str, list[Entry]] = {}
        from importlib.metadata import entry_points  # A third of what `--help` would take.

        for point in entry_points(group=self.group):
            package = point.dist.name if point.dist else "unknown package"
            summary = f"From the package {package}."
            entry = Entry(point.name, point.value, summary, facts=self._facts(point.value))
            if entry not in found.setdefault(point.name, []):
                found[point.name].append(entry)
        return found

    def _facts(self, target: str) -> dict[str, Any]:
        """Facts of a class of another package, from its source."""
        if not self.facts:
            return {}
        sources = Sources({target.partition(":")[0].partition(".")[0], "ganzoo"})
        try:
            cls = sources.find(target)
        except (OSError, SyntaxError, ValueError):  # Said when it is imported.
            cls = None
        return {fact: cls and sources.literal(cls, fact) for fact in self.facts}

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
        if len(several := self._plugins.get(name, ())) > 1 and self.entries[name] in several:
            raise InputError(
                f"Several packages add a {self.kind} {name!r}: "
                f"{', '.join(entry.target for entry in several)}. Name one by its path."
            )
        return self._load(self.entries[name].target if name in self.entries else name, name)

    def check(self, spec: str) -> None:
        """Raises `InputError` if a name in `spec` is unknown; imports nothing."""
        name, options = parse(spec)
        for registry, inner in self._inner(options):
            registry.check(inner)
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
        name, options = parse(spec)
        for registry, inner in self._inner(options):
            registry.check_trust(inner, where)
        known = {entry.target for entry in self.entries.values()} | self.entries.keys()
        if ":" in name and name not in known:
            trust.check(name.partition(":")[0], where)

    def _inner(self, options: Mapping[str, Any]) -> Iterator[tuple["Registry[Any]", str]]:
        """Options that are specs of other registries."""
        for name, registry in self.inner.items():
            if isinstance(options.get(name), str):
                yield registry, options[name]

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
        self.check_class(found, name, target)
        return found

    def check_class(self, cls: type[Any], name: str = "", target: str = "") -> None:
        """Raises `InputError` if `cls`, found under `name` at `target`, is of another kind."""
        name, target = name or cls.__name__, target or f"{cls.__module__}:{cls.__qualname__}"
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
            arguments: Keywords for the constructor, which win over the spec's.

        Raises:
            InputError: If the name or an argument is unknown or unusable, or the class is of
                another kind.
        """
        if isinstance(identifier, str):
            name, given = parse(identifier)
            make = self.find(name)
            return self._make(make, name, given | dict(arguments or {}))
        cls = identifier if isinstance(identifier, type) else type(identifier)
        self.check_class(cls)
        trust.allow_class(cls)
        if cls is identifier:
            return self._make(cls, cls.__name__, dict(arguments or {}))
        return identifier

    def _make(self, make: type[Any], name: str, given: dict[str, Any]) -> Any:
        self.check_options(inspect.signature(make).parameters, name, given)
        try:
            return make(**given)
        except (TypeError, ValueError) as error:
            raise InputError(f"The {self.kind} {name!r} cannot be made: {error}") from error

    def check_options(
        self,
        parameters: Mapping[str, inspect.Parameter],
        name: str,
        given: Mapping[str, Any],
        others: Collection[str] = (),
    ) -> None:
        """Raises `InputError` for options that there are not, or texts in place of numbers.

        Args:
            parameters: Of the constructor.
            name: What it is called, for the message.
            given: Keywords for its constructor.
            others: Keywords of the constructor that are no options.
        """
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

    def lazy(self) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
        """The `__getattr__` and `__dir__` of the package, as `ganzoo.lazy.lazy` gives them.

        Its classes, and Keras with them, are imported when they are first asked for.
        """

        def names() -> list[str]:
            classes = {entry.target.rpartition(":")[2] for entry in self.entries.values()}
            return sorted({*vars(sys.modules[self.package]), *classes, self.parent_name})

        return self.attribute, names

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
            if find_module(entry.target.partition(":")[0]) is None:
                warnings.warn(
                    f"The {self.kind} {entry.name!r} points at {entry.target}, "
                    "which is not installed. Reinstall or remove the package that adds it.",
                    stacklevel=2,
                )
            else:
                yield entry

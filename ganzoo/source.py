"""Classes as the source of their modules has them. Nothing is imported to look at one."""

import ast
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any


def find_module(name: str) -> ModuleSpec | None:
    """The module's spec, or `None` if there is no such module.

    `importlib.util.find_spec` would import the packages that the module is in.
    """
    path, parts, spec = None, name.split("."), None
    for end in range(1, len(parts) + 1):
        part = ".".join(parts[:end])
        if part in sys.modules:
            path = getattr(sys.modules[part], "__path__", None)
            spec = getattr(sys.modules[part], "__spec__", None)
            if spec is not None:
                continue
        try:
            found = (finder.find_spec(part, path) for finder in sys.meta_path)
            spec = next((each for each in found if each is not None), None)
        except (ImportError, ValueError):
            return None
        if spec is None:
            return None
        path = spec.submodule_search_locations
    return spec


@dataclass(frozen=True)
class ModuleSource:
    """The source of a module.

    Attributes:
        name: Its dotted name.
        path: Its file.
        tree: Its syntax tree.
    """

    name: str
    path: Path
    tree: ast.Module

    @classmethod
    def read(cls, name: str, path: Path) -> "ModuleSource":
        """The source in a file.

        Raises:
            SyntaxError: If it is no Python.
        """
        return cls(name, path, ast.parse(path.read_text(encoding="utf-8"), str(path)))

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @cached_property
    def classes(self) -> list["ClassSource"]:
        """Its classes, in order; those inside functions and classes are left out."""
        nodes = _statements(self.tree.body)
        return [ClassSource(self, node) for node in nodes if isinstance(node, ast.ClassDef)]

    @cached_property
    def imports(self) -> dict[str, str]:
        """What its imported names are: `"package.module"`, or `"package.module:Name"`."""
        found = {}
        for node in _statements(self.tree.body):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    found[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom):
                parts = self.name.split(".")
                above = parts[: len(parts) + self.is_package - node.level] if node.level else []
                module = ".".join([*above, *([node.module] if node.module else [])])
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{module}:{alias.name}"
        return found


@dataclass(frozen=True)
class ClassSource:
    """A class in the source of a module."""

    module: ModuleSource
    node: ast.ClassDef

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def target(self) -> str:
        """Where it is: `"package.module:Name"`."""
        return f"{self.module.name}:{self.name}"

    @property
    def docstring(self) -> str:
        """Its docstring, without indentation; empty if there is none."""
        return ast.get_docstring(self.node) or ""

    @property
    def decorators(self) -> list[str]:
        """The source of its decorators."""
        return [ast.unparse(decorator) for decorator in self.node.decorator_list]

    @property
    def abstract(self) -> bool:
        """Whether it says itself that it is incomplete: `ABC`, or an `@abstractmethod`."""
        methods = [node for node in self.node.body if isinstance(node, ast.FunctionDef)]
        marks = [ast.unparse(mark) for method in methods for mark in method.decorator_list]
        marks += [ast.unparse(base) for base in self.node.bases]
        return any(mark.rpartition(".")[2] in ("ABC", "abstractmethod") for mark in marks)

    @property
    def bases(self) -> list[str]:
        """Where the classes are that it derives from: `"package.module:Name"`."""
        dotted = (_dotted(base) for base in self.node.bases)
        return [self._target(name) for name in dotted if name]

    def _target(self, dotted: str) -> str:
        first, *rest = dotted.split(".")
        start = self.module.imports.get(first, f"{self.module.name}:{first}")
        if not rest:
            return start
        *modules, name = (*start.replace(":", ".").split("."), *rest)
        return f"{'.'.join(modules)}:{name}"

    def literal(self, attribute: str) -> Any:
        """The value of an attribute that its body sets to a literal.

        Raises:
            LookupError: If it sets none.
            ValueError: If the value is no literal.
        """
        for node in self.node.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, ast.AnnAssign) and node.value is not None:
                targets = [node.target]
            if any(isinstance(each, ast.Name) and each.id == attribute for each in targets):
                return ast.literal_eval(node.value)  # type: ignore[attr-defined]
        raise LookupError(attribute)


class Sources:
    """Classes of some packages, each file read once.

    Args:
        packages: Top-level packages in which to look; classes of others are unknown here.
    """

    def __init__(self, packages: Iterable[str]):
        self.packages: Collection[str] = set(packages)
        self._modules: dict[str, ModuleSource | None] = {}

    def module(self, name: str) -> ModuleSource | None:
        """The source of a module; `None` if it is of another package or has no source."""
        if name not in self._modules:
            self._modules[name] = self._read(name)
        return self._modules[name]

    def _read(self, name: str) -> ModuleSource | None:
        if name.partition(".")[0] not in self.packages:
            return None
        spec = find_module(name)
        if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
            return None
        return ModuleSource.read(name, Path(spec.origin))

    def inside(self, module: ModuleSource) -> Iterator[ModuleSource]:
        """The modules in the folder of a package."""
        for path in sorted(module.path.parent.glob("*.py")):
            if path != module.path and (found := self.module(f"{module.name}.{path.stem}")):
                yield found

    def find(self, target: str) -> ClassSource | None:
        """The class at `"package.module:Name"`, or where that module imports it from.

        In a package also the class of its folder that it imports when it is asked for.
        """
        seen = set()
        while target not in seen:
            seen.add(target)
            name, _, class_name = target.partition(":")
            module = self.module(name)
            if module is None:
                return None
            target = module.imports.get(class_name, target)
            lazily = self.inside(module) if module.is_package and target in seen else ()
            for each in (module, *lazily):
                for cls in each.classes:
                    if cls.name == class_name:
                        return cls
        return None

    def lineage(self, cls: ClassSource) -> Iterator[ClassSource]:
        """The class and those that it derives from, near ones first, each once."""
        line, seen = [cls], set()
        while line:
            each = line.pop(0)
            if each.target not in seen:
                seen.add(each.target)
                yield each
                line += [found for base in each.bases if (found := self.find(base))]

    def literal(self, cls: ClassSource, attribute: str) -> Any:
        """The literal value of an attribute, its own or inherited; `None` if there is none."""
        for each in self.lineage(cls):
            try:
                return each.literal(attribute)
            except LookupError:
                continue
            except ValueError:
                return None
        return None


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that a module runs, those inside `if`, `try` and `with` too."""
    for node in body:
        yield node
        for part in ("body", "orelse", "finalbody", "handlers"):
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _statements(getattr(node, part, ()))


def _dotted(node: ast.expr) -> str:
    """`a.b.C` of an expression, of `a.b.C[T]` too; empty if it is none."""
    if isinstance(node, ast.Subscript):
        node = node.value
    text = ast.unparse(node)
    return text if all(part.isidentifier() for part in text.split(".")) else ""

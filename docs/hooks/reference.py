"""The reference: a page with the line `<!-- reference: PACKAGE -->` gets its public names.

Names are those of `__all__` and the classes of the package's registry. The sources are read
and not imported. The page with `<!-- commands -->` gets the help of every command.
"""

import atexit
import importlib
import inspect
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import click
from mkdocs.plugins import event_priority

from ganzoo.cli.main import COMMANDS, command
from ganzoo.registry import Registry
from ganzoo.source import find_module

PACKAGE = re.compile(r"^<!-- reference: (\S+) -->$", re.M)
EXAMPLE = re.compile(r"^( +)Example:\n(\1    )", re.M)  # mkdocstrings knows it as Examples.
HELP = "<!-- commands -->"
BESIDE = ("losses", "architectures")  # In a clone beside `ganzoo`, installed inside it.


@event_priority(100)  # Before mkdocstrings reads its paths.
def on_config(config: Any) -> Any:
    """Gives mkdocstrings the sources as they lie when installed: one package."""
    house = Path(tempfile.mkdtemp(prefix="ganzoo-docs-"))
    atexit.register(shutil.rmtree, house, ignore_errors=True)
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(_folder("ganzoo"), house / "ganzoo", ignore=ignore)
    for name in BESIDE:
        inside = house / "ganzoo" / name
        if not inside.exists():
            shutil.copytree(_folder(f"ganzoo.{name}"), inside, ignore=ignore)
    for path in house.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(EXAMPLE.sub(r"\1Examples:\n\2", text), encoding="utf-8")
    handlers = config.plugins["mkdocstrings"].config["handlers"]
    handlers["python"]["paths"] = [str(house)]
    return config


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """The text of a page, with the names of a package or the help of the commands."""
    markdown = PACKAGE.sub(lambda match: _names(match[1]), markdown)
    return markdown.replace(HELP, _help()) if HELP in markdown else markdown


def _names(package: str) -> str:
    """A line of mkdocstrings for each public name."""
    return "\n\n".join(f"::: {target}" for target in targets(package))


def targets(package: str) -> list[str]:
    """Where each public class and function of a package is, by name."""
    module = importlib.import_module(package)
    public = {
        name: f"{package}.{name}"
        for name in getattr(module, "__all__", ())
        if _is_documented(module, name)
    }
    found = getattr(module, "registry", None)
    if isinstance(found, Registry):
        public |= {entry.target.rpartition(":")[2]: entry.target for entry in found.own()}
    by_name = sorted(public.items(), key=lambda each: each[0].lower())
    return [target.replace(":", ".") for _, target in by_name]


def _is_documented(module: Any, name: str) -> bool:
    """Whether it is a class or a function; what a package imports later is not imported."""
    if name in vars(module):
        return inspect.isclass(vars(module)[name]) or inspect.isfunction(vars(module)[name])
    return find_module(f"{module.__name__}.{name}") is None


def _help() -> str:
    """The help of every command, as it is in a terminal."""
    shown = []
    for name in COMMANDS:
        found = command(name)
        shown.append(f"## ganzoo {name}\n\n{_text(found, f'ganzoo {name}')}")
        inside = found.commands if isinstance(found, click.Group) else {}
        for inner, each in inside.items():
            called = f"ganzoo {name} {inner}"
            shown.append(f"### {called}\n\n{_text(each, called)}")
    return "\n\n".join(shown)


def _text(found: click.Command, called: str) -> str:
    width = {"max_content_width": 80, "terminal_width": 80}
    text = found.get_help(click.Context(found, info_name=called, **width))
    return f"``` {{ .text .no-copy }}\n{text}\n```"


def _folder(package: str) -> str:
    spec = find_module(package)
    assert spec is not None and spec.submodule_search_locations is not None
    return next(iter(spec.submodule_search_locations))

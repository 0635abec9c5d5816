"""The gallery: a page with the line `<!-- gallery: KIND -->` gets a card for each variant.

A card is made from the registry, that is from docstrings and sources, and from the committed
results of comparisons: nothing on it is written by hand.
"""

import ast
import importlib
import io
import re
import statistics
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from mkdocs.structure.files import File
from PIL import Image

from ganzoo.cli.list import KINDS
from ganzoo.comparison.runs.results import Results, sample_path
from ganzoo.data.sheet import plain_sheet
from ganzoo.registry import Entry
from ganzoo.source import Sources
from ganzoo.spec import parse

ROOT = Path(__file__).parents[2]
CARDS = re.compile(r"^<!-- gallery: (\w+) -->$", re.M)
OPTIONS = {  # Of each kind the option of `ganzoo train`, and its column in results.csv.
    "models": ("--model", "model"),
    "losses": ("--loss", "loss"),
    "penalties": ("--penalty", "penalties"),
    "architectures": ("--arch", "architecture"),
    "conditions": ("--condition", "condition"),
}
SECTIONS = ("Args:", "Raises:", "Attributes:", "Example:", "Returns:")
FIGURES = (  # A measure, how it is called, and how it is written.
    ("modes", "modes of 28", "{:.0f}"),
    ("recognised", "recognised", "{:.0%}"),
    ("kid", "KID", "{:.3f}"),
    ("coverage", "coverage", "{:.2f}"),
    ("near_copies", "near-copies", "{:.0%}"),
)
TILE, GAP, SHOWN = 56, 2, 8  # Pixels of an image and of the line beside it; images of a strip.


def on_files(files: Any, config: Any) -> Any:
    """Adds the strip of samples of each variant that has one."""
    for kind in OPTIONS:
        for entry in _entries(kind):
            if found := _result(kind, entry.name):
                files.append(_strip(config, kind, entry.name, *found))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """The text of a page, with its cards."""
    return CARDS.sub(lambda match: _cards(match[1], config), markdown)


def _entries(kind: str) -> list[Entry]:
    module, _, name = KINDS[kind].partition(":")
    return list(getattr(importlib.import_module(module), name).own())


def _cards(kind: str, config: Any) -> str:
    return "\n\n".join(_card(kind, entry, config) for entry in _entries(kind))


def _card(kind: str, entry: Entry, config: Any) -> str:
    source = _source(entry)
    summary, *paragraphs = _paragraphs(source.docstring)
    parts = [f"## {entry.name}", f"**{_prose(summary)}**", *_figures(kind, entry)]
    parts += [_shown(paragraph) for paragraph in paragraphs]
    parts.append(f"```sh\nganzoo train {OPTIONS[kind][0]} {entry.name}\n```")
    if options := _options(source):
        parts.append(f'??? note "Options"\n\n{textwrap.indent(options, "    ")}')
    if kind in ("losses", "penalties") and (code := _code(source)):
        fenced = f"```python\n{code}\n```"
        parts.append(f'??? note "The formula in code"\n\n{textwrap.indent(fenced, "    ")}')
    path = _path(source)
    links = [f"[{path}]({config.extra['repository']}/blob/main/{path})"]
    if roles := entry.facts.get("roles"):
        links.insert(0, f"Networks: {', '.join(roles)}")
    parts.append(f'<p class="facts" markdown>{" · ".join(links)}</p>')
    body = "\n\n".join(parts)
    return f'<div class="animal" markdown>\n\n{body}\n\n</div>'


def _source(entry: Entry) -> Any:
    package = entry.target.partition(".")[0]
    return Sources({package}).find(entry.target)


def _path(source: Any) -> str:
    """The file in the project, with `/`."""
    parts = source.module.name.split(".")
    if parts[1] in ("losses", "architectures"):  # Beside `ganzoo` in the project.
        parts = parts[1:]
    return "/".join(parts) + ".py"


def _paragraphs(docstring: str) -> list[str]:
    """The paragraphs of a docstring up to its list of arguments."""
    found = re.split(r"\n\s*\n", docstring.strip())
    ends = [i for i, part in enumerate(found) if part.startswith(SECTIONS)]
    return found[: ends[0]] if ends else found


def _shown(paragraph: str) -> str:
    """A paragraph in Markdown; an indented one is a formula."""
    if paragraph.startswith("    "):
        return f"``` {{ .text .no-copy }}\n{textwrap.dedent(paragraph)}\n```"
    return _prose(paragraph)


def _prose(text: str) -> str:
    """Plain text as Markdown: signs that would be read as marks stand for themselves."""
    pieces = re.split(r"(`[^`]*`)", text)
    return "".join(p if p.startswith("`") else re.sub(r"([*<|])", r"\\\1", p) for p in pieces)


def _options(source: Any) -> str:
    """A table of the constructor's keywords, with their defaults."""
    defaults = _defaults(source.node)
    rows = [
        f"| `{name}` | `{defaults[name]}` | {_prose(text)} |"
        for name, text in _arguments(source.docstring)
        if name in defaults
    ]
    return "\n".join(["| option | default | |", "|---|---|---|", *rows]) if rows else ""


def _arguments(docstring: str) -> Iterator[tuple[str, str]]:
    """Names and meanings below `Args:`."""
    below = docstring.partition("Args:\n")[2]
    below = re.split(r"\n(?=\S)", below)[0]
    for match in re.finditer(r"^    (\w+): (.*(?:\n {8,}.*)*)", below, re.M):
        yield match[1], " ".join(match[2].split())


def _defaults(node: ast.ClassDef) -> dict[str, str]:
    """Keywords of the constructor and the source of their defaults."""
    makes = (n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__")
    if (make := next(makes, None)) is None:
        return {}
    names = [argument.arg for argument in make.args.args]
    values = [ast.unparse(value) for value in make.args.defaults]
    given = dict(zip(names[len(names) - len(values) :], values, strict=True))
    both = zip(make.args.kwonlyargs, make.args.kw_defaults, strict=True)
    return given | {a.arg: ast.unparse(v) for a, v in both if v is not None}


def _code(source: Any) -> str:
    """The methods of a class that are its formula."""
    lines = source.module.path.read_text(encoding="utf-8").splitlines()
    beside = ("get_config", "passes")
    methods = [
        "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in source.node.body
        if isinstance(node, ast.FunctionDef)
        and not (node.name in beside or node.name == "__init__")
    ]
    return textwrap.dedent("\n\n".join(methods))


def _figures(kind: str, entry: Entry) -> Iterator[str]:
    """The strip and the figures of a variant that a committed comparison has."""
    if (found := _result(kind, entry.name)) is None:
        return
    results, cell = found
    folder = results.folder.name
    strip = f"../assets/strips/{kind}-{entry.name}.png"
    yield f"![Samples of {cell}]({strip}){{ .strip }}"
    rows = [run for run in results.of(cell) if run.status == "done"]
    said = []
    for measure, label, form in FIGURES:
        values = [run.measure(measure) for run in rows]
        figure = form.format(round(statistics.median(values), 3) + 0.0).replace("-", "−")
        said.append(f"<span><b>{figure}</b> {label}</span>")
    yield '<div class="figures">' + "".join(said) + "</div>"
    seeds = f"{len(rows)} seed{'s' * (len(rows) > 1)}"
    of_other = "" if cell == entry.name else f" of `{cell}`"
    yield (
        f"Samples{of_other} and medians of {seeds} after {rows[0].kimg:.0f} thousand images: "
        f"[{folder}](../../benchmarks/results/{folder}/report.md)."
    )


@cache
def _comparisons() -> list[Results]:
    """The committed comparisons of forms, the longest first."""
    found = []
    for path in sorted((ROOT / "benchmarks" / "results").glob("*/comparison.json")):
        results = Results.read(path.parent)
        if results.settings["data"].startswith("unown") and (path.parent / "samples").is_dir():
            found.append(results)
    return sorted(found, key=lambda results: -sum(run.kimg or 0 for run in results.runs))


def _result(kind: str, name: str) -> tuple[Results, str] | None:
    """The comparison that says most of a variant, and its cell there."""
    column = OPTIONS[kind][1]
    having = []
    for results in _comparisons():
        used = {cell: _used(results, cell, column) for cell in results.cells}
        cells = [cell for cell in results.cells if name in used[cell]]
        cells = [cell for cell in cells if _sheet(results, cell).is_file()]
        if cells:
            compares = len({tuple(names) for names in used.values()})
            having.append((compares, results, cells[0]))
    if not having:
        return None
    _, results, cell = max(having, key=lambda each: each[0] > 1)
    return results, cell


def _used(results: Results, cell: str, column: str) -> list[str]:
    """Names of the variants of one kind that a cell uses."""
    value = results.first(cell).settings.get(column)
    return [parse(spec)[0] for spec in str(value or "").split()]


def _sheet(results: Results, cell: str) -> Path:
    assert results.folder is not None
    return results.folder / sample_path(cell, results.seeds[0])


def _strip(config: Any, kind: str, name: str, results: Results, cell: str) -> File:
    """The first samples of a cell's first seed, as a file of the site."""
    pixels = np.array(plain_sheet(_sheet(results, cell)))
    tiles = [pixels[GAP : GAP + TILE, GAP + i * (TILE + GAP) :][:, :TILE] for i in range(SHOWN)]
    buffer = io.BytesIO()
    Image.fromarray(np.concatenate(tiles, axis=1)).save(buffer, "png", optimize=True)
    address = f"assets/strips/{kind}-{name}.png"
    return File.generated(config, address, content=buffer.getvalue())

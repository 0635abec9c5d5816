"""Each tutorial has a notebook: tidy, of public names alone, and one that runs."""

import ast
import importlib
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="pip install '.[dev]'")
ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REPOSITORY = PROJECT["urls"]["Source"].removeprefix("https://github.com/")
COLAB = f"https://colab.research.google.com/github/{REPOSITORY}/blob/main/notebooks"
PUBLIC = ("ganzoo", "ganzoo.architectures", "ganzoo.callbacks", "ganzoo.data", "ganzoo.losses")
PUBLIC += ("ganzoo.metrics",)
MAGIC = re.compile(r"^(\s*)(?:\w+ = )?[%!](?:.*\\\n)*.*$", re.M)
TINY = {"GANZOO_NOTEBOOK_KIMG": "0.4", "GANZOO_NOTEBOOK_SEEDS": "0"}
of_each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def trees(book):
    """The syntax trees of the cells, of a file that a cell writes too."""
    for cell in book.cells:
        if cell.cell_type == "code":
            source = cell.source.removeprefix(re.match(r"(%%.*\n)?", cell.source)[0])
            yield ast.parse(MAGIC.sub(r"\1pass", source))


def strange(tree):
    """What a tree uses of ganzoo that is in no `__all__`, and names that begin with `_`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "ganzoo":
            if node.module not in PUBLIC:
                yield node.module
                continue
            known = importlib.import_module(node.module).__all__
            yield from (alias.name for alias in node.names if alias.name not in known)
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            yield from (n for n in names if n.startswith("ganzoo") and n not in PUBLIC)
        elif isinstance(node, ast.Attribute):
            home = ast.unparse(node.value)
            if node.attr.startswith("_"):
                yield node.attr
            if home in PUBLIC and node.attr not in importlib.import_module(home).__all__:
                yield f"{home}.{node.attr}"


def test_each_tutorial_has_a_notebook_of_its_title():
    assert [path.stem for path in NOTEBOOKS] == [page.stem for page in TUTORIALS]
    for path, page in zip(NOTEBOOKS, TUTORIALS, strict=True):
        title = page.read_text(encoding="utf-8").partition("\n")[0]
        assert read(path).cells[0].source.partition("\n")[0] == title


@of_each
def test_it_holds_no_output_and_its_file_is_as_nbformat_writes_it(path):
    book = read(path)
    nbformat.validate(book)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert not any(cell.metadata for cell in book.cells)
    assert [cell.id for cell in book.cells] == [f"cell-{i:02d}" for i in range(len(book.cells))]
    assert set(book.metadata) == {"kernelspec", "language_info"}
    assert path.read_text(encoding="utf-8") == nbformat.writes(book) + "\n"


@of_each
def test_it_opens_in_colab_and_installs_there_alone(path):
    head, install, budget = read(path).cells[:3]
    assert f"({COLAB}/{path.name})" in head.source
    assert f"/tutorials/{path.stem}/)" in head.source
    assert 'if "google.colab" in sys.modules:\n    %pip install' in install.source
    assert f"git+{PROJECT['urls']['Source']}" in install.source
    assert "GANZOO_NOTEBOOK_KIMG" in budget.source


@of_each
def test_it_uses_public_names_alone(path):
    assert [name for tree in trees(read(path)) for name in strange(tree)] == []


@of_each
def test_a_shell_command_names_values_without_a_format(path):
    """IPython leaves all braces of a command as they are if one holds `:g`."""
    code = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
    commands = [match[0] for source in code for match in MAGIC.finditer(source)]
    assert [c for c in commands if re.search(r"\{[^}]*:[^}]*\}", c)] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from ganzoo.training.run import Run", "ganzoo.training.run"),
        ("from ganzoo.losses import registry_of", "registry_of"),
        ("import ganzoo.samples", "ganzoo.samples"),
        ("ganzoo.samples.draw", "ganzoo.samples"),
        ("run._run", "_run"),
    ],
)
def test_the_check_finds_what_is_not_public(source, found):
    assert found in list(strange(ast.parse(source)))


@pytest.mark.thorough
@of_each
def test_it_runs_and_shows_pictures(path, tmp_path, monkeypatch):
    client = pytest.importorskip("nbclient")
    for name, value in TINY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    scripts = os.path.dirname(sys.executable)  # Where `!ganzoo` is.
    monkeypatch.setenv("PATH", scripts + os.pathsep + os.environ["PATH"])
    book = read(path)
    resources = {"metadata": {"path": str(tmp_path)}}
    client.NotebookClient(book, timeout=600, resources=resources).execute()
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    shown = [kind for c in code for o in c.outputs for kind in o.get("data", {})]
    said = "".join(o.get("text", "") for cell in code for o in cell.outputs)
    assert "image/png" in shown or path.stem == "fair-comparison"
    assert "Error" not in said and "not found" not in said, said
    if kept := os.environ.get("GANZOO_NOTEBOOKS_RUN"):  # To look at them.
        nbformat.write(book, Path(kept) / path.name)

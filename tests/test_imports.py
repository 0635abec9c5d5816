"""No file imports another one that imports it, not in a function either."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def modules():
    """The project's files by the name under which they are imported."""
    found = {}
    for folder in ("ganzoo", "losses", "architectures"):
        for path in (ROOT / folder).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            parts = parts if folder == "ganzoo" else ("ganzoo", *parts)
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


def nodes(tree):
    """All nodes, but for what only type checkers see."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield node
            yield from nodes(node)


def imported(path, known):
    """Names of the modules in `known` that a file imports, in functions too."""
    found = set()
    for node in nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (names & known) or {node.module}
    return found & known


def test_imports_form_no_circle():
    known = modules()
    assert len(known) > 250
    graph = {name: imported(path, known.keys()) - {name} for name, path in known.items()}
    assert "ganzoo.models.generative_model" in graph["ganzoo.models.gan"]
    TopologicalSorter(graph).prepare()  # Raises CycleError, which names the files.


def test_a_comparison_s_packages_import_one_way():
    known, order = modules(), ("runs", "statistics", "report")
    for name, path in known.items():
        parts = name.split(".")
        if parts[:2] == ["ganzoo", "comparison"] and len(parts) == 4:
            later = order[order.index(parts[2]) + 1 :]
            found = {
                module.split(".")[2]
                for module in imported(path, known.keys())
                if module.startswith("ganzoo.comparison.")
            }
            assert not found & set(later), f"{name} imports {found & set(later)}"


def test_a_circle_within_a_function_is_seen(tmp_path):
    (tmp_path / "a.py").write_text("from b import x\n")
    (tmp_path / "b.py").write_text("def f():\n    import a\n")
    known = {"a": tmp_path / "a.py", "b": tmp_path / "b.py"}
    graph = {name: imported(path, known.keys()) for name, path in known.items()}
    with pytest.raises(ValueError, match="cycle"):
        TopologicalSorter(graph).prepare()

"""`dir()`, editors and type checkers see every public name, and each of them exists."""

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ganzoo import architectures, data, losses, models

PACKAGES = [
    "ganzoo",
    "ganzoo.architectures",
    "ganzoo.augmentations",
    "ganzoo.callbacks",
    "ganzoo.conditions",
    "ganzoo.data",
    "ganzoo.losses",
    "ganzoo.losses.penalties",
    "ganzoo.metrics",
]
TYPED = """
from typing import assert_type
import ganzoo
from ganzoo.architectures import Architecture
from ganzoo.losses import Loss, WassersteinGP
from ganzoo.losses.penalties import R1, Penalty
assert_type(ganzoo.losses.get("hinge"), Loss)
assert_type(ganzoo.losses.penalties.get("r1"), Penalty)
assert_type(ganzoo.architectures.get("progressive-dcgan"), Architecture)
loss: Loss = WassersteinGP(weight=5.0)
penalty: Penalty = R1(gamma=0.1)
"""


def statically(package):
    """Names that a type checker sees in a package's source."""
    tree = ast.parse(Path(package.__file__).read_text(encoding="utf-8"))
    checked = [node for node in tree.body if isinstance(node, ast.If)]
    imports = [n for node in checked for n in node.body if isinstance(n, ast.ImportFrom)]
    return {alias.asname for node in imports for alias in node.names}


@pytest.mark.parametrize("name", PACKAGES)
def test_every_public_name_is_there_for_people_and_for_type_checkers(name):
    package = importlib.import_module(name)
    assert set(package.__all__) <= set(dir(package))
    for public in package.__all__:
        assert getattr(package, public) is not None
    defined = {public for public in package.__all__ if public in vars(package)}
    assert set(package.__all__) - defined <= statically(package) <= set(package.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = package.nonsense


@pytest.mark.parametrize("package", [losses, losses.penalties, architectures, models])
def test_every_variant_is_an_attribute_of_its_package(package):
    """With a line for type checkers or without; a line without a class is an error."""
    registry = package.registry
    classes = {entry.target.rpartition(":")[2] for entry in registry.entries.values()}
    assert classes | {registry.parent_name} <= set(dir(package))
    assert all(hasattr(package, name) for name in classes | statically(package))
    assert data.sets.parent_name in dir(data)


def test_mypy_knows_what_get_gives_and_which_names_there_are(tmp_path):
    root = Path(importlib.import_module("ganzoo").__file__).parents[1]
    house = tmp_path / "house" / "ganzoo"  # As it is installed: one package.
    house.mkdir(parents=True)
    for path in (root / "ganzoo").iterdir():
        (house / path.name).symlink_to(path)
    for package in (losses, architectures):
        folder = Path(package.__file__).parent
        if not (house / folder.name).exists():
            (house / folder.name).symlink_to(folder)
    (tmp_path / "right.py").write_text(TYPED)
    (tmp_path / "wrong.py").write_text("from ganzoo.losses import Nonsense\n")
    options = ["--follow-imports=silent", "--ignore-missing-imports", "--cache-dir", "cache"]
    process = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "right.py", "wrong.py"],
        cwd=tmp_path,
        env=os.environ | {"MYPYPATH": str(house.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 1, process.stdout + process.stderr
    errors = [line for line in process.stdout.splitlines() if "error:" in line]
    assert len(errors) == 1 and "Nonsense" in errors[0], process.stdout

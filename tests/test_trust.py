"""Whose code runs: what a file names is imported only if the person has allowed it."""

import subprocess
import sys

import pytest

from ganzoo import architectures, data, losses, trust
from ganzoo.errors import InputError
from ganzoo.losses import penalties

REGISTRIES = [losses.registry, penalties.registry, architectures.registry, data.sets]


@pytest.fixture(autouse=True)
def nothing_allowed(monkeypatch):
    """Whatever other tests of this process have allowed."""
    monkeypatch.setattr(trust, "_allowed", {})


@pytest.mark.parametrize("registry", REGISTRIES)
def test_a_file_may_name_what_is_in_the_registry(registry):
    for entry in registry.entries.values():
        for spec in (entry.name, entry.target):
            registry.check_trust(spec, "here")


@pytest.mark.parametrize("registry", REGISTRIES)
@pytest.mark.parametrize(
    "spec", ["evil:Loss", "this:X", "os.path:X", "ganzoo.cli.main:Failure"]
)
def test_a_file_may_not_name_another_module(registry, spec):
    module = spec.partition(":")[0]
    with pytest.raises(InputError) as caught:
        registry.check_trust(spec, "config.json: loss")
    assert str(caught.value) == (
        f"config.json: loss names the module {module!r}, which is none of ganzoo's: to import "
        f"it runs its code. If you trust it, add --allow {module}"
    )
    assert "this" not in sys.modules


def test_to_allow_a_module_is_to_allow_what_is_in_it_alone():
    trust.allow("mine.zoo")
    for module, allowed in {
        "mine.zoo": True,
        "mine.zoo.losses": True,
        "mine": False,
        "mine.zoology": False,
        "other": False,
    }.items():
        assert trust.is_allowed(module) == allowed, module


@pytest.mark.parametrize("name", ["my_module.py", "my_module:MyLoss", "", "a..b", "./a", "a b"])
def test_what_is_no_name_of_a_module_is_not_allowed(name):
    with pytest.raises(InputError, match="not the name of a Python module"):
        trust.allow(name)
    assert trust.allowed() == {}


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("hinge", []),
        ("r1:gamma=0.1", []),
        ("lsgan:a=-1,b=1,hinge", []),
        ("mine:Loss", ["mine"]),
        ("mine.zoo:Loss:a=1,b=2", ["mine.zoo"]),
        ("hinge,mine:Loss,other.zoo:Loss", ["mine", "other.zoo"]),
        ("r1+mine:P:every=2+ other:Q", ["mine", "other"]),
        ("./photos:A", []),
        ("wgan:note='evil:Loss'", []),
    ],
)
def test_what_a_person_types_allows_the_modules_in_it(text, modules):
    trust.allow_named(text)
    assert list(trust.allowed()) == modules


def test_the_folder_of_a_module_is_on_the_path_while_it_is_imported(tmp_path):
    (tmp_path / "sibling_of_mine.py").write_text("WEIGHT = 3\n")
    (tmp_path / "mine_in_a_folder.py").write_text(
        "from ganzoo.losses.loss import Loss\n"
        "def late():\n"
        "    from sibling_of_mine import WEIGHT\n"
        "    return WEIGHT\n"
        "class Mine(Loss):\n"
        "    weight = late()\n"
        "    def discriminator(self, real, fake): ...\n"
        "    def generator(self, fake, real=None): ...\n"
    )
    before = list(sys.path)
    with pytest.raises(InputError, match="No module named 'mine_in_a_folder'"):
        losses.get("mine_in_a_folder:Mine")
    trust.allow("mine_in_a_folder", tmp_path)
    assert losses.get("mine_in_a_folder:Mine").weight == 3
    assert sys.path == before
    (tmp_path / "broken_in_a_folder.py").write_text("1 / 0")
    trust.allow("broken_in_a_folder", tmp_path)
    with pytest.raises(InputError, match="ZeroDivisionError"):
        losses.get("broken_in_a_folder:Mine")
    assert sys.path == before


@pytest.mark.parametrize("registry", REGISTRIES)
def test_a_class_that_is_merely_called_like_the_parent_is_refused(registry, tmp_path):
    module = f"named_like_it_{registry.parent_name.lower()}"
    (tmp_path / f"{module}.py").write_text(f"class {registry.parent_name}: pass\n")
    trust.allow(module, tmp_path)
    with pytest.raises(InputError, match=f"does not derive from {registry.parent_name}"):
        registry.get(f"{module}:{registry.parent_name}")


def test_a_plugin_is_looked_for_without_importing_its_package(tmp_path, monkeypatch):
    from ganzoo.source import find_module

    package = tmp_path / "loud_package"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('imported')")
    (package / "inner.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert find_module("loud_package") and find_module("loud_package.inner")
    assert not find_module("loud_package.none") and not find_module("no_such_package.inner")


@pytest.mark.parametrize(
    "how", [["-m", "ganzoo"], ["-c", "from ganzoo.cli import main; main()"]]
)
def test_no_file_in_the_current_folder_is_run(tmp_path, how):
    """Some library imports a module called `org`, if there is one."""
    if how[0] == "-c":
        how = ["-P", *how]  # As the command `ganzoo`, whose path begins with its own folder.
    for name in ("org", "matplotlib", "scipy", "PIL"):
        (tmp_path / f"{name}.py").write_text("open('RAN', 'w')\n")
    command = [sys.executable, *how, "data", "preview", "unown", "--resolution", "8"]
    done = subprocess.run([*command, "--out", "p.png"], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "RAN").exists() and (tmp_path / "p.png").exists()

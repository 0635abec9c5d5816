"""The wheel and the source distribution are what PyPI takes, and what the project says."""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WORKFLOW = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
PROJECT = PYPROJECT["project"]
BOUND = re.compile(r"[\w.-]+(\[[\w,-]+\])?>=[\d.]+(,<\d+)?")
PINNED = {"jax==0.10.2", "torch==2.13.0", "prdc==0.2"}  # Of `dev`: on every machine the same.


def pythons(text):
    return set(re.findall(r"\b3\.1\d\b", text))


def test_every_dependency_has_a_lower_bound_for_ci_to_install():
    extras = PROJECT["optional-dependencies"].values()
    asked = {each for group in (PROJECT["dependencies"], *extras) for each in group}
    own = {each for each in asked if each.startswith("ganzoo[")}
    assert [each for each in asked - own - PINNED if not BOUND.fullmatch(each)] == []
    assert "--resolution lowest-direct" in WORKFLOW and "--resolution highest" in WORKFLOW


def test_ci_tests_every_python_that_is_promised_and_no_other():
    promised = {each.rpartition(" ")[2] for each in PROJECT["classifiers"] if ":: 3." in each}
    assert PROJECT["requires-python"] == f">={min(promised)}"
    assert pythons(WORKFLOW) == promised


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    pytest.importorskip("build", reason="pip install '.[dev]'")
    clone = tmp_path_factory.mktemp("release") / "clone"
    ignored = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__")
    shutil.copytree(ROOT, clone, ignore=ignored)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist"]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,), (sdist,) = (clone / "dist").glob("*.whl"), (clone / "dist").glob("*.tar.gz")
    return wheel, sdist


@pytest.mark.thorough
def test_twine_finds_no_fault(distributions):
    pytest.importorskip("twine", reason="pip install '.[dev]'")
    command = [sys.executable, "-m", "twine", "check", "--strict", *map(str, distributions)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.count("PASSED") == 2, done.stdout


@pytest.mark.thorough
def test_the_wheel_holds_the_package_alone_and_the_sdist_what_tests_it(distributions):
    wheel, sdist = distributions
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packed = {name.partition("/")[0] for name in names}
    version = re.search(r"ganzoo-([\d.]+)-", wheel.name)[1]
    assert packed == {"ganzoo", f"ganzoo-{version}.dist-info"}
    wanted = {"py.typed", "losses/hinge.py", "metrics/unown_features.npz"}
    wanted |= {"demo/static/index.html", "comparison/report/templates/page.html"}
    assert {f"ganzoo/{name}" for name in wanted} <= names
    own = {p.relative_to(ROOT).as_posix() for p in (ROOT / "ganzoo").rglob("*.py")}
    assert own <= names  # What wheel was built is whole, be it of the sdist.
    with tarfile.open(sdist) as archive:
        tests = [name for name in archive.getnames() if "/tests/" in name]
    assert len(tests) > 200 and any(name.endswith("tests/run.py") for name in tests)

"""What a person meets before the code: README, metadata, the source distribution."""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

import ganzoo

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_a_python_block_of_the_readme_runs_when_pasted(block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "README.md", "exec"), {"__name__": "pasted"})


def test_pictures_of_the_readme_are_files_of_the_project_by_absolute_address():
    raw = PROJECT["urls"]["Source"].replace("github.com", "raw.githubusercontent.com")
    pictures = re.findall(r"!\[[^]]*\]\(([^)]*)\)", README)
    assert len(pictures) >= 3
    for address in pictures:
        assert address.startswith(f"{raw}/main/"), address
        assert (ROOT / address.removeprefix(f"{raw}/main/")).is_file(), address


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page):
    code = r"```.*?```|`[^`]*`"
    text = re.sub(code, "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)#][^)]*)\)", text):
        if not link.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / link.partition("#")[0]).exists(), link


def test_in_a_clone_the_sources_can_be_imported_as_they_stand():
    script = "from ganzoo import losses, architectures as a; print(losses.__file__, a.__file__)"
    command = [sys.executable, "-c", script]  # Python looks in the current folder first.
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    parts = [str(ROOT / name / "__init__.py") for name in ("losses", "architectures")]
    assert done.stdout.split() == parts


def test_the_version_is_the_same_everywhere():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert f"\nversion: {ganzoo.__version__}\n" in citation
    assert newest is not None and newest[1] == ganzoo.__version__


def test_the_source_distribution_holds_all_tests_and_examples(tmp_path):
    shutil.copytree(ROOT, tmp_path / "clone", ignore=shutil.ignore_patterns(".*", "results"))
    script = "import setuptools.build_meta as b; b.build_sdist('dist')"
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=tmp_path / "clone", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (archive,) = (tmp_path / "clone" / "dist").glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        packed = {name.partition("/")[2] for name in tar.getnames()}
    for folder in (
        "tests",
        "examples",
        "docs",
        "notebooks",
        "ganzoo",
        "losses",
        "architectures",
    ):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        wanted = {p.relative_to(ROOT).as_posix() for p in files if p.suffix != ".pyc"}
        assert wanted <= packed
    assert {"README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff"} <= packed

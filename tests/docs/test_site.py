"""The documentation site builds without a warning, and shows everything that has a name."""

import html.parser
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from ganzoo.cli.list import KINDS
from ganzoo.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
PACKAGES = ("ganzoo", "ganzoo.callbacks", "ganzoo.data", "ganzoo.losses", "ganzoo.metrics")
GALLERIES = {
    "losses": "losses",
    "penalties": "penalties",
    "architectures": "architectures",
    "models": "models",
    "conditions": "models",
}
OPTIONS = {
    "losses": "--loss",
    "penalties": "--penalty",
    "architectures": "--arch",
    "models": "--model",
    "conditions": "--condition",
}
pytest.importorskip("mkdocs", reason="pip install '.[docs]'")


class Page(html.parser.HTMLParser):
    """What a page links to and loads, and what can be linked to in it."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.ids = [], [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.add(given.get("id"))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        loaded = given.get("href") if tag == "link" else given.get("src")
        if loaded and given.get("rel") not in ("canonical", "prev", "next", "edit"):
            self.loads.append(loaded)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(folder)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in site.rglob("*.html") if path.name != "404.html"}


@pytest.mark.thorough
def test_no_page_loads_anything_from_elsewhere(pages):
    for path, page in pages.items():
        assert not [load for load in page.loads if urlsplit(load).netloc], path
        # What Material's script would ask GitHub for stars by.
        assert 'data-md-component="source"' not in path.read_text(encoding="utf-8")


@pytest.mark.thorough
def test_every_link_within_the_site_leads_to_a_page_and_a_place_on_it(site, pages):
    for path, page in pages.items():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file() and target.is_relative_to(site.resolve()), (path, link)
            if parts.fragment and target.suffix == ".html":
                known = pages[site / target.relative_to(site.resolve())].ids
                assert unquote(parts.fragment) in known, (path, link)


@pytest.mark.thorough
def test_the_gallery_has_a_card_for_everything_that_has_a_name(site):
    for kind, page in GALLERIES.items():
        module, _, name = KINDS[kind].partition(":")
        registry = getattr(importlib.import_module(module), name)
        text = (site / "gallery" / page / "index.html").read_text(encoding="utf-8")
        for entry in registry.own():
            assert re.search(rf'<h2 id="{entry.name}(_\d+)?">', text), entry.name
            assert f"{OPTIONS[kind]} {entry.name}\n" in re.sub(r"<[^>]*>", "", text), entry.name


@pytest.mark.thorough
def test_the_reference_has_every_public_name_and_command(site):
    ids = {i for path in (site / "reference").rglob("*.html") for i in Page(path).ids}
    names = {str(i).rpartition(".")[2] for i in ids}
    for package in PACKAGES:
        public = importlib.import_module(package).__all__
        assert {name for name in public if name[0].isupper()} <= names
    help_page = (site / "reference" / "command-line" / "index.html").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f'id="ganzoo-{name}"' in help_page


@pytest.mark.thorough
def test_each_tutorial_leads_to_its_notebook(pages):
    for path, page in pages.items():
        if path.parent.parent.name == "tutorials":
            notebook = f"/blob/main/notebooks/{path.parent.name}.ipynb"
            found = [urlsplit(link).netloc for link in page.links if link.endswith(notebook)]
            assert found == ["colab.research.google.com", "github.com"], path


@pytest.mark.thorough
def test_a_table_with_sentences_names_its_columns_and_one_of_numbers_does_not(site):
    text = (site / "questions" / "index.html").read_text(encoding="utf-8")
    tables = re.findall(r"<table.*?</table>", text, re.S)
    claims = next(table for table in tables if "What was seen" in table)
    numbers = next(table for table in tables if "Near-copies" in table)
    assert claims.startswith("<table data-sentences>")
    assert re.search(r'<td data-column="What was seen">so at \d', claims)
    assert numbers.startswith("<table>") and "data-column" not in numbers

"""The page, Markdown and LaTeX: complete, accessible, and safe with any text."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from ganzoo.comparison.report.latex import escape as latex_escape
from ganzoo.comparison.report.latex import latex
from ganzoo.comparison.report.markdown import markdown
from ganzoo.comparison.report.markdown import report as markdown_report
from ganzoo.comparison.report.page import html_report, write_report
from ganzoo.comparison.report.tables import main_table
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.settings import KEYS
from ganzoo.comparison.statistics.summary import Summary

VOID = {"meta", "img", "path", "circle", "br", "link"}
HOSTILE = """<script>alert("x")</script>'&|`$%_#{}"""


class Page(HTMLParser):
    """Elements with their attributes and text; refuses what is not nested well."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "text": "", **dict(attributes)}
        element["inside"] = [e["tag"] for e in self.open]
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag):
        return [e for e in self.elements if e["tag"] == tag]


@pytest.fixture
def page(folder):
    return Page(html_report(Summary(Results.read(folder))))


def test_tables_have_captions_and_headings_with_scope(page):
    tables = page.all("table")
    assert len(tables) == len(page.all("caption")) == 5
    assert all(caption["text"].strip() for caption in page.all("caption"))
    assert all(th["scope"] in ("col", "row") for th in page.all("th"))
    assert all(th["text"].strip() for th in page.all("th"))
    rows = [e for e in page.all("tr") if "thead" not in e["inside"]]
    assert len([th for th in page.all("th") if th["scope"] == "row"]) == len(rows)


def test_images_and_plots_are_described(page):
    pictures = [img for img in page.all("img") if "dialog" not in img["inside"]]
    assert len(pictures) == 4 + 20  # A strip a cell, a sheet a run.
    assert all(len(img["alt"]) > 20 for img in pictures)
    plots = [e for e in page.elements if e.get("role") == "img"]
    assert len(plots) == 34 + 4 and all(plot["aria-label"] for plot in plots)
    labels = " ".join(plot["aria-label"] for plot in plots)
    assert "KID against seconds" in labels and "wgan-gp 0.387" in labels
    assert labels.count("Shares of 28 classes among recognised images of ") == 4


def test_the_page_needs_nothing_else(page):
    assert page.all("html")[0]["lang"] == "en" and page.all("title")[0]["text"]
    for element in page.elements:
        for name in ("src", "href", "xlink:href", "srcset", "action", "data"):
            assert str(element.get(name, "#")).startswith(("#", "data:image/png;base64,"))
        assert not any(name.startswith("on") for name in element)
    style = page.all("style")[0]["text"]
    assert "@import" not in style and "url(" not in style
    assert len(page.all("script")) == 1 and not page.all("link")
    assert "prefers-color-scheme: dark" in style and "@media print" in style


def test_everything_a_reader_needs_is_there(page):
    text = page.all("main")[0]["text"]
    settings = {key: setting for key, setting in KEYS.items() if setting.label}
    assert len(settings) > 20
    for label in ("Data, sha256", "Hardware", "Commit", "Keras", "Seeds", "Command"):
        assert label in text
    for word in ("6f1b" * 16, "0123456789abcdef", "real against real", "too few to call"):
        assert word in text
    assert "ganzoo train --loss hinge --seed 3 --preset quick" in text
    assert "d_loss became NaN or infinite at step 7421" in text
    assert "4 healthy, 1 diverged" in text and "every run at 562 s" in text


def hostile(results):
    """The same results with markup in every text that can hold it."""
    texts = ("verdict", "reason", "run", "command", "fingerprint")
    specs = {key: key + HOSTILE for key in ("loss", "penalties", "architecture")}
    runs = [
        replace(
            run,
            cell=run.cell + HOSTILE,
            settings=run.settings | specs,
            **{k: k + HOSTILE for k in texts},
        )
        for run in results.runs
    ]
    curves = [replace(s, cell=s.cell + HOSTILE) for s in results.curves]
    settings = dict(results.settings)
    for key, value in settings.items():
        if isinstance(value, str):
            settings[key] = value + HOSTILE
        elif (
            isinstance(value, list)
            and key != "growth"
            and isinstance(next(iter(value), 0), str)
        ):
            settings[key] = [text + HOSTILE for text in value]
    return settings, tuple(runs), tuple(curves)


def test_every_text_is_escaped(comparison, add_samples, tmp_path):
    settings, runs, curves = hostile(comparison({"a": 1.0, "b": 2.0}, failed=[("b", 1)]))
    results = Results(settings, runs, curves, tmp_path)
    add_samples(results, tmp_path)
    text = html_report(Summary(results))
    page = Page(text)
    assert len(page.all("script")) == 1 and "alert" not in page.all("script")[0]["text"]
    assert page.all("main")[0]["text"].count('<script>alert("x")</script>') > 30
    assert len(page.all("img")) == 2 + 10 + 1  # Strips, sheets, and one to enlarge.
    allowed = {"class", "href", "id", "title", "alt", "src", "scope", "role", "tabindex", "d"}
    for element in page.all("td") + page.all("th") + page.all("img") + page.all("a"):
        extra = set(element) - allowed - {"tag", "text", "inside", "width", "height"}
        assert extra <= {"data-v", "data-n", "data-key"}
    curves = [json.loads(svg["data-curves"]) for svg in page.all("svg") if "data-curves" in svg]
    assert {name for drawn in curves for name, _ in drawn} == {f"a{HOSTILE}", f"b{HOSTILE}"}
    lines = markdown_report(Summary(results)).splitlines()
    # Commands stand as they are, as code.
    assert not [line for line in lines if "<script>" in line and not line.startswith("    ")]


def test_one_cell(comparison):
    page = Page(html_report(Summary(comparison({"only": 1.0}, seeds=1))))
    assert "No two cells" in page.all("p")[0]["text"] and page.all("table")


def test_one_seed_has_no_interval(comparison):
    text = markdown_report(Summary(comparison({"a": 1.0, "b": 2.0}, seeds=1)))
    assert "(difference +0.439; one seed gives no interval)" in text
    assert "(1 seed: none)" in text
    assert "|  0.826 | +0.439 | not separable" in text
    assert "% interval" not in text and "with 0 %" not in text


def test_all_runs_failed(comparison, tmp_path):
    failed = [(cell, seed) for cell in "ab" for seed in range(3)]
    results = comparison({"a": 1.0, "b": 1.0}, seeds=3, failed=failed, curves=False)
    results.write(tmp_path)
    write_report(tmp_path)
    text = Page((tmp_path / "report.html").read_text()).all("main")[0]["text"]
    assert "a failed at 3 of 3 seeds" in text and "d_loss became NaN" in text


def test_nothing_was_run_yet(comparison):
    missing = [(cell, seed) for cell in "ab" for seed in range(2)]
    results = comparison({"a": 1.0, "b": 1.0}, seeds=2, missing=missing)
    assert "4 of 4 runs have not been made" in html_report(Summary(results))


def test_missing_measures_and_classes(comparison):
    results = comparison({"a": 1.0, "b": 2.0}, seeds=2)
    without = ("modes", "recognised", "kl", "memorisation")
    runs = tuple(
        replace(r, histogram=(), measures={**r.measures, **dict.fromkeys(without)})
        for r in results.runs
    )
    curves = tuple(
        replace(s, measures={**s.measures, **dict.fromkeys(without)}) for s in results.curves
    )
    settings = results.settings | {"classes": [], "floor": {}, "preset": None}
    page = Page(html_report(Summary(Results(settings, runs, curves))))
    assert not {"Modes ↑", "KL ↓"} & {th["text"] for th in page.all("th")}
    assert not page.all("tfoot") and 'id="modes"' not in page.all("main")[0]["text"]


def test_growth_is_a_table_of_its_own(comparison):
    cells = {"a grown": {"loss": "a"}, "a direct": {"loss": "a", "growth": "direct"}}
    page = Page(html_report(Summary(comparison(cells, seeds=3))))
    assert any("some collapse remained" in table["text"] for table in page.all("table"))


def test_two_reports_are_the_same(folder):
    write_report(folder)
    first = (folder / "report.html").read_bytes()
    write_report(folder)
    assert (folder / "report.html").read_bytes() == first
    assert not list(folder.glob(".tmp-*"))


def test_markdown_tables_line_up(folder):
    summary = Summary(Results.read(folder))
    lines = markdown(main_table(summary)).splitlines()
    assert len(lines) == 2 + 4 + 1 and len({len(line) for line in lines}) == 1
    assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1
    text = markdown_report(summary)
    assert text.index("| Cell") < text.index("## Comparison settings")


def test_latex_escapes_and_balances(comparison):
    assert latex_escape(r"a_b&c%d$e#f{g}h~i^j\k<l>") == (
        r"a\_b\&c\%d\$e\#f\{g\}h\textasciitilde{}i\textasciicircum{}j"
        r"\textbackslash{}k\textless{}l\textgreater{}"
    )
    settings, runs, curves = hostile(comparison({"a": 1.0, "b": 2.0}))
    text = latex(main_table(Summary(Results(settings, runs, curves))))
    bare = re.sub(r"\\[\\{}&%$#_]", "", text)
    assert bare.count("{") == bare.count("}") and bare.count("$") % 2 == 0
    assert r"\toprule" in text and r"\bottomrule" in text
    body = text[text.index(r"\toprule") :].split("\n")
    ampersands = {line.replace(r"\&", "").count("&") for line in body if line.endswith(r" \\")}
    assert len(ampersands) == 1


def test_a_damaged_sheet_is_left_out(folder):
    (folder / "samples" / "lsgan-0.png").write_bytes(b"no image")
    page = Page(html_report(Summary(Results.read(folder))))
    assert len(page.all("img")) == 4 - 1 + 20 - 1 + 1
    assert "left out, as they are damaged or too large: 1." in page.all("main")[0]["text"]

"""One page that shows a comparison: a single HTML file that needs nothing else.

Everything that comes from results passes `escape`, and a content security policy keeps
the page from loading or running anything beside its own style and its sorting.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import partial
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

import ganzoo
from ganzoo.comparison import sections, tables
from ganzoo.comparison.latex import latex
from ganzoo.comparison.markdown import markdown
from ganzoo.comparison.markdown import report as markdown_report
from ganzoo.comparison.results import Results
from ganzoo.comparison.sentences import headline
from ganzoo.comparison.summary import Summary
from ganzoo.files.atomic import atomic

# Anchor, heading, and what writes the section: empty text leaves it out.
SECTIONS: tuple[tuple[str, str, Callable[[Summary], str]], ...] = (
    ("terms", "What was compared, on what terms", sections.terms),
    ("results", "Results", sections.results),
    ("equal-seconds", "At equal seconds", sections.equal_seconds),
    ("growth", "Growing against not growing", partial(sections.table, tables.claims_table)),
    ("samples", "Samples", sections.samples),
    ("curves", "Curves", sections.curves),
    ("forms", "Forms", sections.histograms),
    ("measures", "Every measure", sections.measures),
    ("runs", "Every run", partial(sections.table, tables.runs_table)),
    ("reproduce", "Reproduce", sections.commands),
)


def html_report(summary: Summary) -> str:
    """The page."""
    written = [(key, name, write(summary)) for key, name, write in SECTIONS]
    written = [(key, name, body) for key, name, body in written if body]
    script = _part("sort.js")
    settings = summary.results.settings
    return Template(_part("page.html")).substitute(
        generator=f"ganzoo {escape(ganzoo.__version__)}",
        title=escape(settings["title"]),
        headline=escape(headline(summary)),
        nav="".join(f'<a href="#{key}">{escape(name)}</a>' for key, name, _ in written),
        sections="\n".join(
            f'<section id="{key}">\n<h2>{escape(name)}</h2>\n{body}\n</section>'
            for key, name, body in written
        ),
        footer=escape(
            "Made by ganzoo report from results.csv, curves.csv and comparison.json, "
            "which hold every figure shown here."
        ),
        style=_part("style.css"),
        script=script,
        script_hash=_hash(f"\n{script}\n"),
    )


def write_reports(summary: Summary, folder: Path) -> list[Path]:
    """Write report.html, report.md and table.tex into `folder`; gives their paths."""
    contents = {
        "report.html": html_report(summary),
        "report.md": markdown_report(summary),
        "table.tex": latex(tables.main_table(summary)),
    }
    for name, text in contents.items():
        with atomic(folder / name) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
    return [folder / name for name in contents]


def write_report(folder: str | Path) -> str:
    """Read a comparison's folder, write its reports; gives the main table and their paths.

    Raises:
        InputError: If the folder is not a comparison, or its files do not fit each other.
    """
    summary = Summary(Results.read(folder))
    paths = write_reports(summary, Path(folder))
    table = markdown(tables.main_table(summary))
    return "\n".join([table, "", headline(summary), "", *map(str, paths)])


def _part(name: str) -> str:
    text = files("ganzoo.comparison").joinpath("page", name).read_text(encoding="utf-8")
    return re.sub(r"\r\n?", "\n", text).strip()


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"

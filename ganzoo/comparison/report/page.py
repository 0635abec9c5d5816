"""One page that shows a comparison: a single HTML file that needs nothing else.

Everything that comes from results is escaped by the templates, and a content security
policy keeps the page from loading or running anything beside its own style and script.
"""

import base64
import hashlib
import re
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

import ganzoo
from ganzoo.comparison.report import tables
from ganzoo.comparison.report.headline import headline
from ganzoo.comparison.report.latex import latex
from ganzoo.comparison.report.markdown import report as markdown_report
from ganzoo.comparison.report.sections import page_sections
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.files.atomic import atomic


def html_report(summary: Summary) -> str:
    """The page."""
    environment = Environment(
        loader=PackageLoader("ganzoo.comparison.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    script = _part("script.js")
    return environment.get_template("page.html").render(
        version=ganzoo.__version__,
        title=summary.results.settings["title"],
        headline=headline(summary),
        sections=page_sections(summary),
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


def write_report(folder: str | Path) -> tuple[Summary, list[Path]]:
    """Read a comparison's folder and write its reports; gives what was read and their paths.

    Raises:
        InputError: If the folder is not a comparison, or its files do not fit each other.
    """
    summary = Summary(Results.read(folder))
    return summary, write_reports(summary, Path(folder))


def _part(name: str) -> str:
    text = files("ganzoo.comparison.report.templates").joinpath(name).read_text("utf-8")
    return re.sub(r"\r\n?", "\n", text).strip()


def _hash(script: str) -> str:
    found = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(found).decode()}"

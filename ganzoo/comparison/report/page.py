"""One page that shows a comparison: a single HTML file that needs nothing else.

Everything that comes from results is escaped by the templates, and a content security
policy keeps the page from loading or running anything beside its own style and script.
"""

import base64
import hashlib
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

import ganzoo
from ganzoo.comparison.report import curves, sentences, tables
from ganzoo.comparison.report.headline import headline
from ganzoo.comparison.report.histogram import histograms
from ganzoo.comparison.report.latex import latex
from ganzoo.comparison.report.markdown import report as markdown_report
from ganzoo.comparison.report.sheets import sheets
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.settings import shown
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.files.atomic import atomic
from ganzoo.metrics.measures import MEASURES

# A macro of `templates/sections.html`, its heading, and whether the reader opens the section.
SECTIONS = (
    ("samples", "Samples", False),
    ("results", "Results", False),
    ("equal_seconds", "At equal seconds", False),
    ("growth", "Growing against not growing", False),
    ("curves", "Curves", False),
    ("classes", "Classes", False),
    ("measures", "Every measure", False),
    ("runs", "Every run", True),
    ("reproduce", "Commands to reproduce it", True),
    ("settings", "Comparison settings", True),
)
# Settings that need the width of the page, and those that are set as code.
WIDE = {"losses", "penalties", "architectures", "optimizer", "command"}
WIDE |= {"data_sha256", "features"}
CODE = {"command", "data_sha256", "features", "commit", "optimizer", "schedule"}


def html_report(summary: Summary) -> str:
    """The page."""
    environment = Environment(
        loader=PackageLoader("ganzoo.comparison.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    compact = {"separators": (",", ":"), "ensure_ascii": False}
    environment.policies["json.dumps_kwargs"] = compact
    environment.globals.update(_contents(summary))
    parts = environment.get_template("sections.html").module
    made = [(key, *about, getattr(parts, key)().strip()) for key, *about in SECTIONS]
    script = environment.get_template("script.js").render()
    digest = base64.b64encode(hashlib.sha256(f"\n{script}\n".encode()).digest()).decode()
    return environment.get_template("page.html").render(
        version=ganzoo.__version__,
        title=summary.results.settings["title"],
        headline=headline(summary),
        sections=[section for section in made if section[-1]],
        script=script,
        script_hash=f"sha256-{digest}",
    )


def write_report(folder: str | Path) -> tuple[Summary, list[Path]]:
    """Read a comparison's folder and write report.html, report.md and table.tex there; gives
    what was read and their paths. An `InputError` says why the folder is no comparison.
    """
    summary = Summary(Results.read(folder))
    contents = {
        "report.html": html_report(summary),
        "report.md": markdown_report(summary),
        "table.tex": latex(tables.main_table(summary)),
    }
    for name, text in contents.items():
        with atomic(Path(folder, name)) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
    return summary, [Path(folder, name) for name in contents]


def _contents(summary: Summary) -> dict[str, Any]:
    """What the templates show."""
    results = summary.results
    (found, left_out), listed = sheets(results), shown(results.settings)
    return {
        "summary": summary,
        "tables": tables,
        "findings": partial(sentences.findings, summary),
        "notes": sentences.notes(summary),
        "sheets": found,
        "left_out": left_out,
        "styles": curves.styles(results),
        "plots": curves.figures(results),
        "histograms": list(histograms(summary)),
        "measured": [MEASURES[name] for name in summary.shown],
        "listed": [(label, text, key in WIDE, key in CODE) for key, label, text in listed],
    }

"""What may be said of a comparison, at the line `<!-- claims: FOLDER -->` of a page.

It is what `ganzoo claims FOLDER` prints, made from the comparison's CSV files at each build.
"""

import re
from pathlib import Path
from typing import Any

from ganzoo.comparison.report.claims import claims
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.summary import Summary

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"^<!-- claims: (\S+) -->$", re.M)


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """The text of a page, with its claims."""
    return LINE.sub(lambda match: claims(Summary(Results.read(ROOT / match[1]))), markdown)

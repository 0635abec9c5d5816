"""Each tutorial leads to its notebook: in Colab, and as a file."""

import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

ROOT = Path(__file__).parents[2]
COLAB = "https://colab.research.google.com/github"
PLACE = re.compile(r"^\*Time: [^*]*\*\n", re.M)  # The line below a tutorial's title.


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """The text of a page, with the links of its notebook below its title."""
    folder, _, name = page.file.src_uri.rpartition("/")
    if folder != "tutorials":
        return markdown
    path = f"notebooks/{name.removesuffix('.md')}.ipynb"
    if not (ROOT / path).is_file() or not PLACE.search(markdown):
        raise PluginError(f"{page.file.src_uri} has no {path}, or no line '*Time: ...*'.")
    repository = config.extra["repository"]
    inside = repository.removeprefix("https://github.com/")
    links = (
        f"[Open in Colab]({COLAB}/{inside}/blob/main/{path}){{ .md-button .notebook }}\n"
        f"[The notebook]({repository}/blob/main/{path})\n"
    )
    return PLACE.sub(lambda match: f"{match[0]}\n{links}", markdown, count=1)

"""Links of the pages that are right in a clone and on GitHub become right on the site.

A link that leads out of `docs/` goes to the page that the file is, or to the file on GitHub.
The number of a paper becomes a link to it.
"""

import os.path
import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

ROOT = Path(__file__).parents[2]
PAGES = {  # Files of the project that are pages, by their path; see `pages.py`.
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "benchmarks/results/quick/report.md": "results/quick.md",
    "benchmarks/results/growth/report.md": "results/growth.md",
}
FOLDERS = {page: os.path.dirname(path) for path, page in PAGES.items() if page != "index.md"}
LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
PAPERS = {
    re.compile(r"arXiv:(\d{4}\.\d{4,5})"): "https://arxiv.org/abs/",
    re.compile(r"doi:(\S+[\w)])"): "https://doi.org/",
}
# What is left as it stands: code, HTML, and links.
VERBATIM = re.compile(
    r"```.*?```|~~~.*?~~~|`[^`\n]*`|<[^>\n]*>|\[[^\]]*\]\([^)]*\)|^ {4}[^\n]*$", re.S | re.M
)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.S)


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """The text of a page, with links for the site."""
    address = page.file.src_uri
    here = FOLDERS.get(address, os.path.join("docs", os.path.dirname(address)))

    def lead(match: re.Match[str]) -> str:
        start, target, anchor, end = match.groups(default="")
        if re.match(r"[a-z]+:", target):
            return match[0]
        path = os.path.normpath(os.path.join(here, target)).replace(os.sep, "/")
        if path.endswith(".png") and not path.startswith("docs/"):
            path = _copied(path, config, files)
        return f"{start}{_address(path, address, config.extra['repository'])}{anchor}{end}"

    return _outside(VERBATIM, _papers, _outside(CODE, lambda t: LINK.sub(lead, t), markdown))


def _address(path: str, page: str, repository: str) -> str:
    """Where a file of the project is, seen from a page of the site."""
    inside = PAGES.get(path) or (path.removeprefix("docs/") if path.startswith("docs/") else "")
    if inside and not inside.endswith((".py", ".json")):
        return os.path.relpath(inside, os.path.dirname(page) or ".").replace(os.sep, "/")
    file = ROOT / path
    if not file.exists():
        raise PluginError(f"{page} links to {path}, which is not in the project.")
    return f"{repository}/{'tree' if file.is_dir() else 'blob'}/main/{path}"


def _copied(path: str, config: Any, files: Any) -> str:
    """A picture of the project, as a file of the site; where that would be in `docs/`."""
    address = f"assets/{path}"
    if files.get_file_from_path(address) is None:
        content = (ROOT / path).read_bytes()
        files.append(File.generated(config, address, content=content))
    return f"docs/{address}"


def _papers(text: str) -> str:
    for pattern, address in PAPERS.items():
        text = pattern.sub(lambda m, a=address: f"[{m[0]}]({a}{m[1]})", text)
    return text


def _outside(pattern: re.Pattern[str], change: Any, text: str) -> str:
    """`text` with `change` made to what lies between the matches of `pattern`."""
    pieces, end = [], 0
    for match in pattern.finditer(text):
        pieces += [change(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*pieces, change(text[end:])])

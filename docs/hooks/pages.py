"""Pages of the site that are files elsewhere in the project, and pages that nobody has listed.

A page in `docs/` that `nav` does not name is added to the end of the guides, so that a new page
is one new file.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[2]
# By the page's address on the site: the file that it is, and its title where it has another.
ELSEWHERE = {
    "contributing.md": ("CONTRIBUTING.md", ""),
    "changelog.md": ("CHANGELOG.md", ""),
    "security.md": ("SECURITY.md", ""),
    "results/quick.md": ("benchmarks/results/quick/report.md", "Seven losses"),
    "results/growth.md": ("benchmarks/results/growth/report.md", "Grown, or not"),
}
GUIDES = "Guides"
COMMANDS = re.compile(r"^(?: {4}ganzoo [^\n]*\n)+", re.M)


def on_config(config: Any) -> Any:
    """Lists the pages of `docs/` that are in no section."""
    listed = {*_listed(config.nav), *ELSEWHERE}
    docs = Path(config.docs_dir)
    found = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    guides = next(section[GUIDES] for section in config.nav if GUIDES in section)
    guides.extend(sorted(found - listed))
    return config


def on_files(files: Any, config: Any) -> Any:
    """Adds the pages that are files elsewhere."""
    for address, (path, title) in ELSEWHERE.items():
        text = COMMANDS.sub(_fenced, (ROOT / path).read_text(encoding="utf-8"))
        front = f"---\ntitle: {title}\n---\n" if title else ""
        files.append(File.generated(config, address, content=front + text))
    return files


def _fenced(commands: re.Match[str]) -> str:
    """Indented commands of a report as a block of the shell, which breaks into lines."""
    return (
        "```sh\n"
        + "\n".join(re.sub(r"^ {4}", "", commands[0], flags=re.M).splitlines(True))
        + "```\n"
    )


def _listed(nav: Any) -> Iterator[str]:
    for item in nav:
        if isinstance(item, str):
            yield item
        else:
            for inside in item.values():
                yield from [inside] if isinstance(inside, str) else _listed(inside)

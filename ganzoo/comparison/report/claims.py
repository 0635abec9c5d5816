"""Sections of a text that say what a comparison found, and the check of such sections.

A text holds such a section between two comments, and names the comparison's folder from its
own:

    <!-- ganzoo claims results/losses -->
    ...
    <!-- end of claims -->

Every figure in it comes from the comparison's CSV files, so that it can be made again.
"""

import difflib
import re
from pathlib import Path

from ganzoo.comparison.report.headline import headline, ranks
from ganzoo.comparison.report.markdown import bullets, captioned, escape, joined
from ganzoo.comparison.report.sentences import notes
from ganzoo.comparison.report.tables import claims_table, short_table
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.errors import InputError
from ganzoo.files.read import read_bytes

SECTION = re.compile(
    r"^<!-- ganzoo claims (?P<folder>.+?) -->\n(?P<said>.*?)^<!-- end of claims -->$",
    re.DOTALL | re.MULTILINE,
)


def claims(summary: Summary) -> str:
    """The section: a table, what follows from it, what limits it, and how it was made."""
    return joined(
        captioned(short_table(summary)),
        captioned(claims_table(summary)),
        bullets([headline(summary), *ranks(summary.results), *notes(summary)]),
        escape(_made(summary.results)),
        f"```sh\n{' '.join(summary.results.settings['command'].split())}\n```",
    )


def update(text: str, folder: Path) -> str:
    """`text` in Markdown, its sections made again from the folders that they name in `folder`;
    `InputError` if it has no section, or names what is no comparison.
    """

    def again(section: re.Match[str]) -> str:
        named = section["folder"]
        made = claims(Summary(Results.read(folder / named)))
        return f"<!-- ganzoo claims {named} -->\n{made}<!-- end of claims -->"

    made, count = SECTION.subn(again, text)
    if not count:
        raise InputError(
            "It has no section of claims: write <!-- ganzoo claims DIR --> and, some lines "
            "further, <!-- end of claims -->, each on a line of its own."
        )
    return made


def read_text(path: Path) -> str:
    """A text file, its lines ended by `\\n`; `InputError` if it is not one."""
    try:
        return read_bytes(path).decode("utf-8").replace("\r\n", "\n")
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is not a text in UTF-8 ({error}).") from error


def differences(text: str, made: str) -> list[str]:
    """Lines of `text` that are not in `made`, after a -, and the other way round, after a +."""
    lines = difflib.unified_diff(text.splitlines(), made.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def _made(results: Results) -> str:
    """How many images were scored, the machine, the versions and the date."""
    said = results.settings
    commit, dash, dirty = (said["commit"] or "").partition("-")
    at = f" at commit {commit[:7]}{dash}{dirty}" if commit else ""
    backend = f"{said['backend']} {said['backend_version'] or ''}".strip()
    parts = [
        f"{said['images']:,} images scored a run" if said["images"] else "",
        f"{said['hardware']} ({said['device']})",
        f"ganzoo {said['ganzoo']}{at}, Keras {said['keras']}, {backend}",
        said["created"],
    ]
    return f"{'; '.join(filter(None, parts))}:"

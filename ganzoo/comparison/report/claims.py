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

from ganzoo.comparison.report.headline import headline
from ganzoo.comparison.report.markdown import escape, markdown
from ganzoo.comparison.report.ranks import ranks
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
    shown = [short_table(summary), claims_table(summary)]
    said = [headline(summary), *ranks(summary.results), *notes(summary)]
    parts = [
        *(f"{markdown(table)}\n\n*{escape(table.caption)}*" for table in shown if table),
        "\n".join(f"- {escape(sentence)}" for sentence in said),
        escape(_made(summary.results)),
        f"```sh\n{' '.join(summary.results.settings['command'].split())}\n```",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def update(text: str, folder: Path) -> str:
    """`text`, its sections made again.

    Args:
        text: Markdown.
        folder: What the folders that it names are in.

    Raises:
        InputError: If it has no section, or names a folder that is no comparison.
    """
    made, count = SECTION.subn(lambda section: _again(section, folder), text)
    if not count:
        raise InputError(
            "It has no section of claims: write <!-- ganzoo claims DIR --> and, some lines "
            "further, <!-- end of claims -->, each on a line of its own."
        )
    return made


def read_text(path: Path) -> str:
    """A text file, its lines ended by `\\n`.

    Raises:
        InputError: If it is not one.
    """
    try:
        return read_bytes(path).decode("utf-8").replace("\r\n", "\n")
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is not a text in UTF-8 ({error}).") from error


def differences(text: str, made: str) -> list[str]:
    """Lines of `text` that are not in `made`, after a -, and the other way round, after a +."""
    lines = difflib.unified_diff(text.splitlines(), made.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def _again(section: re.Match[str], folder: Path) -> str:
    named = section["folder"]
    made = claims(Summary(Results.read(folder / named)))
    return f"<!-- ganzoo claims {named} -->\n{made}<!-- end of claims -->"


def _made(results: Results) -> str:
    """How many images were scored, the machine, the versions and the date."""
    said = results.settings
    ganzoo = f"ganzoo {said['ganzoo']}"
    if said["commit"]:
        commit, dash, dirty = said["commit"].partition("-")
        ganzoo += f" at commit {commit[:7]}{dash}{dirty}"
    backend = f"{said['backend']} {said['backend_version'] or ''}".strip()
    parts = [
        f"{said['images']:,} images scored a run" if said["images"] else "",
        f"{said['hardware']} ({said['device']})",
        f"{ganzoo}, Keras {said['keras']}, {backend}",
        said["created"],
    ]
    return f"{'; '.join(part for part in parts if part)}:"

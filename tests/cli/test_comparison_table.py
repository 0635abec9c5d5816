"""The table of a comparison on a terminal: no word is broken, at whatever width."""

import importlib.util
import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from ganzoo.cli.comparison_table import HEADINGS, REAL, broken, comparison_table
from ganzoo.comparison.report.tables import main_table
from ganzoo.comparison.statistics.summary import Summary

NAMES = ["wgan-gp", "non-saturating progressive", "hinge r1:gamma=0.1+r2 progressive"]


@pytest.fixture(scope="module")
def summary():
    path = Path(__file__).parents[1] / "comparison" / "conftest.py"
    spec = importlib.util.spec_from_file_location("drawn_comparisons", path)
    drawn = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(drawn)
    return Summary(drawn.make(dict(zip(NAMES, (1.0, 1.3, 6.0), strict=True)), seeds=8))


def words(text):
    return [word for line in text.splitlines() for word in line.split()]


@pytest.mark.parametrize(("width", "columns"), [(200, 10), (80, 7), (60, 5), (30, 3)])
def test_no_word_is_broken_and_narrow_terminals_show_fewer_columns(summary, width, columns):
    console = Console(width=width, file=io.StringIO(), color_system=None)
    table = comparison_table(summary, width)
    console.print(table)
    text = console.file.getvalue()
    full = main_table(summary)
    assert len(table.columns) == columns
    known = {piece for row in full.rows for piece in broken(row[0].text, 22)}
    known |= {entry.text for row in (*full.rows, *full.foot) for entry in row}
    known |= {column.label for column in full.columns} | {*HEADINGS.values(), REAL}
    allowed = {word for each in known for word in each.split()}
    ruled = [word for word in words(text) if not word.startswith("─")]
    assert set(ruled) <= allowed
    if width >= 60:
        assert max(map(len, text.splitlines())) <= width


def test_real_images_stand_below_the_cells_in_the_same_columns(summary):
    console = Console(width=80, file=io.StringIO(), color_system=None)
    console.print(comparison_table(summary, 80))
    lines = console.file.getvalue().splitlines()
    last = next(line for line in lines if line.startswith(REAL))
    assert "−0.004" in last and "28" in last and "98.5" in last
    kid = next(
        found for line in lines if (found := re.match(r"wgan-gp +8 of 8 +\d\.\d+", line))
    )
    assert last.index("−0.004") + len("−0.004") == kid.end()


def test_names_break_after_signs_and_long_pieces_lose_their_middle():
    assert broken("non-saturating progressive", 15) == ["non-saturating", "progressive"]
    assert broken("hinge:a=1,b=2", 8) == ["hinge:a=", "1,b=2"]
    assert broken("x" * 50, 9) == ["xxxx…xxxx"]
    assert broken("short", 22) == ["short"]

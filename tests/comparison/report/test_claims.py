"""Sections of a text that are made from a comparison's CSV files, and the check of them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from ganzoo.cli import main
from ganzoo.comparison.report.claims import claims, update
from ganzoo.comparison.report.headline import ranks
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.errors import InputError

ROOT = Path(__file__).parents[3]
SECTION = "<!-- ganzoo claims results -->\n{}<!-- end of claims -->\n"


def with_kid(results, kid):
    """`results` with other figures of KID: a list a cell, by seed."""
    runs = [
        replace(run, measures={"kid": kid[results.cells.index(run.cell)][run.seed]})
        for run in results.runs
    ]
    return Results(results.settings, tuple(runs))


def test_a_cell_ranks_where_it_leads_at_every_seed(comparison):
    three = comparison({"a": 1.0, "b": 1.0, "c": 1.0}, seeds=2, curves=False)
    assert ranks(with_kid(three, [[1, 5], [2, 4], [3, 6]])) == [
        "At each of 2 seeds c had the highest KID."
    ]
    assert ranks(with_kid(three, [[1, 1], [2, 4], [2, 4]])) == [
        "At each of 2 seeds a had the lowest KID."
    ]
    assert ranks(with_kid(three, [[1, 3], [2, 2], [3, 1]])) == []


def test_of_two_cells_one_sentence_says_what_either_has(comparison):
    two = comparison({"a": 1.0, "b": 1.0}, seeds=3, curves=False)
    assert ranks(with_kid(two, [[1, 1, 1], [2, 3, 4]])) == [
        "At each of 3 seeds a had the lower KID."
    ]


@pytest.fixture
def text(comparison, tmp_path):
    """A text beside a comparison, with a section that says nothing yet."""
    results = comparison({"a": 1.0, "b": 2.0}, seeds=3)
    (tmp_path / "results").mkdir()
    results.write(tmp_path / "results")
    path = tmp_path / "README.md"
    path.write_text(f"# Mine\n\n{SECTION.format('')}\nThe end.\n", encoding="utf-8")
    return path


def run(*arguments):
    done = CliRunner().invoke(main, ["claims", *map(str, arguments)])
    return done.exit_code, done.output


def test_a_text_is_checked_and_written_anew(text):
    code, output = run(text)
    assert code == 1
    assert "\n+| a" in output and "does not say what its comparisons hold" in output
    assert run(text, "--update")[0] == 0
    said = text.read_text(encoding="utf-8")
    made = claims(Summary(Results.read(text.parent / "results")))
    assert said == f"# Mine\n\n{SECTION.format(made)}\nThe end.\n"
    assert run(text)[0] == 0
    assert run(text.parent / "results") == (0, made)


def test_one_changed_figure_is_found(text):
    run(text, "--update")
    said = text.read_text(encoding="utf-8")
    text.write_text(said.replace("of 3 seeds", "of 4 seeds", 1), encoding="utf-8")
    code, output = run(text)
    assert code == 1
    assert [line[0] for line in output.splitlines()[:2]] == ["-", "+"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"# Nothing\n", "has no section of claims"),
        (b"\xff\xfe\x00", "is not a text in UTF-8"),
        (SECTION.replace("results", "elsewhere").format("").encode(), "elsewhere"),
    ],
)
def test_what_cannot_be_checked_is_said_in_a_line(text, content, message):
    text.write_bytes(content)
    code, output = run(text)
    assert code == 2
    assert message in output and "Traceback" not in output
    assert text.read_bytes() == content


def test_update_needs_a_text(tmp_path):
    assert run(tmp_path, "--update")[0] == 2


def test_a_text_may_hold_several_sections(text):
    twice = SECTION.format("old\n") + "between\n" + SECTION.format("older\n")
    made = update(twice, text.parent)
    assert made.count("| a ") == 2 and "between" in made and "old" not in made


def test_no_section_is_an_error():
    with pytest.raises(InputError, match="no section of claims"):
        update("<!-- ganzoo claims results -->", Path())


def test_a_cell_without_figures_has_dashes_and_failed_runs_no_seconds(comparison):
    """The first run broke off early, another cell has not been made, nothing says what of."""
    unknown = {"commit": None, "backend_version": None, "created": None}
    results = comparison(
        {"a": 1.0, "b": 1.0, "c": 1.0},
        seeds=2,
        failed=[("a", 0), ("c", 0), ("c", 1)],
        missing=[("b", 0), ("b", 1)],
        **unknown,
    )
    made = claims(Summary(results))
    lines = [re.split(r" +\| +", line.strip("| ")) for line in made.splitlines()]
    rows = {name: fields for name, *fields in lines if name in "abc"}
    assert set(rows["b"]) == {"–"}
    assert rows["a"][-1] == f"{results.of('a')[1].seconds:,.0f}"  # Alone, so no range.
    assert rows["c"][-1] == "–" and rows["c"][0] == "failed"
    assert "after 210 thousand images" in made  # Not the 120 of the run that broke off.
    assert "(CPU); ganzoo 0.1.0, Keras 3.15.1, tensorflow:" in made


def test_a_commit_is_short_and_says_that_it_is_not_all(comparison):
    made = claims(Summary(comparison({"a": 1.0}, commit="0123456789ab-dirty")))
    assert "at commit 0123456-dirty, Keras" in made


def test_lines_may_end_as_on_windows(text):
    text.write_bytes(text.read_bytes().replace(b"\n", b"\r\n"))
    assert run(text, "--update")[0] == 0
    assert run(text)[0] == 0


@pytest.mark.parametrize("page", ["README.md", "docs/questions.md"])
def test_the_projects_own_claims_follow_from_its_comparisons(page):
    assert run(ROOT / page)[0] == 0

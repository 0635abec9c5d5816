"""What a person sees while a run trains, at 80 columns."""

import io

import pytest
from rich.console import Console

from ganzoo import losses
from ganzoo.losses import penalties
from ganzoo.training.progress import PlainProgress, RichProgress
from ganzoo.training.text import tick_rows

PLACE = {"kimg": 184.512, "resolution": 1024, "alpha": 0.5, "sec_per_kimg": 12345.678}
HOUR = 3600.0


def figures(terms, value):
    return PLACE | dict.fromkeys(terms, value)


@pytest.mark.parametrize("value", [0.0, -1.5, 1234.5678, -1e9, float("nan"), float("-inf")])
@pytest.mark.parametrize("loss", list(losses.registry))
@pytest.mark.parametrize(
    "names", [["r1", "r2"], list(penalties.registry), ["x" * 90, "y" * 40]]
)
def test_no_line_is_longer_than_80(loss, names, value):
    own = [penalties.registry.describe(p) for p in losses.get(loss).penalties]
    terms = ["d_loss", "g_loss", *own, *names]
    header, row = tick_rows(figures(terms, value), terms, 99 * HOUR)
    lines = [header, *row.splitlines()]
    assert max(map(len, lines)) <= 80
    assert header.split()[:7] == ["kimg", "px", "alpha", "sec/kimg", "ETA", "d_loss", "g_loss"]
    shown = header.split() + " ".join(lines[2:]).split()
    assert all(name[:27] in " ".join(shown) for name in terms)


def test_a_common_tick_is_one_line_under_its_header():
    terms = ["d_loss", "g_loss", "r1", "r2"]
    header, row = tick_rows(
        figures(terms, 0.25) | {"sec_per_kimg": 3.4219, "r1": 0.0123, "resolution": 56},
        terms,
        1083,
    )
    assert header == (
        "  kimg    px  alpha  sec/kimg      ETA    d_loss    g_loss        r1        r2"
    )
    assert row == (
        "184.51    56   0.50      3.42  18m 03s     0.250     0.250     0.012     0.250"
    )


def test_the_header_comes_again_now_and_then_and_where_the_terms_change(capsys):
    shown = PlainProgress()
    for terms in (*[["d_loss", "g_loss"]] * 21, ["d_loss", "gp", "g_loss"]):
        shown.tick(figures(terms, 1.0), terms, 60)
    lines = capsys.readouterr().err.splitlines()
    headers = [i for i, line in enumerate(lines) if "alpha" in line]
    assert headers == [0, 21, 23] and len(lines) == 25


@pytest.fixture
def terminal():
    """A progress bar on a terminal of 80 columns, and what it wrote."""
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=80, color_system=None)
    return RichProgress(console), written


def test_lines_on_a_terminal_break_between_words(terminal):
    shown, written = terminal
    shown.message("word " * 40)
    lines = written.getvalue().splitlines()
    assert len(lines) == 3 and all(set(line.split()) == {"word"} for line in lines)


def test_the_bar_says_where_the_run_is_and_what_is_left(terminal):
    shown, written = terminal
    shown.start(320)
    shown.expect(28, None)
    shown.at(1.6)
    shown.bar.refresh()
    assert "preparing ..." in written.getvalue()
    shown.expect(56, 125.0)
    shown.at(160)
    shown.bar.refresh()
    last = written.getvalue().splitlines()[-1]
    assert "56 px" in last and "160.0 / 320 kimg   ETA 2m 05s" in last
    shown.stop()


def test_a_spinner_and_a_bar_show_and_go(terminal):
    shown, written = terminal
    with shown.waiting("Loading Keras"):
        pass
    assert "Loading Keras ..." in written.getvalue()
    with shown.counting("Making images", 100) as made:
        made(64)
        made(36)
    assert "Making images" in written.getvalue() and "100/100" in written.getvalue()


def test_elsewhere_nothing_is_shown(capsys):
    shown = PlainProgress()
    with shown.waiting("Loading Keras"), shown.counting("Making images", 2) as made:
        made(2)
    assert capsys.readouterr() == ("", "")

"""In a notebook a training shows its bar, its figures and its newest sheet, each in a place."""

import sys

import pytest
from PIL import Image

import ganzoo
from ganzoo.notebook import can_draw_over
from ganzoo.training.notebook_progress import NotebookProgress
from ganzoo.training.progress import PlainProgress

FIGURES = {"kimg": 2.0, "resolution": 28, "alpha": 1.0, "sec_per_kimg": 0.5, "d_loss": 1.25}


@pytest.fixture
def shown():
    """What cells show, in the shell of a notebook."""
    pytest.importorskip("IPython")
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    try:
        shell.kernel = object()  # What tells a notebook from a terminal.
        with capture_output() as captured:
            yield captured
    finally:
        InteractiveShell.clear_instance()


def test_bar_figures_and_sheet_stay_in_their_places(shown, tmp_path):
    Image.new("L", (80, 40)).save(tmp_path / "sheet.png")
    progress = ganzoo.progress()
    progress.message("read")
    progress.start(8.0)
    progress.tick(FIGURES, ["d_loss"], eta=3.0)
    progress.sheet(tmp_path / "sheet.png")
    progress.at(8.0)
    progress.message("a < b")
    progress.sheet(tmp_path / "sheet.png")
    progress.stop()
    data = [output.data for output in shown.outputs]
    pictures = [each for each in data if "image/png" in each]
    texts = [each["text/html"] for each in data if "text/html" in each]
    assert len(pictures) == 2
    assert "read" in texts[0] and "kimg" not in texts[0]
    assert "read" not in "".join(texts[1:])
    assert 'value="8" max="8"' in texts[-1] and "8.0 / 8 kimg" in texts[-1]
    assert "1.250" in texts[-1] and "a &lt; b" in texts[-1]
    assert "d_loss" in texts[-1] and "ETA" in texts[-1]


@pytest.mark.parametrize("notebook", [False, True])
def test_a_command_that_a_notebook_starts_draws_over_nothing(monkeypatch, notebook):
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert can_draw_over()
    if notebook:
        monkeypatch.setenv("JPY_PARENT_PID", "1")
        assert not can_draw_over() and type(ganzoo.progress()) is PlainProgress


def test_elsewhere_it_is_lines():
    found = ganzoo.progress()
    assert isinstance(found, PlainProgress) and not isinstance(found, NotebookProgress)

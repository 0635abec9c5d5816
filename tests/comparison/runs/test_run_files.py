"""Files of runs that are damaged, changed, or lead elsewhere."""

import json
import os

import pytest

from ganzoo.comparison.runs.compare import compare
from ganzoo.comparison.runs.grid import Cell
from ganzoo.comparison.runs.results import Results
from ganzoo.comparison.runs.run_files import last_words, result, snapshots
from ganzoo.errors import InputError
from ganzoo.training.run import Run

COMMON = {
    "data": "unown",
    "schedule": "14:0.04,28:0.08",
    "architecture": "progressive-dcgan:width=4,latent_size=8",
    "batch": 8,
    "per_class": 8,
}
ABOUT = {"title": "=Two", "preset": None, "command": "ganzoo compare"}
DONE = {"status": "done", "step": 10, "kimg": 0.08, "seconds": 1.0, "measures": {"kid": 0.5}}


class Done:
    """Trains nothing, and every run is done at once."""

    def __init__(self, started, ended):
        pass

    def train(self, paths):
        for path in paths:
            (path / "result.json").write_text(json.dumps(DONE))


@pytest.fixture
def run(tmp_path):
    (tmp_path / "run").mkdir()
    return Run(tmp_path / "run")


@pytest.mark.parametrize(
    "change",
    [
        {"status": "fine"},
        {"step": 2.5},
        {"step": "10"},
        {"kimg": None},
        {"seconds": float("nan")},
        {"seconds": -1},
        {"kimg": 10**400},
        {"measures": [1]},
    ],
)
def test_a_damaged_result_counts_as_none(run, change):
    run.write_json("result.json", DONE)
    assert result(run)["measures"]["kid"] == 0.5
    (run.path / "result.json").write_text(json.dumps(DONE | change))
    assert result(run) is None


def test_lines_of_figures_that_are_none_are_left_out(run):
    lines = [
        '{"step": 9, "kimg": 2, "seconds": 3.0, "kid": 0.25}',
        '{"step": 5, "kimg": 1, "seconds": 2.0, "kid": NaN, "floor": 5}',
        "5",
        "null",
        '["x"]',
        '{"step": 5, "kimg": "1", "seconds": 2.0}',
        '{"seconds": 2.0}',
        '{"step": 9, "kimg": 2, "seconds": 4.0, "kid": 0.125}',
    ]
    (run.path / "measures.jsonl").write_text("\n".join(lines) + "\n")
    found = snapshots(run)
    assert [(s["kimg"], s["seconds"], s["measures"]["kid"]) for s in found] == [
        (1.0, 2.0, None),
        (2.0, 4.0, 0.125),  # A run that was resumed scores a moment again.
    ]
    assert found[0]["floor"] == {}


def test_last_words_are_the_end_of_a_log_of_any_size(run):
    log = run.path / "worker.log"
    with log.open("wb") as file:
        file.truncate(2**36)
        file.seek(0, os.SEEK_END)
        file.write(b"\nno \x1b[31mmemory\x1b[0m left\n")
    assert last_words(run.path, -9) == "killed by signal 9: no [31mmemory [0m left"
    log.unlink()
    log.symlink_to("/etc/passwd")
    assert last_words(run.path, 2) == "exit code 2"


def test_what_is_done_is_looked_at_again(tmp_path):
    """A damaged result is made again; a changed config is refused, and so are links."""
    cells = [Cell("=1+1", {"loss": "hinge"})]

    def again():
        return compare(cells, [0], COMMON, tmp_path, Done, about=ABOUT)

    (row,) = again().runs
    assert Results.read(tmp_path).cells == ["=1+1"]
    assert (tmp_path / "results.csv").read_text().splitlines()[1].startswith("'=1+1,")
    folder = tmp_path / row.run
    (folder / "result.json").write_text("{}")
    (tmp_path / ".tmp-0a0b0c0d-results.csv").write_text("half")
    assert [run.status for run in again().runs] == ["done"]
    assert not list(tmp_path.glob(".tmp-*"))

    outside = tmp_path.parent / "outside"
    outside.mkdir()
    config = folder / "config.json"
    content = config.read_text()
    config.write_text(content.replace('"batch": 8', '"batch": 16'))
    with pytest.raises(
        InputError, match=r"config\.json has changed since the run began: batch"
    ):
        again()
    config.write_text(content)
    (folder / "worker.log").symlink_to(outside / "log")
    with pytest.raises(InputError, match=r"worker\.log. is a link that leads out of"):
        again()
    (folder / "worker.log").unlink()
    (tmp_path / "samples").symlink_to(outside, target_is_directory=True)
    with pytest.raises(InputError, match="samples' is a link that leads out of"):
        again()
    assert list(outside.iterdir()) == []

"""A comparison as a whole, with pools that train nothing."""

import json
import signal

import numpy as np
import pytest

from ganzoo import backend
from ganzoo.comparison.report.sentences import sentences
from ganzoo.comparison.runs.compare import compare
from ganzoo.comparison.runs.grid import Cell
from ganzoo.comparison.runs.results import Results, sample_path
from ganzoo.comparison.runs.worker import launch
from ganzoo.comparison.statistics.summary import Summary
from ganzoo.errors import InputError
from ganzoo.metrics import fit_features
from ganzoo.provenance import hardware
from ganzoo.training.interrupt import Interrupted

COMMON = {
    "data": "unown",
    "schedule": "14:0.04,28:0.08",
    "architecture": "progressive-dcgan:width=4,latent_size=8",
    "batch": 8,
    "per_class": 8,
    "penalties": [],
}
ABOUT = {"title": "Two", "preset": None, "command": "ganzoo compare"}
HINGE = Cell("hinge", {"loss": "hinge"})


class Idle:
    """Trains nothing: every run stays one to be made."""

    def __init__(self, started, ended):
        pass

    def train(self, paths):
        pass


class Done(Idle):
    """Trains nothing, and every run is done at once."""

    def train(self, paths):
        result = {"status": "done", "step": 10, "kimg": 0.08, "seconds": 1.0, "measures": {}}
        for path in paths:
            (path / "result.json").write_text(json.dumps(result))


def test_tables_of_other_terms_are_set_aside(tmp_path, capsys):
    three = [Cell(name, {"loss": name}) for name in ("hinge", "wgan", "lsgan")]
    two = three[:2]
    compare([Cell("slip", {"loss": "rpgan"})], [0], COMMON, tmp_path, Idle, about=ABOUT)
    compare(two, [0], COMMON, tmp_path, Done, about=ABOUT)  # Nothing was made before.
    made = compare(three, [0, 1], COMMON, tmp_path, Done, about=ABOUT)
    assert [run.status for run in made.runs] == ["done"] * 6
    files = [path for path in tmp_path.iterdir() if path.is_file() and path.name[0] != "."]
    before = {path.name: path.read_bytes() for path in files}
    changed = COMMON | {"schedule": "14:0.08,28:0.08"}
    for number, (cells, common) in enumerate([(two, COMMON), (three, changed)], 1):
        compare(cells, [0, 1], common, tmp_path, Done, about=ABOUT)
        aside = tmp_path / f"earlier-{number}"
        assert f"they are in {aside} now" in capsys.readouterr().err
        assert len(Results.read(tmp_path).runs) == 2 * len(cells)
        if number == 1:
            assert before == {path.name: path.read_bytes() for path in aside.iterdir()}
    (tmp_path / "results.csv").write_text("spoilt")
    compare(cells, [0, 1], common, tmp_path, Done, about=ABOUT)
    assert (tmp_path / "earlier-3" / "results.csv").read_text() == "spoilt"
    assert len(list(tmp_path.glob("earlier-*"))) == 3


def test_a_comparison_that_was_stopped_goes_on_and_keeps_the_tables_until_then(tmp_path):
    class Stopping(Idle):
        def train(self, paths):
            raise Interrupted(signal.SIGINT, "stopped")

    cells, changed = (
        [HINGE],
        COMMON | {"schedule": "14:0.08,28:0.08"},
    )
    compare(cells, [0], COMMON, tmp_path, Done, about=ABOUT)
    before = (tmp_path / "results.csv").read_bytes()
    with pytest.raises(Interrupted):
        compare(cells, [0], changed, tmp_path, Stopping, about=ABOUT)
    assert (tmp_path / "results.csv").read_bytes() == before
    (tmp_path / "comparison.json").unlink()  # As of a first one that was killed while writing.
    made = compare(cells, [0], changed, tmp_path, Done, about=ABOUT)
    assert [run.status for run in made.runs] == ["done"]


def test_a_folder_of_other_things_is_refused(tmp_path):
    (tmp_path / "photo.png").touch()
    with pytest.raises(InputError, match=r"holds other things, such as 'photo\.png'"):
        compare([HINGE], [0], COMMON, tmp_path, Idle, about=ABOUT)
    assert [path.name for path in tmp_path.iterdir()] == ["photo.png"]


def test_a_bad_setting_names_its_cell_and_makes_no_folder(tmp_path):
    cells = [Cell("good", {"loss": "hinge"}), Cell("bad", {"batch": -3})]
    with pytest.raises(InputError, match=r"The cell 'bad': .*-3"):
        compare(cells, [0], COMMON, tmp_path / "out", Idle, about=ABOUT)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"data": "unown-original"}, "changes data,"),
        ({"per_class": 4}, "changes per_class,"),
        ({"score": 50}, "changes score,"),
        ({"schedule": "28:0.04,56:0.08"}, "changes the schedule's last resolution,"),
        ({"data": "photos", "per_class": 4}, "changes data and per_class,"),
    ],
)
def test_a_cell_with_images_of_its_own_is_refused_in_one_line(tmp_path, changed, named):
    cells = [HINGE, Cell("odd", changed)]
    with pytest.raises(InputError, match=f"cell 'odd' {named} but all cells") as refused:
        compare(cells, [0], COMMON, tmp_path / "out", Idle)
    assert "\n" not in str(refused.value) and not (tmp_path / "out").exists()


def test_a_cell_may_say_again_what_holds_for_all_and_have_a_schedule_of_its_own(tmp_path):
    own = {"data": "unown", "per_class": 8, "schedule": "28:0.16"}
    cells = [HINGE, Cell("own", own)]
    made = compare(cells, [0], COMMON, tmp_path, Idle, about=ABOUT)
    assert [run.status for run in made.runs] == ["missing", "missing"]
    assert "--schedule 28:0.16" in made.runs[1].command


def test_the_feature_network_is_there_before_the_first_run_begins(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fit_features, "LEAST", 1)
    monkeypatch.setattr(fit_features, "MOST", 1)
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "noise.npz", images=rng.integers(0, 256, (120, 16, 16), np.uint8))
    common = COMMON | {"data": str(tmp_path / "noise.npz"), "schedule": "16:0.08"}
    common |= {"per_class": None, "score": 50}
    kept = []

    class Looking(Idle):
        def train(self, paths):
            kept.extend((tmp_path / "cache").glob("*.features.npz"))

    compare([HINGE], [0], common, tmp_path / "out", Looking, about=ABOUT)
    assert len(kept) == 1


@pytest.mark.parametrize(
    ("scored_by", "said"), [("aa", False), ("ab", True)], ids=["one network", "two"]
)
def test_the_report_says_where_feature_networks_differ(tmp_path, scored_by, said):
    class Scored(Idle):
        """Leaves of each run what it writes at its first snapshot."""

        def train(self, paths):
            for path, network in zip(paths, scored_by, strict=True):
                line = {
                    "step": 10,
                    "kimg": 0.08,
                    "seconds": 1.0,
                    "kid": 0.5,
                    "features": network * 64,
                }
                (path / "metrics.jsonl").write_text(json.dumps(line) + "\n")

    made = compare([HINGE], [0, 1], COMMON, tmp_path, Scored, about=ABOUT)
    words = " ".join(sentences(Summary(made)))
    assert ("scored by 2 feature networks" in words) is said
    assert made.settings["features"] == ", ".join(n * 64 for n in dict.fromkeys(scored_by))


def test_a_run_that_broke_off_stays_failed_until_it_is_tried_again(tmp_path):
    class Breaking(Idle):
        def __init__(self, started, ended):
            self.ended = ended

        def train(self, paths):
            (paths[0] / "worker.log").write_text("began\nno memory left\n")
            for path in paths:  # The second one, before it had a log.
                self.ended(path, -9)

    cells = [HINGE]
    compare(cells, [0, 1], COMMON, tmp_path, Breaking, about=ABOUT)
    other_shard = compare(cells, [0, 1], COMMON, tmp_path, Idle, about=ABOUT)
    assert [(run.status, run.reason) for run in other_shard.runs] == [
        ("failed", "killed by signal 9: no memory left"),
        ("failed", "killed by signal 9"),
    ]
    run = other_shard.runs[0]
    launch(tmp_path / run.run, {}).wait()
    before = Results.read(tmp_path).runs
    after = compare(cells, [0, 1], COMMON, tmp_path, Idle, about=ABOUT).runs
    assert [run.status for run in before] == ["failed"] * 2
    assert [run.status for run in after] == ["done", "failed"]
    machine = json.loads((tmp_path / run.run / "machine.json").read_text())
    assert machine["hardware"] == hardware() and machine["device"] == backend.device()


@pytest.mark.parametrize(("other", "said"), [("slow", True), ("fast", False)])
def test_the_report_names_each_kind_of_machine(tmp_path, other, said):
    class On(Idle):
        def train(self, paths):
            for path, kind in zip(paths, ("fast", other), strict=True):
                machine = {"hardware": kind, "device": "cpu"}
                (path / "machine.json").write_text(json.dumps(machine))

    made = compare([HINGE], [0, 1], COMMON, tmp_path, On, about=ABOUT)
    assert made.settings["hardware"] == ("fast; slow" if said else "fast")
    assert made.settings["device"] == "cpu"
    words = " ".join(sentences(Summary(made)))
    assert ("made on 2 kinds of machine" in words) is said


@pytest.mark.parametrize("last", ["000040.512", "000041"])
def test_the_sheet_that_is_shown_is_the_last_one(tmp_path, last):
    class Drawn(Idle):
        def train(self, paths):
            for name in ("000000.512", "000040", last):
                (paths[0] / f"fakes{name}.png").write_text(name)

    compare([HINGE], [0], COMMON, tmp_path, Drawn, about=ABOUT)
    assert (tmp_path / sample_path("hinge", 0)).read_text() == last


@pytest.mark.parametrize("code", [-signal.SIGTERM, -signal.SIGINT, 143])
def test_a_run_that_was_stopped_before_it_began_has_not_failed(tmp_path, code):
    class Stopped(Idle):
        def __init__(self, started, ended):
            self.ended = ended

        def train(self, paths):
            for path in paths:
                self.ended(path, code)

    made = compare([HINGE], [0, 1], COMMON, tmp_path, Stopped, about=ABOUT)
    assert [run.status for run in made.runs] == ["missing"] * 2
    assert not list(tmp_path.rglob("failure.json"))

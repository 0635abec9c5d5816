"""A run that goes on for longer: as one of the new length, and always the same."""

import os
import signal

import numpy as np
import pytest

from ganzoo.errors import InputError
from ganzoo.schedule import Schedule
from ganzoo.training import checkpoint
from ganzoo.training.interrupt import Interrupted
from ganzoo.training.learning_rate import HoldThenDecay, lengthened_decay
from ganzoo.training.lengthen import lengthen, shorter_stages
from ganzoo.training.progress import Silent
from ganzoo.training.run import RESULT, Run
from ganzoo.training.timetable import Timetable
from ganzoo.training.trainer import Trainer

LONGER = "8:0.192"


class StopAt(Silent):
    """Sends a signal once `kimg` thousand images were shown."""

    def __init__(self, kimg):
        self.kimg = kimg

    def at(self, kimg):
        if kimg >= self.kimg:
            self.kimg = float("inf")
            os.kill(os.getpid(), signal.SIGTERM)


def train(path, config, progress=None):
    run = Run(path)
    path.mkdir(exist_ok=True)
    trainer = Trainer(**config, progress=progress)
    run.write_json("config.json", trainer.config)
    trainer.train(run)
    return run


def lengthened(run, kimg):
    """The run with a new length, as `ganzoo train --resume --kimg` makes it."""
    step = checkpoint.load(run.checkpoints[-1])[1]["step"]
    (run.path / RESULT).unlink(missing_ok=True)
    run.change(**lengthen(run.config, step, kimg))
    return run


def go_on(run, progress=None):
    Trainer(**run.config, progress=progress).train(run)
    return last(run)


def last(run):
    return checkpoint.load(run.checkpoints[-1])[0]


def assert_equal(ours, theirs):
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)


@pytest.fixture(scope="module")
def short(settings):
    """12 steps of 8 images, of which the rate falls in the last six."""
    return settings | {"loss": "hinge", "penalties": (), "schedule": "8:0.096"}


@pytest.fixture(scope="module")
def whole(short, tmp_path_factory):
    """A run that had 24 steps from the start."""
    return train(tmp_path_factory.mktemp("whole") / "run", short | {"schedule": LONGER})


@pytest.fixture(autouse=True)
def signals_are_seen_soon(monkeypatch):
    monkeypatch.setattr("ganzoo.training.loop.STEPS_A_CALL", 2)


@pytest.mark.backends
def test_before_its_rate_falls_a_longer_run_is_one_of_that_length(short, whole, tmp_path):
    with pytest.raises(Interrupted):
        train(tmp_path / "run", short, StopAt(0.048))
    run = lengthened(Run(tmp_path / "run"), 0.192)
    assert run.config["schedule"] == LONGER
    assert_equal(go_on(run), last(whole))
    assert run.result["kimg"] == 0.192


def test_a_finished_run_goes_on_and_its_config_alone_makes_it_again(short, whole, tmp_path):
    run = lengthened(train(tmp_path / "run", short), 0.192)
    assert run.config["lengthened"] == [{"step": 12, "kimg": 0.096}]
    with pytest.raises(Interrupted):
        go_on(run, StopAt(0.144))
    arrays = go_on(run)
    assert arrays["iteration"] == 24 and run.result["kimg"] == 0.192
    again = train(tmp_path / "again", {k: v for k, v in run.config.items() if k != "history"})
    assert_equal(last(again), arrays)
    # For six steps the rate was another one than in a run of that length from the start.
    assert (last(whole)["ema/g_4/kernel"] != arrays["ema/g_4/kernel"]).any()


def test_each_step_has_the_rate_of_the_length_that_was_meant_then():
    rate = lengthened_decay(1.0, 40, [(16, 20)])
    short, long = HoldThenDecay(1.0, 20), HoldThenDecay(1.0, 40)
    for step in range(40):
        expected = short if step < 16 else long
        assert float(rate(step)) == float(expected(step))
    assert float(rate(15)) == pytest.approx(0.55) and float(rate(16)) == 1.0
    assert isinstance(lengthened_decay(1.0, 40, [(11, 20)]), HoldThenDecay)
    assert not isinstance(lengthened_decay(1.0, 40, [(12, 20)]), HoldThenDecay)


def test_the_last_stage_gets_longer():
    config = {"schedule": "8:0.1,16:0.2:0.1"}
    changes = lengthen(config, 30, 0.5)
    assert changes == {
        "schedule": "8:0.1,16:0.4:0.1",
        "lengthened": [{"step": 30, "kimg": pytest.approx(0.3)}],
    }
    assert lengthen(config | changes, 30, 0.5) == {}
    table = Timetable(Schedule.parse(changes["schedule"]), 8)
    # The first stage has 12 steps; the last one was to have 25.
    assert shorter_stages(table, changes["lengthened"]) == [(18, 25)]
    assert shorter_stages(table, [{"step": 12, "kimg": 0.3}]) == []


@pytest.mark.parametrize("kimg", [0.2, -1, float("nan"), float("inf"), 0])
def test_a_run_only_gets_longer(kimg):
    with pytest.raises(InputError, match=r"can only get longer|number above 0"):
        lengthen({"schedule": "8:0.1,16:0.2:0.1"}, 30, kimg)

"""The time that is left, from steps on a clock of the test's own."""

from types import SimpleNamespace

import numpy as np
import pytest

from ganzoo.schedule import Schedule
from ganzoo.tracking.tracking import Tracking
from ganzoo.training import clock, loop
from ganzoo.training.timetable import Timetable


@pytest.fixture
def running(monkeypatch):
    """A loop in its first stage, where 1000 images are a step, and the clock's hand."""
    schedule = Schedule.parse("8:100,16:50")
    trainer = SimpleNamespace(
        schedule=schedule,
        timetable=Timetable(schedule, images_a_step=1000),
        progress=None,
        images=SimpleNamespace(class_count=0, images=np.zeros((1, 8, 8, 1), np.uint8)),
        flops=[10, 40],
    )
    made = loop.Loop(trainer, run=None, tracking=Tracking((), print))
    hand = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(clock.time, "perf_counter", lambda: hand.seconds)
    made.clock.start()
    made.slow_until = 1
    return made, hand


def test_steps_that_compile_do_not_count(running):
    made, hand = running
    hand.seconds = 300.0
    assert made._eta(0, 16) is None  # The call that compiled.
    hand.seconds = 316.0
    # 68 kimg are left of this stage; the 50 of the next weigh four times as much.
    assert made._eta(0, 32) == pytest.approx(68 + 200)


def test_a_snapshot_counts_by_its_share(running):
    made, hand = running
    made._eta(0, 16)
    hand.seconds = 32.0  # 16 for the steps, 16 for a snapshot.
    assert made._eta(0, 32) == pytest.approx(2 * 268)
    hand.seconds += 16
    assert made._eta(0, 48) == pytest.approx(1.5 * (52 + 200))


def test_measuring_does_not_count(running):
    made, hand = running
    made._eta(0, 16)
    hand.seconds = 16.0
    made.clock.lap()
    hand.seconds = 1000.0
    made.clock.start()
    hand.seconds += 16
    assert made._eta(0, 48) == pytest.approx(52 + 200)

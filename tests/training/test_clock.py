"""Seconds of training: on the wall and of the processor, lap by lap."""

import pytest

from ganzoo.training import clock as module
from ganzoo.training.clock import Clock


@pytest.fixture
def time(monkeypatch):
    """Two clocks that a test sets: seconds on the wall, and of the processor."""
    now = {"perf_counter": 100.0, "process_time": 7.0}
    for name in now:
        monkeypatch.setattr(module.time, name, lambda name=name: now[name])

    def passes(wall, processor):
        now["perf_counter"] += wall
        now["process_time"] += processor

    return passes


def test_what_passes_between_laps_is_not_counted(time):
    clock = Clock()
    time(2.0, 3.0)
    clock.lap()
    time(50.0, 60.0)
    clock.start()
    time(0.5, 0.25)
    assert clock.now() == 2.5
    clock.lap()
    assert clock.times == {"seconds": 2.5, "processor_seconds": 3.25}


def test_a_resumed_training_goes_on_counting(time):
    clock = Clock()
    clock.go_on({"seconds": 10.0, "processor_seconds": 20.0})
    time(1.0, 2.0)
    clock.lap()
    assert clock.times == {"seconds": 11.0, "processor_seconds": 22.0}


def test_seconds_of_the_processor_that_nobody_counted_stay_unknown(time):
    clock = Clock()
    clock.go_on({"seconds": 10.0})
    time(1.0, 2.0)
    clock.lap()
    assert clock.times == {"seconds": 11.0}

"""The first lines of a run: backend, device, precision, time, and what is trained."""

import pytest

from ganzoo import backend
from ganzoo.training import estimate, opening
from ganzoo.training.trainer import Trainer


@pytest.fixture(scope="module")
def trainer():
    return Trainer(
        loss="hinge",
        penalties=(),
        schedule="8:0.1",
        batch=8,
        per_class=2,
        seed=3,
        architecture="progressive-dcgan:width=4",
    )


@pytest.mark.skipif(backend.device() != "cpu", reason="On a GPU the first tick tells the time.")
def test_the_time_follows_from_operations_and_the_machine_s_rate(trainer, monkeypatch):
    rate = trainer.total_flops / 90  # 90 seconds at the full rate.
    monkeypatch.setattr(estimate, "product_rate", lambda: rate)
    assert estimate.expected_seconds(trainer) == pytest.approx(90 / backend.SHARE_OF_PEAK)
    monkeypatch.setattr(backend, "device_count", lambda: 2)
    assert estimate.expected_seconds(trainer) is None


def test_the_first_line_says_what_computes(trainer, monkeypatch):
    monkeypatch.setattr(opening, "expected_seconds", lambda trainer: 75.0)
    monkeypatch.setattr(opening, "idle", lambda device, name: f"a GPU is idle beside {name}")
    first, gpu, trains = opening.opening(trainer)
    assert first.startswith(f"{backend.name} {backend.version} on ")
    assert first.endswith(", float32: about 1m 15s")
    assert gpu == f"a GPU is idle beside {backend.name}"
    assert trains.startswith("56 images of unown, 1 channel(s), schedule 8:0.1, hinge")


def test_the_rate_of_a_product_is_the_machine_s():
    assert 1e8 < estimate.product_rate(256) < 1e15

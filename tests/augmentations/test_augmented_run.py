"""A run with an augmentation: what it records, and that it goes on as if it had not stopped."""

import json

import numpy as np
import pytest

from ganzoo.training.checkpoint import load
from ganzoo.training.progress import Silent
from ganzoo.training.run import Run
from ganzoo.training.trainer import Trainer

pytestmark = pytest.mark.backends


class Power(BaseException):
    """The plug was pulled."""


class PullAt(Silent):
    def __init__(self, kimg):
        self.kimg = kimg

    def at(self, kimg):
        if kimg >= self.kimg:
            raise Power


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """24 steps of 8 images, growing from 8 to 16 px."""
    images = np.random.default_rng(0).integers(0, 256, (32, 16, 16), np.uint8)
    images[:, :4] = 0
    path = tmp_path_factory.mktemp("data") / "images.npy"
    np.save(path, images)
    return {
        "data": str(path),
        "loss": "hinge",
        "architecture": "progressive-dcgan:width=4,latent_size=8",
        "schedule": "8:0.096,16:0.096:0.048",
        "batch": 8,
        "penalties": [],
        "tick": 0.032,
        "snap": 0.048,
        "augment": "ada:kimg=0.1,every=2,target=0.1",
    }


def train(settings, path, progress=None):
    run = Run.create(path, "run")
    trainer = Trainer(**settings, progress=progress)
    run.write_json("config.json", trainer.config)
    trainer.train(run)
    return run


@pytest.mark.backends("torch")
def test_a_run_that_was_stopped_has_the_same_p_and_weights(settings, tmp_path):
    whole = train(settings, tmp_path)
    with pytest.raises(Power):
        train(settings, tmp_path, PullAt(0.112))
    stopped = Run.open(sorted(tmp_path.iterdir())[-1])
    config = json.loads((stopped.path / "config.json").read_text())
    assert config["augment"].startswith("ada:target=0.1,kimg=0.1,every=2,p=0.0,")
    Trainer(**config).train(stopped)
    expected, found = (load(run.checkpoints[-1])[0] for run in (whole, stopped))
    assert expected.keys() == found.keys()
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)
    assert 0 < expected["memory/augment/p"] <= 1
    last = whole.lines("losses.jsonl")[-1]
    assert 0 < last["p"] <= 1 and -1 <= last["certainty"] <= 1


def test_none_leaves_no_trace_in_a_config(settings):
    configs = [
        Trainer(**settings | {"augment": augment, "schedule": "8:0.032"}).config
        for augment in (None, "none")
    ]
    assert configs[0] == configs[1] and "augment" not in configs[0]

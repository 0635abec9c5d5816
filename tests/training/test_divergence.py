"""A run that blows up stops, keeps its last good state, and says which term it was."""

import json
import re

import numpy as np
import pytest

from ganzoo.errors import RunError
from ganzoo.training import checkpoint
from ganzoo.training.run import Run
from ganzoo.training.trainer import Trainer

pytestmark = pytest.mark.backends


def diverge(settings, tmp_path, **changes):
    run = Run.create(tmp_path, "run")
    trainer = Trainer(**settings | changes)
    run.write_json("config.json", trainer.config)
    with pytest.raises(RunError) as error:
        trainer.train(run)
    return run, str(error.value)


def test_a_critic_without_bound_diverges_and_says_so(settings, tmp_path):
    # Nothing bounds the critic, and each step multiplies its weights. Batch statistics would
    # overflow first.
    run, message = diverge(
        settings,
        tmp_path,
        loss="wgan:clip=None",
        penalties=[],
        architecture="progressive-dcgan:width=8,latent_size=8,score_width=0,similarities=0",
        optimizer="sgd:learning_rate=3",
        snap=settings["tick"],
    )
    assert re.search("diverged: [dg]_loss became NaN or infinite at step [1-9]", message)
    assert "\n" not in message
    assert str(run.checkpoints[-1]) in message
    arrays, manifest = checkpoint.load(run.checkpoints[-1])
    assert all(np.isfinite(array).all() for array in arrays.values())
    result = json.loads((run.path / "result.json").read_text())
    assert result["status"] == "diverged" and result["reason"] in message
    assert result["step"] > manifest["step"]


def test_the_penalty_is_named_when_it_is_the_penalty(settings, tmp_path):
    _, message = diverge(
        settings, tmp_path, loss="hinge", penalties=["r1:gamma=3e38,every=1000"], tick=0.008
    )
    assert "r1 became NaN or infinite at step 0" in message
    assert "d_loss" not in message
    assert "no checkpoint yet" in message

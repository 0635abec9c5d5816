"""A model in a person's own file trains, resumes, samples and compares as the zoo's does."""

import json

import numpy as np
import pytest

from ganzoo.training import checkpoint
from ganzoo.training.run import Run

FILE = '''
import ganzoo
from keras import ops


class Varied(ganzoo.GANModel):
    """A generator that is paid for variety."""

    log_names = ("variety",)

    def __init__(self, *networks, weight=0.1, **options):
        super().__init__(*networks, **options)
        self.weight = weight

    def generator_loss(self, fake, real):
        loss, logs = super().generator_loss(fake, real)
        variety = ops.mean(ops.std(fake, axis=0))
        return loss - self.weight * variety, logs | {"variety": variety}
'''


@pytest.fixture
def own(ganzoo, tmp_path):
    (tmp_path / "varied.py").write_text(FILE)
    return ganzoo


def config_of(run):
    return json.loads((run.path / "config.json").read_text())


def weights(run):
    return checkpoint.load(run.checkpoints[-1])[0]


def test_it_trains_stops_goes_on_samples_and_compares(own, small, tmp_path):
    model = ("--model", "varied:Varied:weight=0.5")
    trained = own("train", *small, *model)
    assert trained.exit_code == 0, trained.output
    run = Run("runs/00000-squares-Varied-wgan-gp")
    assert config_of(run)["model"] == "varied:Varied:weight=0.5"
    last = json.loads(run.path.joinpath("losses.jsonl").read_text().splitlines()[-1])
    assert 0 < last["variety"] < 1
    made = weights(run)
    # Half of it, and on from there: bit for bit.
    (run.path / "result.json").unlink()
    for path in run.checkpoints[1:]:
        for file in path.iterdir():
            file.unlink()
        path.rmdir()
    refused = own("train", "--resume", run.path)
    assert refused.exit_code == 2 and "--allow varied" in refused.stderr
    resumed = own("train", "--resume", run.path, "--allow", "varied")
    assert resumed.exit_code == 0, resumed.output
    again = weights(run)
    assert all(np.array_equal(made[name], again[name]) for name in made)
    sampled = own("generate", run.path, "--count", 4, "--out", "a.npz", "--allow", "varied")
    assert sampled.exit_code == 0, sampled.output


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("wgan", "There is no model 'wgan'"),
        ("ganzoo.losses.hinge:Hinge", "does not derive from GenerativeModel"),
        ("varied:Varied:seed=3", "seed is a setting of the training"),
        ("gan:width=3", "has no option 'width'. Options: none"),
        ("varied:Missing", "cannot be imported"),
    ],
)
def test_what_is_no_model_is_one_line(own, small, model, message):
    result = own("train", *small, "--model", model)
    assert result.exit_code == 2
    assert message in result.stderr and len(result.stderr.strip().splitlines()) == 1


def test_a_config_whose_model_is_gone_is_refused(own, small):
    assert own("train", *small, "--model", "varied:Varied").exit_code == 0
    run = Run("runs/00000-squares-Varied-wgan-gp")
    config = {key: value for key, value in config_of(run).items() if key != "model"}
    (run.path / "config.json").write_text(json.dumps(config))
    for command in (("train", "--resume"), ("generate",)):
        result = own(*command, run.path)
        assert result.exit_code == 2
        assert "model (was 'varied:Varied" in result.stderr, result.stderr

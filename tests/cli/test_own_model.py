"""A model in a person's own file trains, resumes, samples and compares as the zoo's does."""

import csv
import json
from pathlib import Path

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

AUTOENCODER = '''
import ganzoo
from keras import ops


class Autoencoder(ganzoo.GenerativeModel):
    """An autoencoder whose codes have the moments of a normal distribution."""

    roles = ("encoder", "generator")

    def __init__(self, encoder, generator, weight=0.1, **options):
        networks = {"encoder": encoder, "generator": generator}
        super().__init__(networks, terms=("error", "moments"), **options)
        self.weight = weight

    def update(self, images):
        def loss():
            codes = self.encoder(images, training=True)[:, : self.latent_size]
            error = ops.mean(ops.square(self.generator(codes, training=True) - images))
            moments = ops.mean(codes) ** 2 + (ops.mean(ops.square(codes)) - 1) ** 2
            return error + self.weight * moments, {"error": error, "moments": moments}

        return ops.shape(images)[0], self.minimise(loss, *self.roles)
'''


@pytest.fixture
def own(ganzoo, tmp_path):
    (tmp_path / "varied.py").write_text(FILE)
    (tmp_path / "autoencoder.py").write_text(AUTOENCODER)
    return ganzoo


def config_of(run):
    return json.loads((run.path / "config.json").read_text())


def weights(run):
    return checkpoint.load(run.checkpoints[-1])[0]


@pytest.mark.parametrize(
    ("model", "loss", "figure"),
    [
        ("varied:Varied:weight=0.5", ("--loss", "wgan-gp"), "variety"),
        ("autoencoder:Autoencoder:weight=0.5", (), "error"),
    ],
)
def test_it_trains_stops_goes_on_samples_and_compares(own, small, model, loss, figure):
    module, kind, _ = model.split(":")
    common = small[: small.index("--loss")]
    trained = own("train", *common, "--model", model, *loss)
    assert trained.exit_code == 0, trained.output
    run = Run("-".join([f"runs/00000-squares-{kind}", *loss[1:]]))
    config = config_of(run)
    assert config["model"] == model
    assert config.get("loss", "").partition(":")[0] == "".join(loss[1:])
    assert ({"loss", "penalties", "critic_steps"} <= config.keys()) == bool(loss)
    last = json.loads(run.path.joinpath("losses.jsonl").read_text().splitlines()[-1])
    assert 0 < last[figure] < 2
    made = weights(run)
    # Half of it, and on from there: bit for bit.
    (run.path / "result.json").unlink()
    for path in run.checkpoints[1:]:
        for file in path.iterdir():
            file.unlink()
        path.rmdir()
    if not loss:  # As earlier versions wrote it; what they recorded is nothing to such a model.
        old = {"loss": None, "penalties": [], "critic_steps": 1}
        (run.path / "config.json").write_text(json.dumps(config | old))
    refused = own("train", "--resume", run.path)
    assert refused.exit_code == 2 and f"--allow {module}" in refused.stderr
    allow = ("--allow", module)
    resumed = own("train", "--resume", run.path, *allow)
    assert resumed.exit_code == 0, resumed.output
    again = weights(run)
    assert made.keys() == again.keys()
    assert all(np.array_equal(made[name], again[name]) for name in made)
    sampled = own("generate", run.path, "--count", 4, "--out", "a.npz", *allow)
    assert sampled.exit_code == 0, sampled.output
    with np.load("a.npz") as file:
        assert file["images"].shape == (4, 16, 16, 1)
    exported = own("export", run.path, "--out", "a.keras", *allow)
    assert exported.exit_code == 0 and "within 0 of 255" in exported.output


@pytest.mark.thorough
def test_kinds_with_and_without_a_loss_are_in_one_table(own, small):
    models = "gan,varied:Varied,autoencoder:Autoencoder"
    common = (*small[:6], "--archs", small[7], "--seeds", 0, "--score", 50)
    compared = own("compare", *common, "--models", models, "--out", "table")
    assert compared.exit_code == 0, compared.output
    with open("table/results.csv", encoding="utf-8", newline="") as file:
        gan, varied, other = rows = list(csv.DictReader(file))
    assert [row["cell"] for row in rows] == models.split(",")
    assert [row["status"] for row in rows] == ["done"] * 3
    assert gan["loss"] == varied["loss"] != other["loss"] == ""
    steps = gan["g_updates"]
    assert [row["d_updates"] for row in rows] == [steps, steps, ""]
    assert other["g_updates"] == steps
    assert float(other["flops"]) < float(gan["flops"]) == float(varied["flops"])
    assert "autoencoder:Autoencoder" in Path("table/report.md").read_text()


def test_a_kind_without_a_loss_refuses_one(own, small):
    some = small[: small.index("--penalty")]
    result = own("train", *some, "--model", "autoencoder:Autoencoder")
    assert result.exit_code == 2 and not list(Path().glob("runs/*"))
    assert result.stderr.endswith(
        "The model 'autoencoder:Autoencoder' has no use for loss. Leave it out.\n"
    )


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
    given = ("--schedule", "8:0.016", "--model", "varied:Varied")
    assert own("train", *small, *given).exit_code == 0
    run = Run("runs/00000-squares-Varied-wgan-gp")
    config = {key: value for key, value in config_of(run).items() if key != "model"}
    (run.path / "config.json").write_text(json.dumps(config))
    for command in (("train", "--resume"), ("generate",)):
        result = own(*command, run.path)
        assert result.exit_code == 2
        assert "model (was 'varied:Varied" in result.stderr, result.stderr

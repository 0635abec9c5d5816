"""A run with labels: from the command line to its checkpoints, stopped and gone on with."""

import json

import numpy as np
import pytest

import ganzoo as library
from ganzoo.comparison.runs import grid
from ganzoo.training import checkpoint
from ganzoo.training.run import Run
from ganzoo.training.settings import SETTINGS, without

CONDITION = "labels:classes=4,discriminator=projection,generator='latent:size=64'"


@pytest.fixture(scope="session")
def labelled(tmp_path_factory):
    """32 images of four classes: bars at four heights."""
    images = np.zeros((32, 16, 16), np.uint8)
    labels = np.arange(32) % 4
    for i, image in enumerate(images):
        image[4 * labels[i] : 4 * labels[i] + 3, i // 4 :] = 255
    path = tmp_path_factory.mktemp("data") / "bars.npz"
    np.savez(path, images=images, labels=labels)
    return path


@pytest.fixture
def options(small, labelled):
    return [*small, "--data", str(labelled), "--loss", "hinge", "--condition", "labels"]


def arrays(run):
    return checkpoint.load(run.checkpoints[-1])[0]


@pytest.mark.backends("tensorflow")
def test_it_trains_and_goes_on_bit_for_bit_in_memory_or_from_disk(ganzoo, options):
    trained = ganzoo("train", *options)
    assert trained.exit_code == 0, trained.output
    run = Run("runs/00000-bars-hinge-labels")
    config = run.config
    assert config["condition"] == CONDITION
    assert "categories=4" in config["architecture"]  # Of eight, for one class.
    made = arrays(run)
    assert made["ema/g_class/kernel"].shape == (4, 64)
    assert made["discriminator/d_class/kernel"].shape[0] == 4
    # Half of it, with images on disk, and on from there.
    (run.path / "result.json").unlink()
    for path in run.checkpoints[1:]:
        for file in path.iterdir():
            file.unlink()
        path.rmdir()
    assert len(run.checkpoints) == 1
    resumed = ganzoo("train", "--resume", run.path, "--stream")
    assert resumed.exit_code == 0, resumed.output
    again = arrays(run)
    assert made.keys() == again.keys()
    loaded = library.load(run.path)
    ones = loaded.sample(3, label="1")
    assert ones.shape == (3, 16, 16, 1)
    np.testing.assert_array_equal(ones, loaded.sample(3, label=1))
    both = loaded.sample(4, label=["1", 2])
    np.testing.assert_array_equal(both[:3:2], ones[:3:2])
    np.testing.assert_array_equal(both[1], loaded.sample(4, label=2)[1])
    np.testing.assert_array_equal(loaded.sample(4)[1], ones[1])  # Each class in its turn.
    for name, array in made.items():
        np.testing.assert_array_equal(array, again[name], err_msg=name)
    # A checkpoint of other classes, or of none, is another run's.
    for changed in (CONDITION.replace("classes=4", "classes=5"), None):
        kept = {k: v for k, v in config.items() if k != "condition"}
        text = json.dumps(kept | ({"condition": changed} if changed else {}))
        (run.path / "config.json").write_text(text)
        refused = ganzoo("train", "--resume", run.path)
        assert refused.exit_code == 2 and "condition (" in refused.stderr, refused.stderr
    # Names in another order would ask for another class.
    (run.path / "config.json").write_text(json.dumps(config | {"classes": [*"1023"]}))
    refused = ganzoo("generate", run.path, "--label", "1")
    assert refused.exit_code == 2 and "classes (was ['0', '1'" in refused.stderr


@pytest.mark.backends
def test_the_auxiliary_classifier_has_figures_of_its_own(ganzoo, options):
    condition = ("--condition", "labels:discriminator=ac-gan")
    trained = ganzoo("train", *options, *condition, "--schedule", "8:0.04")
    assert trained.exit_code == 0, trained.output
    lines = (Run("runs/00000-bars-hinge-labels").path / "losses.jsonl").read_text().splitlines()
    last = json.loads(lines[-1])
    assert 0 < last["class_loss"] < 2 * np.log(4) + 1 and 0 < last["g_class_loss"] < 3


@pytest.mark.parametrize(
    ("condition", "more", "message"),
    [
        ("labels", ["--no-labels"], "is read without labels"),
        ("labels:classes=5", [], "there are 4 here, not 5"),
        ("lables", [], "no condition 'lables'. Did you mean 'labels'"),
        ("labels:discriminator=projecton", [], "Did you mean 'projection'"),
        ("labels:generator='evil:Thing'", [], "cannot be imported"),
        ("labels:weight=3", [], "no option 'weight'"),
    ],
)
def test_a_condition_that_cannot_be_is_one_line(ganzoo, options, condition, more, message):
    result = ganzoo("train", *options, *more, "--condition", condition)
    assert result.exit_code == 2
    assert message in result.stderr and len(result.stderr.strip().splitlines()) == 1


def test_images_without_labels_are_one_line(ganzoo, small):
    result = ganzoo("train", *small, "--condition", "labels")
    assert result.exit_code == 2 and "have no labels. Give a set with classes" in result.stderr
    assert not Run("runs/00000-squares-wgan-gp").path.exists()
    trained = ganzoo("train", *small, "--schedule", "8:0.016", "--condition", "none")
    assert trained.exit_code == 0, trained.output
    assert "condition" not in Run("runs/00000-squares-wgan-gp").config


def test_cells_of_a_comparison_differ_in_their_conditions():
    cells = grid.product({"loss": ["hinge"], "condition": ["none", "labels"]})
    assert [cell.name for cell in cells] == ["hinge none", "hinge labels"]
    assert [cell.keywords({}, 3)["condition"] for cell in cells] == ["none", "labels"]
    assert SETTINGS["condition"].field(CONDITION) == without(CONDITION, "classes")
    assert SETTINGS["condition"].field(None) == ""


def test_a_config_may_not_name_foreign_code_within_a_condition(ganzoo, options, tmp_path):
    assert ganzoo("train", *options, "--schedule", "8:0.016").exit_code == 0
    run = Run("runs/00000-bars-hinge-labels")
    (tmp_path / "evil.py").write_text("raise SystemExit('imported')")
    config = run.config | {"condition": CONDITION.replace("projection", "'evil:Way'")}
    (run.path / "config.json").write_text(json.dumps(config))
    for command in ("generate", "evaluate"):
        result = ganzoo(command, run.path)
        assert result.exit_code == 2 and "evil" in result.stderr
        assert "imported" not in result.output

"""A run that begins with the weights of another one."""

import json
import shutil

import numpy as np
import pytest
from keras import ops

from ganzoo.errors import InputError
from ganzoo.training import checkpoint
from ganzoo.training.run import Run
from ganzoo.training.trainer import Trainer


def train(path, settings):
    run = Run(path)
    path.mkdir()
    trainer = Trainer(**settings)
    run.write_json("config.json", trainer.config)
    trainer.train(run)
    return run


@pytest.fixture(scope="module")
def settings(settings):
    """Without a penalty, whose graphs take long to make."""
    return settings | {"loss": "hinge", "penalties": ()}


@pytest.fixture(scope="module")
def source(settings, tmp_path_factory):
    """A run of two checkpoints, at 8 px and at 16."""
    short = {"schedule": "8:0.048,16:0.048:0.048", "snap": 1.0}
    return train(tmp_path_factory.mktemp("source") / "run", settings | short)


def started(settings, **given):
    """Weights by name of a run's first model, before its first step."""
    trainer = Trainer(**settings | given)
    model = trainer.build(0)
    line = trainer.initial_weights.assign(model, trainer.architecture)
    return {
        n: np.array(ops.convert_to_numpy(v.value)) for n, v in model.named_variables().items()
    }, line


def test_all_weights_are_those_of_the_source_and_optimizers_begin_anew(settings, source):
    given = {"init": str(source.path), "schedule": "16:0.048", "seed": 9}
    weights, line = started(settings, **given)
    arrays, _ = checkpoint.load(source.checkpoints[-1])
    # The source fades in; here there is no old path.
    shared = [n for n in weights if n.startswith(("generator/", "discriminator/", "ema/"))]
    for name in shared:
        np.testing.assert_array_equal(weights[name], arrays[name], err_msg=name)
    assert line.startswith(f"{len(shared)} of {len(shared)} weights are those of {source.path}")
    assert weights["iteration"] == weights["images_seen"] == 0
    assert all(not weights[n].any() for n in weights if "_optimizer/" in n)


def test_a_checkpoint_of_an_earlier_stage_leaves_the_new_layers_fresh(settings, source):
    name = source.checkpoints[0].name
    given = {"init": f"{source.path}@{name}", "schedule": "16:0.048"}
    weights, line = started(settings, **given)
    fresh = Trainer(**settings | {"schedule": "8:0.01,16:0.048", "grow": False}).build(0)
    fresh = {
        n: np.array(ops.convert_to_numpy(v.value)) for n, v in fresh.named_variables().items()
    }
    arrays, _ = checkpoint.load(source.checkpoints[0])
    for name in ("generator/g_4/kernel", "ema/g_map_0/kernel", "discriminator/d_hidden/kernel"):
        np.testing.assert_array_equal(weights[name], arrays[name])
    new = "generator/g_16_to_image/kernel"
    assert new not in arrays
    np.testing.assert_array_equal(weights[new], fresh[new])
    assert "new layers: " in line and "g_16_to_image" in line


def test_the_source_is_needed_only_until_the_first_checkpoint(settings, source, tmp_path):
    there = shutil.copytree(source.path, tmp_path / "source")
    given = {"init": str(there), "schedule": "16:0.048", "snap": 0.024}
    run = train(tmp_path / "run", settings | given)
    config = run.config
    manifest = json.loads((source.checkpoints[-1] / "manifest.json").read_text())
    assert config["init"] == f"{there}@{source.checkpoints[-1].name}"
    assert config["init_sha256"] == manifest["sha256"]
    again = train(tmp_path / "again", config)
    whole = checkpoint.load(run.checkpoints[-1])[0]
    for other in (again, run):
        if other is run:  # Without its source it goes on from its first checkpoint.
            shutil.rmtree(there)
            shutil.rmtree(run.checkpoints[-1])
            (run.path / "result.json").unlink()
            Trainer(**config).train(run)
        arrays = checkpoint.load(other.checkpoints[-1])[0]
        assert all(np.array_equal(array, whole[name]) for name, array in arrays.items())
    new = Run(tmp_path / "new")
    new.path.mkdir()
    with pytest.raises(InputError, match="is not a run: it does not exist"):
        Trainer(**config).train(new)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"architecture": "progressive-dcgan:width=4,latent_size=8"}, r"do not fit: .* is \("),
        (
            {"architecture": "progressive-dcgan:width=8,latent_size=8,mapping_layers=1"},
            "do not fit: unknown ",
        ),
        ({"init_sha256": "0" * 64}, "has changed since a run began with its weights"),
    ],
)
def test_weights_that_do_not_fit_are_refused(settings, source, given, message):
    with pytest.raises(InputError, match=message):
        trainer = Trainer(**settings | {"init": str(source.path), "schedule": "16:1"} | given)
        trainer.prepare()


def test_a_checkpoint_that_is_not_there_is_named(settings, source):
    with pytest.raises(InputError, match="has no checkpoint '000009'"):
        Trainer(**settings | {"init": f"{source.path}@000009"}).prepare()

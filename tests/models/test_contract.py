"""What every kind of model keeps to: a new file is tested by being there.

Each is made with an architecture that has its roles, small where that takes such options, in a
stage that fades.
"""

import json

import keras
import numpy as np
import pytest
from keras import ops

import ganzoo
from ganzoo import architectures, backend, models
from ganzoo.models.choice import Choice
from ganzoo.models.generative_model import upsample
from ganzoo.schedule import Stage
from ganzoo.training import checkpoint
from ganzoo.training.progress import Silent
from ganzoo.training.trained import load_generator, load_translators
from ganzoo.training.trainer import Trainer

pytestmark = pytest.mark.backends

SMALL = {"base": 8, "width": 4, "latent_size": 4, "places": 2, "entries": 3}
BASE, GROWN = Stage(8, kimg=1), Stage(16, kimg=1, fade=0.08)
NAMES = [entry.name for entry in models.registry.usable()]
each_model = pytest.mark.parametrize("name", NAMES)
EAGER = backend.name == "tensorflow"  # Its graph takes longer to make than a few steps.
BATCH = 4
ROWS = np.arange(4 * BATCH, dtype="int32").reshape(4, BATCH)


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def images(n, side=16):
    return np.random.default_rng(2).integers(0, 256, (n, side, side, 1)).astype("uint8")


def batch(model, n, side=16):
    """What plain Keras gives a model: images, and those of another domain if it has two."""
    found = images(n, side)
    return [found, 255 - found] if model.translates else [found]


def rows_of(model):
    """Rows of four steps, of a model of two domains those of both."""
    return ROWS.reshape(len(ROWS), -1, 2) if model.translates else ROWS


def architecture_of(kind):
    """The default architecture, or the first that has the roles of a kind of model."""
    having = [set(architectures.with_role(role)) for role in kind.roles]
    name = min(set.intersection(*having), key=lambda name: (name != "progressive-dcgan", name))
    known = {k: v for k, v in SMALL.items() if architectures.registry.takes(name, k)}
    return architectures.get(name, known)


def make(name, *stages, optimizer=lambda: keras.optimizers.Adam(1e-3), rng=None):
    """Models of the stages, of which a later one holds the layers of the one before."""
    choice = Choice.of(name)
    architecture, made = architecture_of(choice.kind), []
    for stage in stages:
        *networks, fade = architecture(stage, choice.kind.roles)
        if rng is not None:
            shake(rng, *networks)
        loss = {"loss": "non-saturating"} if choice.takes("loss") else {}
        model = choice.make(networks, fade=fade, seed=3, **loss)
        model.compile(*(optimizer() for _ in choice.kind.roles))
        made.append(model)
    return made


def shake(rng, *networks):
    """Weights that are the same on every backend, and none of which is 0."""
    for network in networks:
        for variable in network.trainable_variables:
            shape = variable.shape
            scale = (1 / np.prod(shape[:-1])) ** 0.5 if len(shape) > 1 else 0.1
            start = float(variable.path.endswith("gamma"))
            variable.assign((start + rng.normal(0, scale, shape)).astype("float32"))


def state(model):
    return {
        key: numpy(variable.value)
        for key, variable in model.named_variables().items()
        if not key.startswith("metrics/")
    }


@each_model
def test_a_stage_that_begins_to_fade_makes_the_images_of_the_one_before(name):
    before, after = make(name, BASE, GROWN)
    if "generator" not in before.roles:
        pytest.skip("no generator that is called once an image")
    size = before.generator.input_shape[1]
    latents = np.random.default_rng(1).normal(size=(3, size)).astype("float32")
    assert after.alpha == 0
    old, new = before.generator(latents), after.generator(latents)
    assert np.array_equal(numpy(upsample(old)), numpy(new))
    assert after.sample(3).shape == (3, 16, 16, 1)
    assert after.sample(3).dtype == np.uint8


@each_model
def test_a_step_moves_every_weight(name):
    _, model = make(name, BASE, GROWN, rng=np.random.default_rng(6))
    model.fade.seen.assign(40.0)
    model.run_eagerly = EAGER
    before = state(model)
    for _ in range(2):
        model.train_on_batch(*batch(model, BATCH))
    after = state(model)
    assert 0.5 < model.alpha < 1
    for role, network in model.by_role().items():
        for variable in network.trainable_variables:
            key = f"{role}/{variable.path}"
            assert np.abs(after[key] - before[key]).max() > 0, key


@each_model
def test_fit_of_plain_keras_reports_each_figure_and_none_is_infinite(name):
    (model,) = make(name, BASE)
    history = model.fit(*batch(model, 8, 8), batch_size=BATCH, epochs=2, verbose=0).history
    assert set(history) >= set(model.figures.names)
    assert all(np.isfinite(values).all() for values in history.values())
    shown = [figure for names in model.panels().values() for figure in names]
    assert sorted(shown) == sorted(set(shown)) and set(model.terms) <= set(shown)
    assert {*model.updates()} == {*model.passes()} == {*model.roles}


@pytest.mark.thorough
@each_model
def test_going_on_from_saved_variables_is_the_same_run_bit_for_bit(name):
    data, saved = images(16), None
    ends = []
    for start in (0, 2):
        _, model = make(name, BASE, GROWN)
        if saved is not None:
            for key, variable in model.named_variables().items():
                variable.assign(saved[key])
        run, every = backend.repeat(model, data, 2), rows_of(model)
        for rows in (every[:2], every[2:])[start // 2 :]:
            run(rows)
            saved = saved or {k: numpy(v.value) for k, v in model.named_variables().items()}
        ends.append(state(model))
    assert ends[0].keys() == ends[1].keys()
    assert all(np.array_equal(ends[0][key], ends[1][key]) for key in ends[0])


@each_model
def test_its_config_makes_it_again(name):
    _, model = make(name, BASE, GROWN)
    config = model.get_config()
    again = type(model).from_config(json.loads(json.dumps(config)))
    assert again.get_config().keys() == config.keys()
    own = [key for key in config if key not in model.roles]
    assert [json.dumps(again.get_config()[key]) for key in own] == [
        json.dumps(config[key]) for key in own
    ]
    assert again.roles == model.roles
    fades = {
        id(layer)
        for n in again.by_role().values()
        for layer in n.layers
        if layer.name == config["fade"]
    }
    assert len(fades) == 1  # All networks agree on alpha.


@each_model
def test_it_reconstructs_images_or_says_that_it_does_not(name):
    _, model = make(name, BASE, GROWN)
    made = model.reconstruct(images(5))
    if model.make_encoder(model.ema_networks()) is None:
        assert made is None
    else:
        assert made.shape == (5, 16, 16, 1) and made.dtype == np.uint8


@each_model
def test_a_run_of_it_is_opened_as_it_was_saved(name, tmp_path):
    np.savez(tmp_path / "two.npz", images=images(16, 8), labels=np.arange(16) % 2)
    choice = Choice.of(name)
    architecture = architectures.registry.spec(architecture_of(choice.kind))
    trainer = Trainer(
        data=str(tmp_path / "two.npz"),
        model=name,
        architecture=architecture,
        schedule="8:0.032",
        batch=8,
        tick=0.016,
        snap=0.032,
        progress=Silent(),
    )
    run = trainer.new_run(tmp_path)
    trainer.train(run)
    arrays, _ = checkpoint.load(run.checkpoints[-1])
    if choice.kind.translates:
        opened = list(load_translators(run).values())
    else:
        opened = [load_generator(run)]
        assert ganzoo.load(run.path).sample(3).shape == (3, 8, 8, 1)
    saved = {key.partition("/")[2]: a for key, a in arrays.items() if key.startswith("ema")}
    saved |= {k.removeprefix("memory/"): a for k, a in arrays.items() if "memory/" in k}
    for network in opened:
        for variable in network.weights:
            assert np.array_equal(numpy(variable), saved[variable.path]), variable.path

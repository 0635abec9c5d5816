"""Two batches in one pass give what each gives alone."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganzoo import architectures, backend, joint_batch
from ganzoo.losses.penalties.cached_scores import CachedScores
from ganzoo.models.gan import GANModel
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends

BATCH = 4
SIDE = 8
# Draws in which no two categories are within rounding of each other: there either is chosen.
SEEDS = {"wgan-gp": 1}
SMALL = "progressive-dcgan:base=8,width=4,latent_size=6,score_width=6,similarities=3"


def numpy(x):
    return np.array(ops.convert_to_numpy(ops.stop_gradient(x)))


def batch(seed, side=SIDE):
    values = np.random.default_rng(seed).uniform(-1, 1, (BATCH, side, side, 1))
    return ops.convert_to_tensor(values.astype("float32"))


def default_networks(side=SIDE):
    fade = 0.1 if side > SIDE else 0
    return architectures.get(SMALL)(Stage(side, kimg=1, fade=fade))


def test_joined_batches_alternate_and_come_apart():
    first, second = np.arange(6).reshape(3, 2), -np.arange(6).reshape(3, 2)
    rows = joint_batch.join(*map(ops.convert_to_tensor, (first, second)))
    np.testing.assert_array_equal(
        numpy(rows), [[0, 1], [0, -1], [2, 3], [-2, -3], [4, 5], [-4, -5]]
    )
    for found, given in zip(joint_batch.split(rows, 2), (first, second), strict=True):
        np.testing.assert_array_equal(numpy(found), given)


@pytest.mark.parametrize("scores_jointly", [True, False])
def test_scores_and_slopes_are_those_of_each_batch_alone(scores_jointly):
    _, discriminator, _ = default_networks()
    passes = []

    def score(x):
        passes.append(x)
        return discriminator(x, training=True)

    real, fake = batch(1), batch(2)
    alone, critic = CachedScores(score), CachedScores(score, scores_jointly)
    expected = [alone(real), alone(fake), alone.gradient(real), alone.gradient(fake)]
    passes.clear()
    found = [*critic.both(real, fake), critic.gradient(real), critic.gradient(fake)]
    assert len(passes) == (1 if scores_jointly else 2)
    assert np.abs(numpy(expected[0]) - numpy(expected[1])).max() > 1e-3
    for one, other in zip(found, expected, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(numpy(one), numpy(other), rtol=0, atol=2e-6)


@pytest.mark.parametrize(
    ("loss", "penalties"),
    [
        pytest.param(loss, penalties, marks=pytest.mark.backends(on))
        for loss, penalties, on in [
            ("non-saturating", ["r1:gamma=0.3,every=2", "r2:gamma=0.3,every=2"], "torch"),
            ("rpgan", ["r1:gamma=0.3", "r2:gamma=0.3"], "torch"),
            ("wgan-gp", ["r1:gamma=1.0,every=2"], "torch"),
            ("hinge", [], "tensorflow"),
        ]
    ],
)
def test_a_training_is_the_same_as_with_batches_apart(loss, penalties):
    found, logs = zip(*(_trained(loss, penalties, j) for j in (True, False)), strict=True)
    assert found[0].keys() == found[1].keys()
    for name, value in found[0].items():
        np.testing.assert_allclose(value, found[1][name], rtol=1e-6, atol=2e-6, err_msg=name)
    for name, value in logs[0].items():
        assert value == pytest.approx(logs[1][name], abs=1e-5), name


def _model(loss, penalties):
    generator, discriminator, fade = default_networks(2 * SIDE)
    model = GANModel(generator, discriminator, loss, penalties, fade=fade)
    # Adam divides by the size of gradients, however near to rounding they are.
    model.compile(*(keras.optimizers.SGD(1e-4, momentum=0.5) for _ in range(2)))
    return model


def _trained(loss, penalties, scores_jointly):
    model = _model(loss, penalties)
    model.scores_jointly = scores_jointly
    model.seed = SEEDS.get(loss, 0)
    images = np.concatenate([numpy(batch(seed, 2 * SIDE)) for seed in range(4)])
    logs = model.fit(images, batch_size=BATCH, shuffle=False, verbose=0).history
    values = {name: numpy(v.value) for name, v in model.named_variables().items()}
    return values, {name: value[0] for name, value in logs.items()}


@pytest.mark.parametrize(
    ("loss", "penalties", "scores_jointly"),
    [
        ("wgan-gp", ["r1:gamma=1.0,every=2"], {"tensorflow", "torch"}),
        ("rpgan", ["r1", "r2"], {"tensorflow", "torch"}),
        ("hinge", [], {"torch"}),
        ("hinge", ["r1:every=4", "r2:every=4"], {"torch"}),
        ("hinge", ["r1"], set()),
    ],
)
def test_batches_are_joined_where_that_was_faster(loss, penalties, scores_jointly):
    assert _model(loss, penalties).scores_jointly is (backend.name in scores_jointly)


class Mixed(layers.Layer):
    """Sees the whole batch, and does not know of two."""

    def call(self, x):
        return x - ops.mean(x, axis=0)


class Knowing(Mixed):
    joint_batch = True

    def call(self, x):
        batches = joint_batch.by_batch(x)
        return ops.reshape(batches - ops.mean(batches, axis=0), ops.shape(x))


class MixedModel(keras.Model):
    """The same, between layers which are known."""

    def __init__(self):
        super().__init__()
        self.before, self.after = layers.LeakyReLU(), layers.LeakyReLU()

    def call(self, x):
        x = self.before(x)
        return self.after(x - ops.mean(x, axis=0))


def network_of_layers():
    x = keras.Input((SIDE - 2, SIDE - 2, 2))
    return keras.Model(x, layers.LeakyReLU()(x))


def network_with_operations():
    x = keras.Input((SIDE - 2, SIDE - 2, 2))
    return keras.Model(x, layers.LeakyReLU()(x - ops.mean(x, axis=0)))


@pytest.mark.parametrize(
    "layer, possible",
    [
        (layers.LeakyReLU, True),
        (layers.LayerNormalization, True),
        (layers.BatchNormalization, False),
        (Mixed, False),
        (Knowing, True),
        (MixedModel, False),
        (network_of_layers, True),
        (network_with_operations, False),
    ],
)
def test_unknown_layers_get_each_batch_alone(layer, possible):
    image = keras.Input((SIDE, SIDE, 1))
    inner = keras.Sequential([layers.Conv2D(2, 3), layer()])
    discriminator = keras.Model(image, layers.Dense(1)(layers.Flatten()(inner(image))))
    assert joint_batch.possible(discriminator) is possible
    real, fake = batch(1), batch(2)
    critic = CachedScores(discriminator, joint_batch.possible(discriminator))
    for found, images in zip(critic.both(real, fake), (real, fake), strict=True):
        np.testing.assert_allclose(
            numpy(found), numpy(discriminator(images)), rtol=0, atol=1e-6
        )


def test_the_default_discriminator_takes_two_batches_also_while_it_grows():
    for side in (SIDE, 2 * SIDE):
        _, discriminator, fade = default_networks(side)
        assert (fade is not None) == (side > SIDE)
        assert joint_batch.possible(discriminator)

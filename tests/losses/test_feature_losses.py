"""Losses on features of a batch: pair by pair, worked out here in float64."""

import itertools

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import losses
from ganzoo.losses.penalties.cached_scores import CachedScores
from ganzoo.losses.penalties.gp import GradientPenalty
from ganzoo.seeds import StepSeed

pytestmark = pytest.mark.backends

rng = np.random.default_rng(3)
REAL = rng.normal(0.5, 1, (5, 3))
FAKE = rng.normal(-0.5, 2, (5, 3))


def norm(x):
    return np.sqrt((x**2).sum())


def across(kernel, one, other):
    return np.mean([kernel(x, y) for x in one for y in other])


def among(kernel, batch):
    return np.mean([kernel(x, y) for x, y in itertools.permutations(batch, 2)])


def energy(x, y):
    return norm(x - y)


def rational_quadratic(x, y):
    squares = ((x - y) ** 2).sum()
    return x @ y + sum((1 + squares / (2 * a)) ** -a for a in (0.2, 0.5, 1, 2, 5))


def gaussian(x, y):
    return np.exp(-((x - y) ** 2).sum() / 2)


def mmd(kernel):
    return among(kernel, REAL) + among(kernel, FAKE) - 2 * across(kernel, REAL, FAKE)


def far_enough(x, y):
    return np.exp(-min(((x - y) ** 2).sum(), 4) / 2)


def near_enough(x, y):
    return np.exp(-max(((x - y) ** 2).sum(), 0.25) / 2)


def lengths(batch):
    return np.mean([norm(x) for x in batch])


EXPECTED = {
    "cramer-gan": (
        (among(energy, FAKE) - lengths(FAKE)) - (across(energy, REAL, FAKE) - lengths(REAL)),
        2 * across(energy, REAL, FAKE) - among(energy, FAKE),
    ),
    "mmd-gan": (
        (REAL**2).mean() + (FAKE**2).mean() - mmd(rational_quadratic),
        mmd(rational_quadratic),
    ),
    "mmd-gan:l2=0": (-mmd(rational_quadratic), mmd(rational_quadratic)),
    "repulsive-mmd": (among(far_enough, REAL) - among(near_enough, FAKE), mmd(gaussian)),
}


def tensor(values, *shape):
    return ops.convert_to_tensor(values.reshape(shape or values.shape).astype("float32"))


@pytest.mark.parametrize("shape", [(5, 3), (5, 1, 3, 1)])
@pytest.mark.parametrize("spec", EXPECTED)
def test_both_players_minimise_the_mean_over_pairs(spec, shape):
    loss, real, fake = losses.get(spec), tensor(REAL, *shape), tensor(FAKE, *shape)
    found = loss.discriminator(real, fake), loss.generator(fake, real)
    # Sums of 25 pairs that differ in sign: float32 keeps six digits of the largest.
    np.testing.assert_allclose([float(value) for value in found], EXPECTED[spec], rtol=5e-6)


def test_both_bounds_of_the_repulsive_loss_are_reached_here():
    assert any(((x - y) ** 2).sum() > 4 for x, y in itertools.permutations(REAL, 2))
    close = tensor(FAKE / 100)
    loss = losses.get("repulsive-mmd")
    fakes_alone = losses.get("repulsive-mmd:lower=0").discriminator(tensor(REAL), close)
    # k(0.25) in place of k(0) = 1.
    gain = float(loss.discriminator(tensor(REAL), close) - fakes_alone)
    assert gain == pytest.approx(1 - np.exp(-0.125), abs=2e-3)


@pytest.mark.parametrize("spec", EXPECTED)
def test_one_image_alone_has_a_finite_loss(spec):
    loss, real, fake = losses.get(spec), tensor(REAL[:1]), tensor(FAKE[:1])
    found = loss.discriminator(real, fake), loss.generator(fake, real)
    assert np.isfinite([float(value) for value in found]).all()


@pytest.mark.parametrize("spec", EXPECTED)
def test_features_that_fell_together_have_a_finite_gradient(spec, differentiate):
    loss = losses.get(spec)
    fake = keras.Variable(np.ones((4, 3), "float32"))
    real = keras.Variable(np.ones((4, 3), "float32"))
    for play in (
        lambda: loss.discriminator(real.value, fake.value),
        lambda: loss.generator(fake.value, real.value),
    ):
        value, gradients = differentiate(
            lambda play=play: play() + 0 * ops.sum(real + fake), [real, fake]
        )
        assert np.isfinite(value) and np.isfinite(gradients).all()


@pytest.mark.parametrize(
    ("spec", "at"),
    [
        (
            "cramer-gan",
            lambda t: np.mean([energy(t, y) for y in FAKE]) - norm(t),
        ),
        (
            "mmd-gan",
            lambda t: (
                np.mean([rational_quadratic(t, x) for x in REAL])
                - np.mean([rational_quadratic(t, y) for y in FAKE])
            ),
        ),
    ],
)
def test_penalties_price_the_slope_of_the_witness(spec, at):
    loss = losses.get(spec)
    images = rng.normal(size=(4, 3))
    found = ops.convert_to_numpy(loss.witness(tensor(images), tensor(REAL), tensor(FAKE)))
    np.testing.assert_allclose(found, [at(t) for t in images], rtol=1e-5)

    # With h(x) = x the gradient of the witness itself is what gp sees, here by differences.
    real, fake = tensor(REAL, 5, 1, 1, 3), tensor(FAKE, 5, 1, 1, 3)
    critic = CachedScores(lambda x: x).composed(lambda scores: loss.witness(scores, real, fake))
    paid = GradientPenalty(1.0)(critic, real, real, StepSeed(0, "penalty_0", 0))
    paid = float(ops.stop_gradient(paid))
    step = 1e-5
    slopes = [
        norm(np.array([(at(x + step * e) - at(x - step * e)) / (2 * step) for e in np.eye(3)]))
        for x in REAL
    ]
    assert paid == pytest.approx(np.mean((np.array(slopes) - 1) ** 2), rel=1e-3)

"""The terms of a variational autoencoder, by closed forms."""

import math

import keras
import numpy as np
import pytest
import scipy.integrate
import scipy.stats
from keras import ops

from ganzoo import architectures, backend, conditions, models
from ganzoo.errors import InputError
from ganzoo.models.choice import Choice
from ganzoo.models.likelihood import Bernoulli, Gaussian
from ganzoo.models.posterior import Posterior
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends
EAGER = backend.name == "tensorflow"  # Its graph takes longer to make than a step.


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def test_the_divergence_of_the_prior_from_itself_is_0():
    assert numpy(Posterior.of(ops.zeros((2, 6))).kl()).tolist() == [0, 0]


@pytest.mark.parametrize(("mean", "sigma"), [(0.0, 0.5), (1.5, 1.0), (-2.0, 2.0)])
def test_the_divergence_is_the_integral_of_its_definition(mean, sigma):
    posterior, prior = scipy.stats.norm(mean, sigma), scipy.stats.norm()

    def density(z):
        return posterior.pdf(z) * (posterior.logpdf(z) - prior.logpdf(z))

    wanted, _ = scipy.integrate.quad(density, mean - 12 * sigma, mean + 12 * sigma)
    moments = np.array([[mean, mean, 2 * math.log(sigma), 2 * math.log(sigma)]], "float32")
    # Two equal coordinates: a sum, not a mean.
    np.testing.assert_allclose(numpy(Posterior.of(moments).kl()), [2 * wanted], rtol=1e-5)


def test_latents_are_drawn_with_the_posteriors_moments():
    noise = np.random.default_rng(0).normal(size=(20000, 2)).astype("float32")
    moments = np.tile(np.array([[1.0, -2.0, 0.0, math.log(9.0)]], "float32"), (20000, 1))
    drawn = numpy(Posterior.of(moments).draw(ops.convert_to_tensor(noise)))
    np.testing.assert_allclose(drawn.mean(axis=0), [1, -2], atol=0.08)
    np.testing.assert_allclose(drawn.std(axis=0), [1, 3], rtol=0.03)


def nats(likelihood, image, mean):
    image, mean = (ops.convert_to_tensor(x, "float32") for x in (image, mean))
    return numpy(likelihood.nats(image, mean))


def pictures():
    rng = np.random.default_rng(1)
    return rng.uniform(-1, 1, (2, 3, 4, 4, 1)).astype("float32")


def test_a_gaussian_likelihood_is_scipys_summed_over_pixels():
    image, mean = pictures()
    levels = 127.5  # Of a pixel from -1 to 1, a level being 1.
    wanted = -scipy.stats.norm(mean * levels, 0.3 * levels).logpdf(image * levels)
    found = nats(Gaussian(0.3), image, mean)
    np.testing.assert_allclose(found, wanted.sum(axis=(1, 2, 3)), rtol=1e-5)


def test_without_a_sigma_it_is_the_most_likely_one():
    image, mean = pictures()
    best = float(nats(Gaussian(), image, mean).mean())
    error = float(np.sqrt(np.mean((image - mean) ** 2)))
    at = {s: float(nats(Gaussian(s * error), image, mean).mean()) for s in (0.9, 1, 1.1)}
    assert best == pytest.approx(at[1], rel=1e-5)
    assert best < min(at[0.9], at[1.1])


def test_a_bernoulli_likelihood_is_scipys_where_images_are_black_and_white():
    image, mean = pictures()
    image = np.sign(image)
    wanted = -scipy.stats.bernoulli((mean + 1) / 2).logpmf((image + 1) / 2)
    found = nats(Bernoulli(), image, mean)
    np.testing.assert_allclose(found, wanted.sum(axis=(1, 2, 3)), rtol=2e-3)
    wrong = nats(Bernoulli(), np.ones((1, 2, 2, 1)), -np.ones((1, 2, 2, 1)))
    assert np.isfinite(wrong).all() and wrong[0] > 20


def test_what_a_likelihood_cannot_be_is_refused():
    with pytest.raises(InputError, match="no sigma"):
        Bernoulli(0.5)
    with pytest.raises(InputError, match="above 0"):
        Gaussian(0.0)


def networks(*roles, condition=None):
    small = "progressive-dcgan:base=8,width=4,latent_size=4,categories=0,channels=3"
    architecture = architectures.get(small)
    architecture.condition = condition and conditions.get(condition)
    return architecture(Stage(8, kimg=1), roles)[:-1]


def colours(n):
    return np.random.default_rng(4).uniform(-1, 1, (n, 8, 8, 3)).astype("float32")


def test_a_step_sums_over_pixels_and_coordinates_and_averages_over_the_batch(monkeypatch):
    monkeypatch.setattr(keras.random, "normal", lambda shape, seed: ops.zeros(shape))
    encoder, generator = networks(*models.VAEModel.roles)
    model = models.VAEModel(encoder, generator, beta=3.0, sigma=0.5)
    model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0))
    model.run_eagerly = EAGER
    real = colours(5)
    logs = model.train_on_batch(real, return_dict=True)
    moments = numpy(encoder(real)).astype("float64")
    mean, log_variance = np.split(moments, 2, axis=1)
    made = numpy(generator(ops.convert_to_tensor(mean, "float32")))
    levels = 127.5
    density = scipy.stats.norm(made * levels, 0.5 * levels).logpdf(real * levels)
    kl = (mean**2 + np.exp(log_variance) - 1 - log_variance).sum() / 2 / 5
    assert logs["reconstruction"] == pytest.approx(-density.sum() / 5, rel=1e-5)
    assert logs["kl"] == pytest.approx(kl, rel=1e-4)
    bits = (logs["reconstruction"] + logs["kl"]) / math.log(2) / (8 * 8 * 3)
    assert logs["bits_per_dimension"] == pytest.approx(bits, rel=1e-5)


@pytest.mark.parametrize("kind", [models.VAEModel, models.VAEGANModel])
def test_labels_decide_what_is_made_and_reconstructed(kind):
    asked = "labels:classes=3"
    model = kind(*networks(*kind.roles, condition=asked), condition=asked)
    model.compile(*(keras.optimizers.SGD(0.1) for _ in kind.roles))
    model.run_eagerly = EAGER
    labels = np.arange(6, dtype="int32") % 3
    logs = model.train_on_batch(colours(6), labels, return_dict=True)
    assert set(logs) >= {"reconstruction", "kl"}
    same = np.repeat(colours(1), 6, axis=0)
    made = model.reconstruct(same, labels)
    assert np.array_equal(made[:3], made[3:])
    assert not np.array_equal(made[0], made[1])


def test_what_vae_gan_recommends_lets_its_encoder_choose():
    recommended = architectures.get(models.VAEGANModel.recommended["architecture"])
    assert recommended.categories and recommended.straight_through


def test_an_option_of_another_kind_is_refused_with_those_of_this_one():
    with pytest.raises(
        InputError, match=r"'vae' has no option 'weight'.*beta, likelihood, sig"
    ):
        Choice.of("vae:weight=2")
    with pytest.raises(InputError, match=r"'vae-gan' has no option 'terms'.*weight, beta\."):
        Choice.of("vae-gan:terms=2")
    with pytest.raises(InputError, match=r"beta is a number, such as 1.0"):
        Choice.of("vae:beta=much")
    with pytest.raises(InputError, match=r"log variances of the generator's 4 latents"):
        (generator,) = networks("generator")
        models.VAEModel(networks("discriminator")[0], generator)

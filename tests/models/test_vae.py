"""The terms of a variational autoencoder, by closed forms."""

import math

import numpy as np
import pytest
import scipy.integrate
import scipy.stats
from keras import ops

from ganzoo.errors import InputError
from ganzoo.models.likelihood import Bernoulli, Gaussian
from ganzoo.models.posterior import Posterior

pytestmark = pytest.mark.backends


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
    drawn = numpy(Posterior.of(moments).draw(noise))
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

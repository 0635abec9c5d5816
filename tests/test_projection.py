"""The latent of an image: found where it is known, by class, and never made worse."""

import keras
import numpy as np
import pytest

from ganzoo import samples
from ganzoo.conditions.layers import Embedding
from ganzoo.errors import InputError
from ganzoo.projection import STARTS, project

pytestmark = pytest.mark.backends


def linear():
    """A generator of 2 x 2 pixels whose best latent has a closed form."""
    z = keras.Input((2,))
    weights = np.array([[0.3, 0.0, 0.2, -0.1], [0.0, 0.25, -0.2, 0.1]], np.float32)
    dense = keras.layers.Dense(4, use_bias=False)
    generator = keras.Model(z, keras.layers.Reshape((2, 2, 1))(dense(z)))
    dense.set_weights([weights])
    return generator, weights


def test_it_ends_as_near_as_least_squares_can(monkeypatch):
    monkeypatch.setattr("ganzoo.projection.STARTS", 4)  # Of 512 one is the solution at once.
    generator, weights = linear()
    rng = np.random.default_rng(0)
    images = rng.integers(90, 165, (8, 2, 2, 1)).astype(np.uint8)
    wanted = images.reshape(8, 4) / 127.5 - 1
    best = np.linalg.lstsq(weights.T.astype(float), wanted.T, rcond=None)[0].T
    found = project(generator, images, steps=300, seed=1)
    left = np.sqrt(np.square(127.5 * (best @ weights - wanted)).mean(axis=1))
    np.testing.assert_allclose(found.errors, left, atol=0.3)  # Images are rounded.
    assert (found.first_errors > left + 5).any()
    assert found.images.shape == images.shape and found.labels is None


def test_what_it_made_itself_is_found_again_and_no_image_gets_worse():
    generator, _ = linear()
    latents = samples.draw_latents(7, "elsewhere", 4, 2)
    images = samples.generate(generator, latents)
    found = project(generator, images, steps=200)
    assert found.errors.max() < 1.0 and (found.errors <= found.first_errors).all()
    untouched = project(generator, images, steps=0)
    np.testing.assert_array_equal(untouched.errors, found.first_errors)
    drawn = samples.draw_latents(0, "project", STARTS, 2)
    assert all((drawn == latent).all(axis=1).any() for latent in untouched.latents)


def shade():
    """Of class 0 dark images, of class 1 bright ones."""
    z, label = keras.Input((2,)), keras.Input((), dtype="int32", name="labels")
    level = Embedding(2, 1, initializer="zeros", name="level")
    mixed = keras.layers.Concatenate()([z, level(label)])
    pixel = keras.layers.Dense(1, activation="tanh", use_bias=False)
    generator = keras.Model([z, label], keras.layers.Reshape((1, 1, 1))(pixel(mixed)))
    level.set_weights([np.array([[-0.5], [0.5]], np.float32)])
    pixel.set_weights([np.array([[0.1], [0.0], [1.0]], np.float32)])
    return generator


def test_an_image_has_the_class_of_its_nearest_sample_or_the_one_that_is_given():
    images = np.array([80, 170], np.uint8).reshape(2, 1, 1, 1)
    assert project(shade(), images, steps=5).labels.tolist() == [0, 1]
    given = project(shade(), images, steps=5, labels=np.array([1, 1], np.int32))
    assert given.labels.tolist() == [1, 1] and given.errors[0] > 20
    with pytest.raises(InputError, match="2 images and 1 label"):
        project(shade(), images, labels=np.array([1], np.int32))

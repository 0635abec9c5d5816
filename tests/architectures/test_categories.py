"""A choice among categories, in closed form."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import architectures
from ganzoo.architectures.categories import Categories
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def test_a_choice_is_the_largest_and_as_large_as_what_it_replaces():
    x = [[0.1, 0.7, -2.0, 5.0], [-1.0, -3.0, -2.0, 0.5]]
    result = numpy(Categories(3)(ops.convert_to_tensor(x, "float32")))
    root = np.sqrt(3)
    np.testing.assert_allclose(result, [[0, root, 0, 5.0], [root, 0, 0, 0.5]], rtol=1e-6)


def test_in_bfloat16_a_choice_is_that_of_the_latents_before_they_are_rounded():
    x = ops.convert_to_tensor([[0.5, 0.5001, -2, 5], [0.5001, 0.5, -2, 5]], "float32")
    result = Categories(3, dtype="mixed_bfloat16")(x)
    assert keras.backend.standardize_dtype(result.dtype) == "bfloat16"
    result, root = numpy(ops.cast(result, "float32")), np.sqrt(3)
    np.testing.assert_allclose(result, [[0, root, 0, 5], [root, 0, 0, 5]], rtol=1e-2)
    spec = "progressive-dcgan:base=8,width=4,latent_size=4,categories=3,precision=bfloat16"
    generator, _, _ = architectures.get(spec)(Stage(8, 1))
    one, other = numpy(generator(x))
    assert np.abs(one - other).max() > 1e-3


def test_a_choice_has_the_gradient_of_a_softmax_where_an_encoder_needs_it(differentiate):
    x = np.array([[0.1, 0.7, -2.0, 5.0], [-1.0, -3.0, -2.0, 0.5]], "float32")
    weights = np.array([1.0, -2.0, 0.5, 3.0], "float32")
    mix = ops.convert_to_tensor(weights)

    def gradient(straight_through):
        layer = Categories(3, straight_through=straight_through)
        latents = keras.Variable(x)
        value, (found,) = differentiate(
            lambda: ops.sum(layer(latents, training=True) * mix), [latents]
        )
        return value, numpy(found)

    (plain, none), (value, found) = gradient(False), gradient(True)
    assert value == plain and (none == [[0, 0, 0, 3], [0, 0, 0, 3]]).all()
    chances = np.exp(x[:, :3]) / np.exp(x[:, :3]).sum(axis=1, keepdims=True)
    pulls = chances * (weights[:3] - chances @ weights[:3, None])
    wanted = np.concatenate([3**0.5 * pulls, [[3], [3]]], axis=1)
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)


def test_normal_latents_choose_each_category_equally_often():
    latents = np.random.default_rng(3).normal(size=(8000, 9)).astype("float32")
    chosen = numpy(Categories(8)(ops.convert_to_tensor(latents)))[:, :8].argmax(axis=1)
    # Binomial: 1000 expected, deviation 30.
    np.testing.assert_allclose(np.bincount(chosen, minlength=8), 1000, atol=120)

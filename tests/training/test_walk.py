"""Walks through latents."""

import keras
import numpy as np
import pytest

from ganzoo.architectures.categories import Categories
from ganzoo.errors import InputError
from ganzoo.training.walk import KEYS, category_changes, category_count, walks

PLACES = np.linspace(0, KEYS, 61)


def test_a_walk_stays_within_its_category():
    for walk in walks(seed=3, count=5, size=12, categories=4):
        latents = walk.at(PLACES)
        assert latents.shape == (61, 12) and latents.dtype == np.float32
        assert (latents[:, :4] == latents[0, :4]).all()
        assert not category_changes(latents, 4).any()
        assert (np.abs(np.diff(latents[:, 4:], axis=0)).max(axis=1) > 0).all()


def test_a_walk_is_closed_and_passes_its_keys_at_even_pace():
    (walk,) = walks(seed=3, count=1, size=200, categories=0)
    latents = walk.at(PLACES)
    np.testing.assert_allclose(latents[0], latents[-1])
    np.testing.assert_allclose(latents[::20][:KEYS], walk.keys)
    lengths = np.linalg.norm(latents, axis=1)
    assert lengths.min() > 0.95 * np.sqrt(200) - 2 and lengths.max() < np.sqrt(200) + 2


def test_across_categories_changes_are_found_where_they_are():
    latents = np.array([[3, 1, 0], [2, 1, 9], [1, 2, 9], [1, 2, 0], [2, 1, 0]], np.float32)
    assert category_changes(latents, 2).tolist() == [False, False, True, False, True]
    assert not category_changes(latents, 0).any()


def test_a_walk_depends_on_the_seed_and_not_on_the_count():
    few, many = (walks(1, count, 6, 2)[1].at(PLACES) for count in (2, 9))
    np.testing.assert_array_equal(few, many)
    assert (walks(2, 2, 6, 2)[1].at(PLACES) != few).any()


def test_a_latent_of_categories_alone_cannot_vary_within_one():
    with pytest.raises(InputError, match="nothing can vary within one"):
        walks(0, 1, 4, 4)


def test_categories_are_read_off_the_generator():
    latents = keras.Input((6,))
    assert category_count(keras.Model(latents, Categories(3)(latents))) == 3
    assert category_count(keras.Model(latents, keras.layers.Dense(2)(latents))) == 0

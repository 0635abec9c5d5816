"""The drawn set and its evaluator, made once."""

import numpy as np
import pytest

COUNT = 1400


@pytest.fixture(scope="session")
def unown():
    from ganzoo.data import load

    return load("unown")


@pytest.fixture(scope="session")
def fresh():
    """1400 images that nothing has seen: the recipe with another seed, forms in turn."""
    from ganzoo.data.forms import FORMS, draw
    from ganzoo.data.recipe import SIDE, expand

    originals = [draw(form, SIDE) for form in FORMS]
    return expand(originals, FORMS, 56, COUNT // 28, seed=1).images


@pytest.fixture(scope="session")
def evaluator(unown):
    from ganzoo.metrics import Evaluator

    return Evaluator(unown, COUNT)


@pytest.fixture
def rng():
    return np.random.Generator(np.random.Philox(3))

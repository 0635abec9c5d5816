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


class Remembering:
    """The feature network of the drawn set; it looks at no image twice.

    Args:
        labelled: Whether it knows the classes.
    """

    def __init__(self, labelled: bool = True, seen: dict | None = None):
        from ganzoo.metrics.features import SHIPPED, Features

        self.network = Features.load(SHIPPED)
        self.classes = self.network.classes if labelled else ()
        self.kind, self.sha256 = self.network.kind, self.network.sha256
        self.resolution, self.max_images = self.network.resolution, self.network.max_images
        self.seen = {} if seen is None else seen

    def of(self, images):
        keys = [(image.shape, image.tobytes()) for image in images]
        new = [i for i, key in enumerate(keys) if key not in self.seen]
        if new or not keys:
            x, p = self.network.of(images[new])
            self.seen |= zip([keys[i] for i in new], zip(x, p, strict=True), strict=True)
        x, p = (np.stack(rows) for rows in zip(*map(self.seen.get, keys), strict=True))
        return x, p if self.classes else None


@pytest.fixture(scope="session")
def evaluator(unown):
    from ganzoo.metrics import Evaluator

    return Evaluator(unown, COUNT, Remembering())


@pytest.fixture(scope="session")
def without_classes(evaluator):
    """The same feature network as of a set without classes."""
    return Remembering(labelled=False, seen=evaluator.features.seen)


@pytest.fixture
def rng():
    return np.random.Generator(np.random.Philox(3))

"""The nearest training images of images that are training images, or are not."""

import numpy as np
import pytest

from ganzoo.data import load
from ganzoo.data.image_set import ImageSet
from ganzoo.metrics.fit_features import features_for
from ganzoo.metrics.nearest_images import nearest_images
from ganzoo.metrics.real_images import RealImages


@pytest.fixture(scope="module")
def unown():
    return load("unown", 56, 20)


@pytest.mark.parametrize("held_out", [True, False])
def test_a_training_image_is_its_own_nearest_and_a_new_one_is_as_far_as_usual(unown, held_out):
    data = unown
    if not held_out:  # Every second image stands for held-out ones, and is looked at too.
        data = ImageSet("unown", unown.images, unown.labels, unown.classes)
    real = RealImages(data, 2800, lambda: features_for(unown))
    rows = [3, 58, 200, 555]
    found, distances = nearest_images(real, data.images[rows])
    np.testing.assert_array_equal(found, data.images[rows])
    np.testing.assert_allclose(distances, 0, atol=1e-4)
    _, new = nearest_images(real, unown.held_out.images[:100])
    assert 0.7 < np.median(new) < 1.3

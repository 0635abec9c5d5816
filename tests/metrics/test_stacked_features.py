"""Numbers of three digits, told digit by digit."""

import numpy as np
import pytest

from ganzoo.data.image_set import ImageSet
from ganzoo.data.sources.stacked_digits import CLASSES, is_stacked
from ganzoo.errors import InputError
from ganzoo.metrics.modes import modes
from ganzoo.metrics.stacked_features import StackedFeatures


class Told:
    """Tells a digit by its image's first pixel, all but a tenth of it where that is odd."""

    kind, sha256, resolution, max_images = "told", "0" * 64, 2, 10
    classes = tuple("0123456789")

    def of(self, images):
        digit, clear = images[:, 0, 0, 0], np.where(images[:, 0, 1, 0] % 2, 0.9, 1.0)
        return images.reshape(len(images), -1).astype(float), clear[:, None] * np.eye(10)[digit]


@pytest.fixture
def network():
    return StackedFeatures(Told(), CLASSES)


def stack(*numbers):
    images = np.zeros((len(numbers), 2, 2, 3), np.uint8)
    images[:, 0, 0] = [[int(digit) for digit in f"{number:03}"] for number in numbers]
    return images


def test_a_number_is_as_sure_as_its_three_digits_together(network):
    images = stack(407, 999, 12)
    images[2, 0, 1] = 1
    features, found = network.of(images)
    assert features.shape == (3, 12) and found.shape == (3, 1000)
    assert found.argmax(axis=1).tolist() == [407, 999, 12]
    np.testing.assert_allclose(found.sum(axis=1), [1, 1, 0.9**3])
    counted = modes(found)
    assert (counted.reached, counted.recognised) == (2, 2 / 3)


def test_gray_images_are_the_same_digit_three_times(network):
    gray = np.full((1, 2, 2, 1), 4, np.uint8)
    assert network.of(gray)[1].argmax() == 444
    with pytest.raises(InputError, match=r"Stacked digits are uint8 \[N, S, S, 3\]"):
        network.of(gray[0])


def test_the_set_is_known_by_name_classes_and_channels():
    images, labels = stack(1, 2), np.array([1, 2], np.int32)
    assert is_stacked(ImageSet("stacked-digits", images, labels, CLASSES))
    assert not is_stacked(ImageSet("stacked-digits", images, labels, CLASSES[:3]))
    assert not is_stacked(ImageSet("mine", images, labels, CLASSES))

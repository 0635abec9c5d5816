"""Images of mixed sizes, fitted to one."""

import numpy as np
import pytest
from PIL import Image

from ganzoo.data.fit import fit
from ganzoo.data.notes import Notes
from ganzoo.errors import InputError


def noise(height: int, width: int, channels: int, seed: int = 0) -> np.ndarray:
    shape = (height, width, channels)
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_right_size_passes_bit_for_bit(channels):
    images = [noise(8, 8, channels, seed) for seed in range(3)]
    notes = Notes()
    np.testing.assert_array_equal(fit(images, 8, notes), np.stack(images))
    assert not notes.phrases


def test_whole_factor_is_the_box_mean_rounded():
    image = np.zeros((4, 4, 1), np.uint8)
    image[:2, :2, 0] = [[0, 1], [0, 1]]  # mean 0.5, rounded up
    image[:2, 2:, 0] = [[255, 255], [255, 254]]  # mean 254.75
    image[2:, :2, 0] = [[1, 0], [0, 0]]  # mean 0.25
    np.testing.assert_array_equal(fit([image], 2)[0, :, :, 0], [[1, 255], [0, 0]])


def test_large_factor_does_not_overflow():
    np.testing.assert_array_equal(fit([np.full((600, 600, 3), 255, np.uint8)], 2), 255)


def test_other_factor_is_lanczos():
    image = noise(10, 10, 3)
    expected = Image.fromarray(image).resize((4, 4), Image.Resampling.LANCZOS)
    np.testing.assert_array_equal(fit([image], 4)[0], np.asarray(expected))


def test_flat_images_stay_flat_at_every_size():
    for side in range(3, 40):
        np.testing.assert_array_equal(fit([np.full((side, side, 1), 77, np.uint8)], 16), 77)


@pytest.mark.parametrize(("height", "width", "top", "left"), [(4, 9, 0, 2), (9, 4, 2, 0)])
def test_centre_is_kept(height, width, top, left):
    image = noise(height, width, 3)
    notes = Notes()
    expected = image[top : top + 4, left : left + 4]
    np.testing.assert_array_equal(fit([image], 4, notes)[0], expected)
    assert notes.phrases == {
        "not square: centre-cropped (--fit pad or --fit stretch keeps all of it)": 1
    }


def test_small_image_is_enlarged_and_noted():
    notes = Notes()
    assert fit([noise(5, 5, 1), noise(8, 8, 1)], 8, notes).shape == (2, 8, 8, 1)
    assert notes.phrases == {"smaller than 8x8: enlarged": 1}


def test_rgb_without_colour_counts_as_gray():
    gray = noise(8, 8, 1)
    images = fit([np.repeat(gray, 3, axis=2), gray], 8)
    np.testing.assert_array_equal(images, np.stack([gray, gray]))


def test_one_coloured_pixel_makes_all_rgb():
    gray, coloured = noise(8, 8, 1), np.zeros((8, 8, 3), np.uint8)
    coloured[3, 4, 1] = 1
    images = fit([gray, coloured], 8)
    assert images.shape == (2, 8, 8, 3)
    np.testing.assert_array_equal(images[0], np.repeat(gray, 3, axis=2))
    np.testing.assert_array_equal(images[1], coloured)


def test_gray_in_three_channels_is_resized_as_gray():
    gray = noise(10, 10, 1)
    np.testing.assert_array_equal(fit([np.repeat(gray, 3, axis=2)], 7), fit([gray], 7))


def test_images_are_taken_one_at_a_time():
    alive = []

    def images():
        for seed in range(3):
            alive.append(seed)
            yield noise(8, 8, 1, seed)

    assert fit(images(), 4).shape == (3, 4, 4, 1)
    assert alive == [0, 1, 2]


def test_nothing_to_fit():
    with pytest.raises(InputError, match=r"^There are no images to fit\.$"):
        fit([], 8)


@pytest.mark.parametrize("resolution", [0, -3])
def test_impossible_resolution(resolution):
    with pytest.raises(InputError, match=f"1 pixel or more, not {resolution}"):
        fit([noise(8, 8, 1)], resolution)

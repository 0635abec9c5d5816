"""Sheets of images."""

import numpy as np
import pytest
from PIL import Image

from ganzoo.data.sheet import by_turns, save_png, sheet
from ganzoo.errors import InputError


def noise(count: int, side: int, channels: int) -> np.ndarray:
    shape = (count, side, side, channels)
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


@pytest.mark.parametrize(("channels", "mode"), [(1, "L"), (3, "RGB")])
def test_pixels_are_laid_out_as_they_are(channels, mode):
    images = noise(5, 4, channels)
    result = sheet(images, columns=3, gap=2)
    assert (result.mode, result.size) == (mode, (3 * 6 + 2, 2 * 6 + 2))
    canvas = np.asarray(result).reshape(14, 20, channels)
    for index, image in enumerate(images):
        top, left = 2 + index // 3 * 6, 2 + index % 3 * 6
        np.testing.assert_array_equal(canvas[top : top + 4, left : left + 4], image)


def test_ground_is_dark_and_neutral():
    canvas = np.asarray(sheet(np.full((3, 4, 4, 3), 255, np.uint8), columns=2, gap=1))
    ground = canvas[(canvas != 255).any(axis=2)]
    np.testing.assert_array_equal(ground, 40)
    assert len(ground) == 11 * 11 - 3 * 16


@pytest.mark.parametrize(
    ("count", "columns", "rows"), [(1, 1, 1), (28, 7, 4), (56, 8, 7), (64, 8, 8), (13, 4, 4)]
)
def test_grid_is_even_where_it_can_be(count, columns, rows):
    assert sheet(noise(count, 3, 1), gap=0).size == (3 * columns, 3 * rows)


def test_no_more_columns_than_images():
    assert sheet(noise(2, 3, 1), columns=9, gap=0).size == (6, 3)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((0, 4, 4, 1), np.uint8),
        np.zeros((4, 4, 1), np.uint8),
        np.zeros((2, 4, 4, 2), np.uint8),
        np.zeros((2, 4, 4, 1), np.float32),
    ],
)
def test_what_cannot_be_laid_out(images):
    with pytest.raises(ValueError, match="A sheet needs"):
        sheet(images)


def test_no_columns():
    with pytest.raises(ValueError, match="at least one column, not 0"):
        sheet(noise(2, 4, 1), columns=0)


def test_by_turns_takes_one_of_each_class_first():
    labels = np.array([2, 2, 0, 0, 1, 0])
    assert by_turns(labels).tolist() == [2, 4, 0, 3, 1, 5]


def test_saved_sheet_is_the_same_every_time(tmp_path):
    image = sheet(noise(5, 4, 3))
    for name in ("a.png", "b.png"):
        save_png(image, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as back:
        np.testing.assert_array_equal(np.asarray(back), np.asarray(image))
    assert len(list(tmp_path.iterdir())) == 2


def test_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="Make it first"):
        save_png(sheet(noise(1, 4, 1)), tmp_path / "gone/a.png")

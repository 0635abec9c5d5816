"""Sheets of images."""

import numpy as np
import pytest
from PIL import Image

from ganzoo.data.sheet import (
    GROUND,
    INK,
    by_turns,
    class_columns,
    enlarge_sheet,
    full_grid,
    outline,
    paired_sheet,
    plain_sheet,
    save_png,
    sheet,
)
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


@pytest.mark.parametrize(
    ("classes", "grid"),
    [(0, (8, 56)), (2, (8, 56)), (3, (9, 54)), (10, (10, 60)), (17, (8, 56)), (28, (7, 56))],
)
def test_columns_suit_the_classes(classes, grid):
    assert full_grid(classes) == grid
    assert grid[1] % grid[0] == 0


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (8, 4), (13, 4), (56, 8), (1000, 40)])
def test_without_classes_rows_come_out_even(count, columns):
    assert class_columns(0, count) == columns


def test_a_class_keeps_its_column():
    labels = np.repeat(np.arange(28), 3)
    columns = class_columns(28)
    shown = labels[by_turns(labels)][:56].reshape(-1, columns)
    assert (shown[:4] == shown[4:]).all() and len(np.unique(shown[:4])) == 28


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("count", "side"), [(56, 28), (1, 8), (3, 100)])
def test_an_enlarged_sheet_repeats_pixels_and_adds_a_caption(tmp_path, channels, count, side):
    plain = sheet(noise(count, side, channels))
    picture = enlarge_sheet(plain, ["wgan-gp + r1", "30 kimg", "seed 0"])
    factor = -(-900 // max(plain.size))
    assert max(picture.size) >= 900
    assert picture.mode == plain.mode and picture.size[0] >= factor * plain.width
    pixels = np.asarray(picture)
    expected = np.asarray(plain).repeat(factor, axis=0).repeat(factor, axis=1)
    height, width = expected.shape[:2]
    np.testing.assert_array_equal(pixels[:height, :width], expected)
    below = pixels[height:]
    assert below.shape[0] >= 20 and below.max() > INK - 20 and (below == GROUND).mean() > 0.5
    save_png(picture, tmp_path / "sheet.png")
    np.testing.assert_array_equal(np.asarray(plain_sheet(tmp_path / "sheet.png")), plain)
    with Image.open(tmp_path / "sheet.png") as saved:
        assert saved.info["Description"] == "wgan-gp + r1, 30 kimg, seed 0"


def test_a_large_sheet_stays_as_large_as_it_is():
    plain = sheet(np.zeros((2, 500, 500, 1), np.uint8))
    assert enlarge_sheet(plain, ["seed 0"]).width == plain.width == 1006


def test_a_caption_has_as_many_lines_as_it_needs():
    plain = sheet(noise(1, 28, 1))
    heights = [
        enlarge_sheet(plain, phrases).height
        for phrases in (["seed 0"], ["seed 0"] * 3, ["a data set of my own"] * 9)
    ]
    assert heights[0] == heights[1] < heights[2]
    long = enlarge_sheet(plain, ["long" * 60])
    assert long.width > 1200  # Not cut off.


def test_letters_that_the_font_lacks_do_not_become_boxes():
    plain = sheet(noise(1, 28, 1))
    pictures = [enlarge_sheet(plain, [text]) for text in ("\u00e9t\u00e9 \u4e2d", "ete ?")]
    np.testing.assert_array_equal(*map(np.asarray, pictures))


@pytest.mark.parametrize(
    ("factor", "size"),
    [("9", "400x400"), ("0", "4x4"), ("x", "4x4"), ("1", "4"), ("-1", "-4x4")],
)
def test_an_enlargement_that_cannot_be_is_refused(tmp_path, factor, size):
    picture = enlarge_sheet(sheet(noise(1, 4, 1)), ["seed 0"])
    picture.info |= {"Enlarged": factor, "PlainSize": size}
    save_png(picture, tmp_path / "sheet.png")
    with pytest.raises(ValueError):
        plain_sheet(tmp_path / "sheet.png")


def test_a_plain_sheet_saved_again_is_still_plain(tmp_path):
    picture = enlarge_sheet(sheet(noise(1, 4, 1)), ["seed 0"])
    for name in ("enlarged.png", "plain.png"):
        save_png(picture, tmp_path / name)
        picture = plain_sheet(tmp_path / name)
    np.testing.assert_array_equal(np.asarray(plain_sheet(tmp_path / "plain.png")), picture)
    with Image.open(tmp_path / "plain.png") as saved:
        assert saved.info == {"Description": "seed 0"}


def test_a_sheet_without_an_enlargement_is_plain(tmp_path):
    save_png(sheet(noise(2, 4, 3)), tmp_path / "sheet.png")
    assert plain_sheet(tmp_path / "sheet.png").size == (14, 8)


def test_an_outline_lies_in_the_gap():
    images = np.full((4, 3, 3, 1), 255, np.uint8)
    plain = sheet(images, columns=2)
    before = np.array(plain)
    outline(plain, [3], 2, (3, 3))
    after = np.array(plain)
    changed = before != after
    assert changed.sum() == 16 and (before[changed] == GROUND).all()
    assert (after[changed] == INK).all() and changed[6:11, 6:11].sum() == 16


def test_pairs_stand_one_above_the_other_with_room_between_their_rows():
    above, below = (np.full((3, 4, 4, 1), level, np.uint8) for level in (100, 200))
    pairs = np.array(paired_sheet(above, below, columns=2))
    assert pairs.shape == (2 * 14 + 8, 14)
    assert (pairs[2:6, 2:6] == 100).all() and (pairs[8:12, 2:6] == 200).all()
    assert (pairs[14:22] == 40).all() and (pairs[24:28, 2:6] == 100).all()
    assert (pairs[22:, 8:] == 40).all()  # The third pair stands alone.

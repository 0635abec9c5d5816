import numpy as np
import pytest

from ganzoo.data import load
from ganzoo.data.points import are_points, gaussians
from ganzoo.data.scatter import scatter
from ganzoo.data.sheet import sheet
from ganzoo.errors import InputError


@pytest.mark.parametrize(
    ("name", "classes", "spread", "half_width"),
    [("ring8", 8, 0.01, 1.0625), ("grid25", 25, 0.05, 4.25)],
)
def test_a_mode_is_a_round_gaussian_of_the_published_size(name, classes, spread, half_width):
    data = load(name, resolution=1)
    assert are_points(data.images) and data.images.dtype == np.uint8
    assert (len(data.classes), data.channels, data.labelled) == (classes, 2, True)
    assert set(np.bincount(data.labels)) == {len(data) // classes}
    places = (data.images.reshape(-1, 2) / 127.5 - 1) * half_width
    own = np.stack([places[data.labels == i].mean(axis=0) for i in range(classes)])
    told = np.array([[float(x) for x in c.split(",")] for c in data.classes])
    np.testing.assert_allclose(own, told, atol=0.01 * half_width)
    # Rounding to a byte adds a twelfth of a squared byte.
    byte = half_width / 127.5
    found = (places - own[data.labels]).std(axis=0)
    np.testing.assert_allclose(found, np.sqrt(spread**2 + byte**2 / 12), rtol=0.03)
    assert data.images.min() > 0 and data.images.max() < 255


def test_a_set_is_the_same_each_time_and_its_held_out_points_are_others():
    first, second = load("ring8", resolution=1), load("ring8", resolution=1)
    assert first.sha256 == second.sha256 != first.held_out.sha256
    few = load("ring8", resolution=1, per_class=3)
    assert len(few) == 24 and len(few.held_out) == len(first.held_out)
    np.testing.assert_array_equal(few.images, first.images[:24])


def test_points_have_one_pixel():
    with pytest.raises(InputError, match=r"images of 1 pixel, not 28\. Use a schedule of 1"):
        load("grid25", resolution=28)


def test_a_point_outside_of_the_square_is_at_its_edge():
    data = gaussians("far", [(3.0, -3.0)], 0.0, 1.0, 1, (2, 1))
    assert data.images.reshape(-1, 2).tolist() == [[255, 0]] * 2
    assert not data.labelled and data.classes == ("3,-3",)


def test_a_sheet_of_points_shows_each_in_its_place():
    points = np.array([[0, 0], [255, 255], [255, 255], [10, 200]], np.uint8)
    pixels = np.array(sheet(points.reshape(-1, 1, 1, 2)))
    assert pixels.shape == (256, 256)
    assert np.argwhere(pixels).tolist() == [[0, 255], [55, 10], [255, 0]]
    assert pixels[0, 255] > pixels[255, 0] > 0  # Two there, and one.
    many = np.array(scatter(np.zeros((1000, 1, 1, 2), np.uint8)))
    assert many[255, 0] == 255

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from ganzoo.data import recipe
from ganzoo.data.forms import draw
from ganzoo.data.recipe import CANVAS, PAD, SIDE, Deformations, expand, render
from ganzoo.errors import InputError

NAMES = ("A", "G", "question")


@pytest.fixture(scope="module")
def originals():
    return [draw(name) for name in NAMES]


@pytest.fixture(scope="module")
def expanded(originals):
    return expand(originals, NAMES, 56, per_class=12)


def still(**changes):
    """A deformation of one image that moves nothing but what `changes` says."""
    still = Deformations(
        crop=np.zeros((1, 4)),
        rotate=np.zeros(1),
        shear=np.zeros((1, 2)),
        sigma=np.full(1, 15.0),
        alpha=np.zeros(1),
        noise=np.zeros((1, 2, CANVAS, CANVAS)),
    )
    return replace(still, **changes)


def padded(original):
    return np.pad(original, PAD)


def resized(image, resolution):
    """The exact mean of `image` [CANVAS, CANVAS] over each output pixel's area."""
    fine = 560 // resolution
    repeated = np.kron(image.astype(float), np.ones((4, 4)))
    return repeated.reshape(resolution, fine, resolution, fine).mean((1, 3))


def close(image, expected):
    """Alike but for what two ways of interpolating an edge may differ by."""
    difference = image.astype(float) - expected.astype(float)
    assert np.abs(difference).mean() < 1.2
    assert abs(difference.mean()) < 0.2
    assert np.abs(difference).max() < 30


def test_shapes_labels_and_turns(expanded):
    assert expanded.images.shape == (36, 56, 56, 1)
    assert expanded.images.dtype == np.uint8
    assert expanded.labels.tolist() == [0, 1, 2] * 12
    assert expanded.labels.dtype == np.int32
    assert expanded.classes == NAMES
    assert expanded.held_out.images.shape == (300, 56, 56, 1)
    assert expanded.held_out.labels.tolist() == [0, 1, 2] * 100


def test_the_same_seed_gives_the_same_images_and_another_seed_others(originals, expanded):
    again = expand(originals, NAMES, 56, per_class=12)
    assert again.sha256 == expanded.sha256
    assert again.held_out.sha256 == expanded.held_out.sha256
    other = expand(originals, NAMES, 56, per_class=12, seed=1)
    assert not (other.images == expanded.images).all((1, 2, 3)).any()


def test_fewer_images_are_the_first_ones_and_held_out_images_stay(originals, expanded):
    fewer = expand(originals, NAMES, 56, per_class=5)
    np.testing.assert_array_equal(fewer.images, expanded.images[:15])
    assert fewer.held_out.sha256 == expanded.held_out.sha256


def test_images_do_not_depend_on_the_batch_they_are_made_in(originals, expanded, monkeypatch):
    monkeypatch.setattr(recipe, "BATCH", 5)
    np.testing.assert_array_equal(expand(originals, NAMES, 56, 12).images, expanded.images)


def test_no_held_out_image_is_a_training_image(expanded):
    train = {image.tobytes() for image in expanded.images}
    held_out = {image.tobytes() for image in expanded.held_out.images}
    assert len(train) == 36
    assert len(held_out) == 300
    assert not train & held_out


def test_a_form_is_deformed_alike_whatever_else_is_in_the_set(originals, expanded):
    alone = expand(originals[:1], NAMES[:1], 56, per_class=12)
    np.testing.assert_array_equal(alone.images, expanded.images[::3])


def test_without_deformation_the_original_is_only_resized(originals):
    for original in originals:
        difference = render(original, still(), 56)[0] - resized(padded(original), 56)
        assert np.abs(difference).max() < 12
        assert np.abs(difference).mean() < 0.7
        assert abs(difference.mean()) < 0.2


def test_at_the_originals_own_scale_nothing_is_lost(originals):
    for original in originals:
        image = recipe.sample(original, recipe.coordinates(still(), np.arange(CANVAS) + 0.5))
        np.testing.assert_allclose(image[0], padded(original), atol=0.01)


@pytest.mark.parametrize("angle", [-20.0, 7.5, 20.0])
def test_rotation_is_that_of_pillow(originals, angle):
    for original in originals:
        turned = Image.fromarray(padded(original)).rotate(-angle, Image.Resampling.BILINEAR)
        expected = resized(np.asarray(turned), 56)
        close(render(original, still(rotate=np.array([angle])), 56)[0], expected)


@pytest.mark.parametrize("shear", [(7.0, 0.0), (0.0, -7.0)])
def test_shear_is_that_of_scipy(originals, shear):
    along_x, along_y = np.tan(np.radians(shear))
    matrix = np.array([[1.0, -along_y], [-along_x, 1.0]])
    middle = np.full(2, (CANVAS - 1) / 2)
    sheared = ndimage.affine_transform(
        padded(originals[1]).astype(float), matrix, middle - matrix @ middle, order=1
    )
    close(render(originals[1], still(shear=np.array([shear])), 56)[0], resized(sheared, 56))


def test_a_crop_is_stretched_back_to_the_whole():
    original = np.zeros((SIDE, SIDE), np.uint8)
    original[40:90, 30:80] = 255
    crop = np.array([[10.0, 4.0, 2.0, 6.0]])
    cut = Image.fromarray(padded(original)).crop((10, 4, CANVAS - 2, CANVAS - 6))
    stretched = np.asarray(cut.resize((CANVAS, CANVAS), Image.Resampling.BILINEAR))
    close(render(original, still(crop=crop), 56)[0], resized(stretched, 56))


def test_displacement_is_the_filtered_noise():
    noise = np.random.default_rng(3).uniform(-1, 1, (3, 2, CANVAS, CANVAS))
    sigma, alpha = np.array([10.0, 14.5, 20.0]), np.array([120.0, 50.0, 30.0])
    some = still(sigma=sigma, alpha=alpha, noise=noise)
    centres = np.arange(CANVAS) + 0.5
    got = recipe.displacement(some, centres)
    assert got.std() > 0.1
    for b in range(3):
        for axis in range(2):
            smooth = ndimage.gaussian_filter(noise[b, axis], sigma[b], truncate=7.0)
            np.testing.assert_allclose(got[b, axis], alpha[b] * smooth, atol=1e-4)


def test_interpolating_between_the_nodes_costs_a_fiftieth_of_a_pixel_at_most():
    some = recipe.draw_deformations(0, 0, 0, range(6))
    points = (np.arange(112) + 0.5) * CANVAS / 112
    matrix, offset = recipe.affine(some)
    x, y = np.meshgrid(points - CANVAS / 2, points - CANVAS / 2)
    moved = recipe.displacement(some, points) + np.stack([x, y])
    exact = np.einsum("bij,bjyx->biyx", matrix, moved) + offset[:, :, None, None]
    np.testing.assert_allclose(recipe.coordinates(some, points), exact, atol=0.02)


def test_the_displacement_moves_the_image_the_right_way():
    original = np.zeros((SIDE, SIDE), np.uint8)
    original[50:80, 50:80] = 255
    noise = np.zeros((1, 2, CANVAS, CANVAS))
    noise[:, 0] = 0.1
    image = render(original, still(alpha=np.full(1, 100.0), noise=noise), 28)[0]
    # A point of the output shows what lies 10 pixels to its right: 2 pixels of 28.
    np.testing.assert_array_equal(image[:, :-2], render(original, still(), 28)[0][:, 2:])


def test_parameters_fill_their_ranges_evenly():
    drawn = [recipe._random(0, 0, 0, index)[:9] for index in range(2)]
    assert not np.array_equal(*drawn)
    some = recipe.draw_deformations(0, 0, 5, range(150))
    for values, low, high in (
        (some.crop, 0.0, 1.0),
        (some.rotate, -20.0, 20.0),
        (some.shear, -7.0, 7.0),
        (some.sigma, 10.0, 20.0),
        (some.alpha, 30.0, 120.0),
        (some.noise, -1.0, 1.0),
    ):
        unit = (values - low) / (high - low)
        assert unit.min() >= 0.0
        assert unit.max() <= 1.0
        assert np.ptp(unit) > 0.93
        assert abs(unit.mean() - 0.5) < 4 * np.sqrt(1 / 12 / unit.size)
        assert abs(unit.std() - np.sqrt(1 / 12)) < 0.03


def test_noise_is_neither_repeated_nor_correlated():
    some = recipe.draw_deformations(0, 0, 0, range(2)).noise
    fields = np.concatenate([*some, *recipe.draw_deformations(0, 1, 0, range(1)).noise])
    correlation = np.corrcoef(fields.reshape(6, -1)) - np.eye(6)
    assert np.abs(correlation).max() < 0.03
    assert abs(np.corrcoef(fields[0, :-1].ravel(), fields[0, 1:].ravel())[0, 1]) < 0.03


def test_twenty_eight_pixels_are_the_box_mean_of_fifty_six(originals, expanded):
    small = expand(originals, NAMES, 28, per_class=12).images[..., 0].astype(float)
    boxes = expanded.images[..., 0].reshape(-1, 28, 2, 28, 2).mean((2, 4))
    assert np.abs(small - boxes).max() <= 1.0


def test_the_pixels_are_the_ones_promised(originals):
    made = expand(originals[:1], NAMES[:1], 14, per_class=2)
    # A change here changes every set: raise recipe.VERSION with it.
    assert recipe.VERSION == 1
    assert made.images[1, 5, 4:10, 0].tolist() == [151, 175, 55, 111, 86, 222]
    assert made.images[1, 10, 2:10, 0].tolist() == [91, 228, 31, 77, 137, 190, 241, 149]


@pytest.mark.parametrize(
    ("shape", "dtype", "resolution", "per_class", "message"),
    [
        ((128, 130), np.uint8, 56, 5, r"original of 'A' is uint8 \[128, 130\]. Give 8-bit"),
        ((130, 130), np.float32, 56, 5, "float32"),
        ((130, 130), np.uint8, 3, 5, "4 pixels"),
        ((130, 130), np.uint8, 56, 0, "at least 1 image"),
    ],
)
def test_what_cannot_be_expanded_is_refused(shape, dtype, resolution, per_class, message):
    with pytest.raises(InputError, match=message):
        expand([np.zeros(shape, dtype)], ["A"], resolution, per_class)


def test_each_original_needs_a_name(originals):
    with pytest.raises(InputError, match="3 originals and 1 class names"):
        expand(originals, ["A"], 56)


def test_without_the_recipe_there_is_one_image_of_each_form(originals):
    found = recipe.undeformed(originals, NAMES, 28)
    assert found.images.shape == (3, 28, 28, 1) and found.labels.tolist() == [0, 1, 2]
    small = recipe.undeformed(originals, NAMES, 14, per_class=1).images
    for image, original in zip(small, originals, strict=True):
        boxes = padded(original).reshape(14, 10, 14, 10).mean(axis=(1, 3))
        assert np.abs(image[..., 0] - boxes).mean() < 1  # Sampled at 112 points of 140.
    held_out = expand(originals, NAMES, 28, per_class=1).held_out
    np.testing.assert_array_equal(found.held_out.images, held_out.images)
    with pytest.raises(InputError, match="there is one image of a form, and not 2"):
        recipe.undeformed(originals, NAMES, 28, per_class=2)

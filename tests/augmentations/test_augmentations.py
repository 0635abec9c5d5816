"""What augmentations do to images, and what a step does with them."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from scipy import ndimage

from ganzoo import augmentations, losses
from ganzoo.augmentations.controller import certainty
from ganzoo.augmentations.ground import ground
from ganzoo.augmentations.moves import mapped, moved
from ganzoo.errors import InputError
from ganzoo.models.gan import GANModel
from ganzoo.seeds import StepSeed

pytestmark = pytest.mark.backends

CHANGING = ("diffaugment", "ada", "apa")
SIDE = 16


def numpy(x):
    return np.array(ops.convert_to_numpy(ops.stop_gradient(x)))


def seed(step=3):
    return StepSeed(0, "augment_0", step)


def drawn(n, channels=1, back=-1.0, side=SIDE):
    """Smooth blobs on a ground of one colour, float32 in [-1, 1]."""
    y, x = np.mgrid[:side, :side]
    rng, images = np.random.default_rng(0), np.full((n, side, side, channels), back)
    for image in images:
        top, left = rng.uniform(5, side - 6, 2)
        ink = np.clip(4 - np.hypot(y - top, x - left), 0, 2)[..., None] / 2
        image += ink * (rng.uniform(0.2, 1.0, channels) - back)
    return images.astype("float32")


def number(*values):
    return ops.convert_to_tensor(np.reshape(values, (-1, 1, 1, 1)).astype("float32"))


def memory(augmentation, **changed):
    found = dict(augmentation.memory) | changed
    return {key: ops.convert_to_tensor(np.float32(value)) for key, value in found.items()}


def shown(augmentation, images, step=3, **changed):
    made = augmentation.shown(
        ops.convert_to_tensor(images), seed(step), memory(augmentation, **changed)
    )
    return numpy(made)


def test_the_ground_is_the_colour_along_the_edge():
    images = drawn(2, channels=3, back=0.25)
    images[0, 0, :7] = 1.0  # A letter that touches the edge.
    assert numpy(ground(ops.convert_to_tensor(images))).ravel().tolist() == [0.25] * 6


def test_what_a_move_brings_in_is_ground():
    images = drawn(3, back=-0.5)
    down, right = number(2, 0, -3), number(-4, 0, 16)
    found = numpy(moved(ops.convert_to_tensor(images), down, right))
    expected = np.full_like(images, -0.5)
    expected[0, 2:, :-4] = images[0, :-2, 4:]
    expected[1] = images[1]
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("degrees", [0.0, 15.0, -30.0])
def test_a_map_is_scipys_up_to_the_order_of_its_passes(degrees):
    images, turn = drawn(2, side=28), np.radians(degrees)
    a, b = 1.1 * np.cos(turn), -1.1 * np.sin(turn)
    d, e = 0.9 * np.sin(turn), 0.9 * np.cos(turn)
    matrix = ((number(a), number(b)), (number(d), number(e)))
    made = mapped(ops.convert_to_tensor(images), matrix, (number(1.5), number(-2.25)))
    by_rows, middle = np.array([[e, d], [b, a]]), np.full(2, 13.5)
    offset = middle - by_rows @ middle + [-2.25, 1.5]
    expected = [
        ndimage.affine_transform(image[..., 0], by_rows, offset, order=1, cval=-1.0)
        for image in images
    ]
    # One pass after the other is the same along the axes; else each samples bilinearly.
    apart = np.abs(numpy(made)[..., 0] - expected)
    assert apart.max() < (1e-5 if not degrees else 0.25) and apart.mean() < 0.01


@pytest.mark.parametrize(
    "spec", ["diffaugment:colour=False,translation=0,cutout=0", "ada", "apa", "ada:flip=True"]
)
@pytest.mark.parametrize("channels", [1, 3])
def test_with_a_chance_of_zero_nothing_changes_not_even_a_bit(spec, channels):
    augmentation = augmentations.get(spec)
    images = drawn(4, channels)
    np.testing.assert_array_equal(shown(augmentation, images, p=0.0), images)
    fake = -images
    pair = augmentation.in_discriminator(
        *map(ops.convert_to_tensor, (images, fake)), seed(), memory(augmentation)
    )
    np.testing.assert_array_equal(numpy(pair[0]), images)
    np.testing.assert_array_equal(numpy(pair[1]), fake)


@pytest.mark.parametrize("spec", ["diffaugment:colour=False", "ada:colour=False"])
def test_an_empty_image_stays_what_it_is(spec):
    """Nothing grey comes in, whatever the colour of the ground."""
    images = np.full((8, SIDE, SIDE, 3), -1.0, "float32")
    images[4:] = [0.75, -0.25, 0.5]
    np.testing.assert_allclose(shown(augmentations.get(spec), images, p=1.0), images, atol=1e-6)


def test_a_cut_takes_a_square_of_half_the_side_and_leaves_the_ground():
    images = np.full((64, SIDE, SIDE, 1), -1.0, "float32")
    images[:, 1:-1, 1:-1] = 1.0
    cut = shown(augmentations.get("diffaugment:colour=False,translation=0"), images)
    gone = (cut != images)[..., 0]
    assert set(np.unique(cut)) == {-1.0, 1.0}
    sides = {(int(g.any(1).sum()), int(g.any(0).sum())) for g in gone}
    assert max(max(pair) for pair in sides) == 8
    for g in gone:  # It is a rectangle.
        assert g.sum() == g.any(1).sum() * g.any(0).sum()
    assert len({tuple(np.argwhere(g)[0]) for g in gone if g.any()}) > 16


def test_colours_of_diffaugment_are_the_papers():
    images = drawn(256, channels=3)
    found = shown(augmentations.get("diffaugment:translation=0,cutout=0"), images)
    shift = found.mean(axis=(1, 2, 3)) - images.mean(axis=(1, 2, 3))
    assert -0.5 <= shift.min() < -0.45 and 0.45 < shift.max() <= 0.5
    spread = found.mean(axis=3).std(axis=(1, 2)) / images.mean(axis=3).std(axis=(1, 2))
    assert 0.5 <= spread.min() < 0.55 and 1.45 < spread.max() <= 1.5
    np.testing.assert_allclose(
        np.ptp(found, axis=3).max(), 3 * np.ptp(images, axis=3).max(), rtol=0.5
    )


def test_letters_are_neither_flipped_nor_turned_far():
    """A bar on the left stays on the left, upright."""
    images = np.full((200, 28, 28, 1), -1.0, "float32")
    images[:, 8:20, 8:11] = 1.0
    images[:, 8:11, 8:16] = 1.0  # An upright stroke, and one to the right at its top.
    for spec in ("diffaugment:colour=False,cutout=0", "ada:colour=False"):
        found = shown(augmentations.get(spec), images, p=1.0)[..., 0] + 1
        weight = found.sum(axis=(1, 2))
        rows, columns = np.mgrid[:28, :28]
        seen = weight > 0.5 * np.median(weight)  # Not those that were moved out.
        top = np.stack([f * (rows <= (f * rows).sum() / f.sum()) for f in found[seen]])
        right = (top * columns).sum((1, 2)) / top.sum((1, 2))
        middle = (found[seen] * columns).sum((1, 2)) / weight[seen]
        assert seen.sum() > 50 and (right > middle).mean() > 0.9


@pytest.mark.parametrize("name", ["diffaugment", "ada"])
def test_a_use_has_its_own_numbers_and_a_step_repeats_them(name):
    augmentation, images = augmentations.get(name), drawn(6)
    images[1:] = images[0]
    first, again = (shown(augmentation, images, p=0.9) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - shown(augmentation, images, step=4, p=0.9)).max() > 0.1
    assert len({image.tobytes() for image in first}) > 3
    one = ops.convert_to_tensor(images)
    pair = augmentation.in_discriminator(one, one, seed(), memory(augmentation, p=0.9))
    assert np.abs(numpy(pair[0]) - numpy(pair[1])).max() > 0.1


@pytest.mark.parametrize("name", ["diffaugment", "ada"])
def test_gradients_flow_to_what_was_changed(name, differentiate):
    augmentation = augmentations.get(name)
    images = keras.Variable(drawn(4, channels=3))
    weights = np.random.default_rng(1).normal(size=images.shape).astype("float32")

    def scored():
        made = augmentation.shown(
            ops.convert_to_tensor(images), seed(), memory(augmentation, p=1.0)
        )
        return ops.sum(ops.multiply(made, weights))

    value, (gradient,) = differentiate(scored, [images])
    step = 1e-3 * np.random.default_rng(2).normal(size=images.shape)
    step[:, [0, -1]] = step[:, :, [0, -1]] = 0  # The ground counts as a constant.
    images.assign(images.value + ops.convert_to_tensor(step.astype("float32")))
    expected = float((gradient * step).sum())
    assert abs(expected) > 1e-3
    assert float(numpy(scored())) - value == pytest.approx(expected, rel=0.05, abs=2e-4)


def test_apa_shows_that_share_of_fakes_as_real():
    augmentation = augmentations.get("apa:p=0.25")
    real, fake = np.zeros((400, 2, 2, 1), "float32"), np.ones((400, 2, 2, 1), "float32")
    pair = augmentation.in_discriminator(
        *map(ops.convert_to_tensor, (real, fake)), seed(), memory(augmentation)
    )
    share = numpy(pair[0]).mean()
    assert 0.18 < share < 0.32 and set(np.unique(numpy(pair[0]))) == {0.0, 1.0}
    np.testing.assert_array_equal(numpy(pair[1]), fake)


# The controller


def follow(augmentation, certainties, images=10):
    kept, ps = memory(augmentation), []
    for value in certainties:
        kept = augmentation.learn(ops.convert_to_tensor(np.float32(value)), images, kept)
        ps.append(float(numpy(kept["p"])))
    return ps


def test_p_follows_the_certainty_as_the_paper_has_it():
    ada = augmentations.get("ada:kimg=0.1,every=2,p=0.5")
    # Two updates of 10 images are a fifth of 100.
    ps = follow(ada, [0.7, 0.9, 0.7, 0.3, -1.0, -1.0, 0.6, 0.6])
    np.testing.assert_allclose(ps, [0.5, 0.7, 0.7, 0.5, 0.5, 0.3, 0.3, 0.3], atol=1e-6)
    np.testing.assert_allclose(follow(ada, [1.0] * 8)[-2:], [1.0, 1.0])
    np.testing.assert_allclose(follow(ada, [-1.0] * 8)[-2:], [0.0, 0.0])
    np.testing.assert_allclose(follow(augmentations.get("apa:kimg=0.01"), [1.0] * 8)[-1], 0.9)
    fixed = augmentations.get("ada:kimg=0,p=0.25")
    assert follow(fixed, [1.0] * 8) == [0.25] * 8


@pytest.mark.parametrize(
    ("loss", "expected"),
    [("non-saturating", 0.5), ("hinge", 0.5), ("lsgan", -0.25), ("wgan", 1.0), ("rpgan", 1.0)],
)
def test_certainty_is_counted_from_where_the_loss_parts_the_images(loss, expected):
    # Around 0, around the middle of 0 and 1, and half-way between the means.
    real = ops.convert_to_tensor(
        np.float32([[0.4], [2.0], [0.3], [-0.2], [3.0], [0.2], [0.6], [-0.1]])
    )
    fake = real - 9.0
    assert float(numpy(certainty(losses.get(loss), real, fake))) == expected


# The step


def model(augment, loss="non-saturating", cls=GANModel, **options):
    latents = keras.Input((3,))
    made = layers.Dense(SIDE * SIDE, activation="tanh", name="g")(latents)
    generator = keras.Model(latents, layers.Reshape((SIDE, SIDE, 1))(made))
    image = keras.Input((SIDE, SIDE, 1))
    discriminator = keras.Model(image, layers.Dense(1, name="d")(layers.Flatten()(image)))
    rng = np.random.default_rng(1)
    for network in (generator, discriminator):
        for variable in network.trainable_variables:
            variable.assign(rng.normal(0, 0.1, variable.shape).astype("float32"))
    found = cls(generator, discriminator, loss, augment=augment, **options)
    found.compile(keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.01))
    return found


def trained(augment, loss="non-saturating", **options):
    found = model(augment, loss, **options)
    found.fit(drawn(24), batch_size=8, epochs=2, shuffle=False, verbose=0)
    return found


def state(found):
    return {name: numpy(v.value) for name, v in found.named_variables().items()}


def test_none_is_the_step_that_was_there_before():
    plain, none = state(trained(None)), state(trained("none"))
    assert plain.keys() == none.keys() and not any("augment" in name for name in plain)
    for name, value in plain.items():
        np.testing.assert_array_equal(value, none[name], err_msg=name)


@pytest.mark.parametrize("name", CHANGING)
def test_a_step_with_each_trains_and_repeats(name):
    options = ",kimg=0.05,every=1" if name != "diffaugment" else ""
    spec = f"{name}:{options[1:]}" if options else name
    first, again = (state(trained(augment)) for augment in (spec, spec))
    for key, value in first.items():
        np.testing.assert_array_equal(value, again[key], err_msg=key)
    if options:
        assert 0 < first["memory/augment/p"] <= 1


def test_both_networks_learn_from_changed_images_and_penalties_see_them():
    class Negative(augmentations.Augmentation):
        def shown(self, images, seed, memory):
            return -images

    class Spy(GANModel):
        def discriminator_loss(self, real, fake, seed):
            self.in_d = numpy(real), numpy(fake)
            return super().discriminator_loss(real, fake, seed)

        def generator_loss(self, fake, real):
            self.in_g = numpy(real), numpy(fake), -numpy(self.unchanged[1])
            return super().generator_loss(fake, real)

    found = model(Negative(), "rpgan", cls=Spy, penalties=["r1:gamma=1"])
    if keras.backend.backend() == "jax":
        return  # A traced step shows no numbers.
    found.run_eagerly = True
    images = drawn(8)
    found.train_on_batch(images)
    np.testing.assert_array_equal(found.in_d[0], -images)
    np.testing.assert_array_equal(found.in_g[0], -images)
    np.testing.assert_array_equal(found.in_g[1], found.in_g[2])


def test_what_cannot_go_together_is_one_line():
    with pytest.raises(InputError, match="has features in their place"):
        model("ada", "mmd-gan")
    model("diffaugment", "mmd-gan")
    with pytest.raises(InputError, match="`turn` is a number from 0 to 45"):
        augmentations.get("ada:turn=90")
    with pytest.raises(InputError, match="There is no augmentation 'adaptive'"):
        augmentations.get("adaptive")

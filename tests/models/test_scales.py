"""Images at several sizes between a generator and a discriminator."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import architectures, conditions
from ganzoo.errors import InputError
from ganzoo.models.gan import GANModel
from ganzoo.models.generative_model import box_mean
from ganzoo.models.scales import Scales
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends

SPEC = "msg:base=8,width=4,latent_size=4,similarities=2,score_width=8"
rng = np.random.default_rng(0)


def numpy(x):
    return np.array(ops.convert_to_numpy(ops.stop_gradient(x)))


@pytest.fixture(scope="module")
def pair():
    generator, discriminator, _ = architectures.get(SPEC)(Stage(16, 1))
    return generator, discriminator, Scales.of(generator, discriminator)


def images(n=3):
    return ops.convert_to_tensor(rng.uniform(-1, 1, (n, 16, 16, 1)).astype("float32"))


def test_real_images_come_with_their_means_and_fakes_with_images_of_g(pair):
    generator, discriminator, scales = pair
    assert scales.count == 3  # 16, 8 and 4 px.
    real = images()
    packed = scales.packed(real)
    assert tuple(packed.shape) == (3, 16, 16, 3)
    wanted = [real, box_mean(real, 2), box_mean(box_mean(real, 2), 2)]
    for found, one in zip(scales.unpack(packed), wanted, strict=True):
        np.testing.assert_array_equal(numpy(found), numpy(one))
    np.testing.assert_array_equal(
        numpy(scales.score(packed)), numpy(discriminator(real, training=True))
    )
    latents = ops.convert_to_tensor(rng.normal(size=(3, 4)).astype("float32"))
    made = scales.unpack(scales.generate(latents))
    assert [tuple(each.shape[1:3]) for each in made] == [(16, 16), (8, 8), (4, 4)]
    np.testing.assert_allclose(numpy(made[0]), numpy(generator(latents)), atol=1e-6)
    assert np.abs(numpy(made[1]) - numpy(box_mean(made[0], 2))).max() > 1e-3


def test_the_gradient_at_packed_images_is_that_at_the_images(pair, differentiate):
    _, _, scales = pair
    every = [keras.Variable(numpy(x)) for x in scales.unpack(scales.packed(images()))]
    packed = keras.Variable(numpy(scales.pack([x.value for x in every])))
    score = lambda inputs: ops.sum(scales.taking(inputs))  # noqa: E731
    _, at_images = differentiate(lambda: score([x.value for x in every]), every)
    _, (at_packed,) = differentiate(lambda: ops.sum(scales.score(packed.value)), [packed])
    for i, gradient in enumerate(at_images):
        np.testing.assert_allclose(
            at_packed[:, :: 2**i, :: 2**i, i : i + 1], gradient, rtol=1e-4, atol=1e-6
        )
    total = sum((np.asarray(g) ** 2).sum() for g in at_images)
    assert (np.asarray(at_packed) ** 2).sum() == pytest.approx(total, rel=1e-4)


@pytest.mark.parametrize(
    "penalties", [["r1", "r2:every=2"], ["gp", "cr", "feature-matching", "path-length"]]
)
def test_a_step_pays_penalties_and_moves_both_networks(penalties):
    generator, discriminator, _ = architectures.get(SPEC)(Stage(16, 1))
    model = GANModel(generator, discriminator, "ra-hinge", penalties)
    model.compile(*(keras.optimizers.SGD(0.1) for _ in range(2)))
    model.run_eagerly = keras.backend.backend() == "tensorflow"
    before = generator.get_weights() + discriminator.get_weights()
    data = rng.integers(0, 256, (4, 16, 16, 1)).astype("uint8")
    figures = model.train_on_batch(data, return_dict=True)
    assert np.isfinite(list(figures.values())).all()
    assert all(figures[name] > 0 for name in model.penalty_names)
    after = generator.get_weights() + discriminator.get_weights()
    assert all(np.isfinite(w).all() for w in after)
    assert sum(np.abs(a - b).max() > 0 for a, b in zip(after, before, strict=True)) > 10


def test_what_knows_one_size_alone_is_refused_in_one_line():
    generator, discriminator, _ = architectures.get(SPEC)(Stage(8, 1))
    with pytest.raises(InputError, match="images of one size, and these networks have 2"):
        GANModel(generator, discriminator, augment="diffaugment")
    architecture = architectures.get(SPEC)
    architecture.condition = conditions.get("labels:classes=3,discriminator=concat")
    with pytest.raises(InputError, match="discriminator=projection"):
        architecture(Stage(8, 1))

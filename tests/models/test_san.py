"""The split of D's last layer: who learns what, by hand."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganzoo import losses
from ganzoo.errors import InputError
from ganzoo.models.san import SANModel
from ganzoo.seeds import StepSeed

pytestmark = pytest.mark.backends

rng = np.random.default_rng(2)
REAL, FAKE = (rng.uniform(-1, 1, (5, 2, 2, 1)).astype("float32") for _ in range(2))
INNER, LAST = rng.normal(size=(4, 3)), rng.normal(size=(3, 1))
BIAS = 0.25


def networks(end=None):
    latents = keras.Input((3,))
    made = layers.Reshape((2, 2, 1))(layers.Dense(4, activation="tanh", name="g")(latents))
    image = keras.Input((2, 2, 1))
    hidden = layers.Dense(3, use_bias=False, name="d")(layers.Flatten()(image))
    end = layers.Dense(1, name="end") if end is None else end
    return keras.Model(latents, made), keras.Model(image, end(hidden))


@pytest.fixture
def make():
    def make(loss, **options):
        pair = networks()
        pair[1].set_weights([INNER, LAST, np.array([BIAS])])
        model = SANModel(*pair, loss=loss, **options)
        model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
        return model

    return make


@pytest.mark.parametrize("loss", ["non-saturating", "hinge", "wgan", "rpgan"])
def test_the_kernel_learns_the_direction_and_the_rest_learns_the_loss(
    loss, make, differentiate
):
    model = make(loss)
    real, fake = map(ops.convert_to_tensor, (REAL, FAKE))
    kernel, others = (
        model.discriminator.get_layer("end").kernel,
        [
            model.discriminator.get_layer("d").kernel,
            model.discriminator.get_layer("end").bias,
        ],
    )
    _, found = differentiate(
        lambda: model.discriminator_loss(real, fake, StepSeed(0, "penalty_0", 0))[0],
        [kernel, *others],
    )
    w = LAST / np.sqrt((LAST**2).sum())
    h_real, h_fake = (x.reshape(5, 4) @ INNER for x in (REAL, FAKE))
    # Of -<w, a> by the kernel v, w = v / |v|: the part of -a at right angles to w, by |v|.
    pull = (h_fake.mean(axis=0) - h_real.mean(axis=0))[:, None]
    expected = (pull - w * (w.T @ pull)) / np.sqrt((LAST**2).sum())
    np.testing.assert_allclose(found[0], expected, rtol=1e-4, atol=1e-5)

    def by_hand():
        inner, bias = others
        scores = [
            ops.matmul(ops.matmul(ops.reshape(x, (5, 4)), inner), w.astype("float32")) + bias
            for x in (real, fake)
        ]
        return losses.get(loss).discriminator(*scores)

    _, of_loss = differentiate(by_hand, others)
    for one, other in zip(found[1:], of_loss, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def test_it_trains_with_penalties_and_reports_its_direction(make):
    model = make("non-saturating", penalties=["r1:gamma=0.1"])
    before = [np.array(v) for v in model.discriminator.get_weights()]
    logs = model.fit(np.tile(REAL, (4, 1, 1, 1)), batch_size=5, verbose=0).history
    assert np.isfinite(logs["direction"]).all()
    moved = [
        np.abs(a - b).max()
        for a, b in zip(model.discriminator.get_weights(), before, strict=True)
    ]
    assert min(moved[:2]) > 1e-4


def test_a_discriminator_that_ends_otherwise_is_refused(make):
    with pytest.raises(InputError, match="is 'two', and the model 'san' needs a dense layer"):
        SANModel(*networks(layers.Dense(2, name="two")), loss="hinge")


def test_a_discriminator_that_is_opened_scores_as_in_training(make):
    model = make("hinge")
    expected = ops.convert_to_numpy(model.score(ops.convert_to_tensor(REAL)))
    plain = ops.convert_to_numpy(model.discriminator(REAL))
    opened = keras.models.clone_model(model.discriminator)
    opened.set_weights(model.discriminator.get_weights())
    opened = SANModel.as_scored(opened)
    found = ops.convert_to_numpy(opened(REAL))
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert np.abs(plain - expected).max() > 0.1

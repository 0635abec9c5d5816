"""Losses of a discriminator that is an autoencoder: values by hand, and the state of BEGAN."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import architectures, losses
from ganzoo.architectures.reconstruction import ReconstructionScore
from ganzoo.errors import InputError
from ganzoo.losses import penalties
from ganzoo.losses.penalties.turn import Turn
from ganzoo.models.gan import GANModel
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends

# Errors of 0.5 and 0.25, and of 1, 0.25 and 0.125; scores are minus them.
REAL, FAKE = [[-0.5], [-0.25]], [[-1.0], [-0.25], [-0.125]]
SMALL = "autoencoder:base=8,width=4,latent_size=8,code_size=6"


def tensor(values):
    return ops.convert_to_tensor(np.array(values, "float32"))


def model_of(loss, spec=SMALL, **options):
    generator, discriminator, _ = architectures.get(spec)(Stage(8, 1))
    model = GANModel(generator, discriminator, loss, seed=4, **options)
    model.compile(*(keras.optimizers.SGD(0.01) for _ in range(2)))
    model.run_eagerly = keras.backend.backend() == "tensorflow"
    return model


def images(n=6):
    return np.random.default_rng(0).integers(0, 256, (n, 8, 8, 1)).astype("uint8")


def test_values_of_ebgan():
    loss = losses.get("ebgan:margin=0.5")
    # Real errors 0.375 on average; margins missed by 0, 0.25 and 0.375.
    assert float(loss.discriminator(tensor(REAL), tensor(FAKE))) == pytest.approx(
        0.375 + 0.625 / 3
    )
    assert float(loss.generator(tensor(FAKE))) == pytest.approx(1.375 / 3)
    assert loss.penalties == ()
    (term,) = losses.get("ebgan:pulling_away=0.1").penalties
    assert penalties.registry.spec(term) == "pulling-away:weight=0.1,every=1"


@pytest.mark.parametrize(
    ("k", "expected"),
    [(0.0, 0.375), (1.0, 0.375 - 1.375 / 3), (0.5, 0.375 - 0.5 * 1.375 / 3)],
)
def test_values_of_began(k, expected):
    loss = losses.get("began")
    found = loss.discriminator(tensor(REAL), tensor(FAKE), memory={"k": k})
    assert float(found) == pytest.approx(expected)
    first = losses.get(f"began:k={k}").discriminator(tensor(REAL), tensor(FAKE))
    assert float(first) == pytest.approx(expected)
    assert float(loss.generator(tensor(FAKE))) == pytest.approx(1.375 / 3)


@pytest.mark.parametrize(
    ("gamma", "k", "next_k", "convergence"),
    [
        # 0.8 x 0.375 - 1.375 / 3 = -0.158333...
        (0.8, 0.5, 0.5 - 0.1 * 0.1583333, 0.375 + 0.1583333),
        (0.8, 0.01, 0.0, 0.375 + 0.1583333),  # Not below 0,
        (4.0, 0.95, 1.0, 0.375 + 1.0416667),  # nor above 1.
    ],
)
def test_k_follows_the_balance_of_errors(gamma, k, next_k, convergence):
    loss = losses.get(f"began:gamma={gamma},rate=0.1")
    found = loss.learn(tensor(REAL), tensor(FAKE), {"k": tensor(k)})
    assert float(found["k"]) == pytest.approx(next_k, abs=1e-6)
    assert float(found["convergence"]) == pytest.approx(convergence, rel=1e-6)


def test_k_is_saved_shown_and_used_in_the_next_step():
    model = model_of("began:rate=0.5,gamma=2.0,k=0.0")
    assert model.shown_terms() == ["d_loss", "g_loss", "k", "convergence"]
    k = model.named_variables()["memory/loss/k"]
    figures = model.train_on_batch(images(), return_dict=True)
    real, fake, of_fake = -figures["real_score"], -figures["fake_score"], figures["g_loss"]
    assert figures["d_loss"] == pytest.approx(real, rel=1e-5)  # k was 0.
    expected = np.clip(0.5 * (2 * real - of_fake), 0, 1)
    assert 0 < expected == pytest.approx(float(k.value), rel=1e-5)
    assert figures["convergence"] == pytest.approx(real + abs(2 * real - of_fake), rel=1e-5)
    for metric in model.metrics:
        metric.reset_state()
    figures = model.train_on_batch(images(), return_dict=True)
    real, fake = -figures["real_score"], -figures["fake_score"]
    assert figures["d_loss"] == pytest.approx(real - expected * fake, rel=1e-4)


def test_the_score_is_minus_the_mean_error_of_a_pixel():
    made, image = tensor(np.zeros((2, 1, 2, 1))), tensor([[[[0.5], [-1.0]]], [[[0.0], [0.25]]]])
    for power, expected in ((1, [[-0.75], [-0.125]]), (2, [[-0.625], [-0.03125]])):
        found = ops.convert_to_numpy(ReconstructionScore(power)([made, image]))
        np.testing.assert_allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("similarities", [0, 4])
def test_the_decoder_knows_of_twins_in_the_batch(similarities):
    make = architectures.get(SMALL, {"similarities": similarities, "seed": 3})
    network, _ = make(Stage(8, kimg=1), ["discriminator"])
    image, *others = np.random.default_rng(0).uniform(-1, 1, (4, 8, 8, 1)).astype("float32")
    alone, twinned = (
        float(ops.convert_to_numpy(network(np.stack([image, *rest])))[0, 0])
        for rest in (others, [image, *others[1:]])
    )
    assert (abs(alone - twinned) > 1e-6) == bool(similarities)


def pulled(features, weight):
    turn = Turn(*[None] * 2, lambda images: tensor(features), *[None] * 6)
    return float(penalties.get(f"pulling-away:weight={weight}").generator(turn))


def test_values_of_pulling_away():
    # Squared cosines of the three pairs: 0 of the axes, 1/2 of each with the diagonal.
    assert pulled([[2.0, 0.0], [0.0, 3.0], [1.0, 1.0]], 1.0) == pytest.approx(1 / 3, rel=1e-5)
    assert pulled([[1.0, 2.0], [-2.0, -4.0]], 0.1) == pytest.approx(0.1, rel=1e-5)
    assert pulled([[1.0, 2.0]], 1.0) == pytest.approx(0.0, abs=1e-6)


def test_features_of_an_autoencoder_are_its_code():
    model = model_of("ebgan:pulling_away=0.5")
    x = model.prepare(images())
    assert tuple(model.features(x).shape) == (6, 6)
    figures = model.train_on_batch(images(), return_dict=True)
    assert 0 < figures["pulling-away"] <= 0.5
    assert figures["g_loss"] > 0


@pytest.mark.parametrize("loss", ["ebgan", "began"])
def test_another_discriminator_is_refused_in_one_line(loss):
    with pytest.raises(
        InputError, match="needs a discriminator that is an autoencoder"
    ) as caught:
        model_of(loss, "mlp:base=8,width=8,latent_size=4")
    assert "\n" not in str(caught.value) and "architecture autoencoder" in str(caught.value)

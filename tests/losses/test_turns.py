"""Penalties of a player's turn: of the generator, of features, of what was remembered."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import backend
from ganzoo.conditions.layers import Embedding, InnerProduct
from ganzoo.errors import InputError
from ganzoo.losses import penalties
from ganzoo.losses.penalties.penalty import Penalty, normal
from ganzoo.losses.penalties.turn import Turn
from ganzoo.models.gan import GANModel
from ganzoo.networks import Features
from ganzoo.seeds import StepSeed
from ganzoo.training.carry_over import grow

pytestmark = pytest.mark.backends

rng = np.random.default_rng(5)
SHAPE = (6, 2, 3, 1)
REAL, FAKE = (rng.uniform(-1, 1, SHAPE).astype("float32") for _ in range(2))
LATENTS = rng.normal(size=(6, 4)).astype("float32")
W = rng.normal(size=(4, 6))


def to_numpy(x):
    return ops.convert_to_numpy(ops.stop_gradient(x))


def seed():
    return StepSeed(0, "penalty_0", 3)


@pytest.fixture
def turn():
    """A turn with D(x) = sum(x), G(z) = z W and f(x) = x."""
    w = ops.convert_to_tensor(W.astype("float32"))
    return Turn(
        critic=lambda x: ops.sum(x, axis=(1, 2, 3)),
        generate=lambda z: ops.reshape(ops.matmul(z, w), (-1, *SHAPE[1:])),
        features=lambda x: ops.reshape(x, (-1, 6)),
        network=keras.Sequential(),
        real=ops.convert_to_tensor(REAL),
        fake=ops.convert_to_tensor(FAKE),
        latents=ops.convert_to_tensor(LATENTS),
        images_seen=ops.convert_to_tensor(np.float32(0)),
        seed=seed(),
    )


def test_lecam_pulls_to_averages_that_begin_at_the_first_mean(turn):
    penalty = penalties.get("lecam:weight=0.5,decay=0.9")
    turn = replace(turn, memory={k: ops.zeros(()) for k in penalty.memory})
    a, b = (x.astype("float64").sum(axis=(1, 2, 3)) for x in (REAL, FAKE))
    reals, fakes = a.mean(), b.mean()
    expected = 0.5 * (((a - fakes) ** 2).mean() + ((b - reals) ** 2).mean())
    assert float(penalty.discriminator(turn)) == pytest.approx(expected, rel=1e-5)

    later = replace(turn, real=turn.real + 1, fake=turn.fake - 1)  # Sums of six: 6 more.
    reals = (0.09 * a.mean() + 0.1 * (a.mean() + 6)) / 0.19
    fakes = (0.09 * b.mean() + 0.1 * (b.mean() - 6)) / 0.19
    expected = 0.5 * (((a + 6 - fakes) ** 2).mean() + ((b - 6 - reals) ** 2).mean())
    assert float(penalty.discriminator(later)) == pytest.approx(expected, rel=1e-5)


def test_zcr_prices_what_a_move_of_the_latent_does(turn):
    penalty = penalties.get("zcr:discriminator_weight=2,generator_weight=3,noise=0.1")
    moved = (LATENTS + 0.1 * to_numpy(normal(turn.latents, seed()))) @ W
    change = FAKE.reshape(6, 6) - moved
    paid = float(ops.stop_gradient(penalty.discriminator(turn)))
    assert paid == pytest.approx(2 * (change.sum(axis=1) ** 2).mean(), rel=1e-4)
    paid = float(penalty.generator(replace(turn, seed=seed())))
    assert paid == pytest.approx(-3 * (change**2).mean(), rel=1e-4)


def test_mode_seeking_is_a_ratio_of_means_over_the_batch(turn):
    others = to_numpy(normal(turn.latents, seed()))
    images = np.abs(FAKE.reshape(6, 6) - others @ W).mean()
    expected = 2 / (images / np.abs(LATENTS - others).mean() + 1e-5)
    paid = penalties.get("mode-seeking:weight=2").generator(turn)
    assert float(paid) == pytest.approx(expected, rel=1e-5)


def test_path_length_is_that_of_the_image_by_the_latent(turn):
    penalty = penalties.get("path-length:weight=2,decay=0.25")
    turn = replace(turn, memory={"length": ops.convert_to_tensor(np.float32(1))})
    noise = to_numpy(normal(turn.fake, seed())).reshape(6, 6) / np.sqrt(2 * 3)
    lengths = np.sqrt(((noise @ W.T) ** 2).sum(axis=1))
    known = 0.75 + 0.25 * lengths.mean()
    paid = float(ops.stop_gradient(penalty.generator(turn)))
    assert paid == pytest.approx(2 * ((lengths - known) ** 2).mean(), rel=1e-4)
    assert float(turn.memory["length"]) == pytest.approx(known, rel=1e-5)


def test_path_length_has_a_gradient_in_the_generators_weights(turn, differentiate):
    scale = keras.Variable(np.float32(1))
    penalty = penalties.get("path-length:decay=0")

    def paid():
        memory = {"length": ops.zeros(())}
        scaled = replace(turn, generate=lambda z: turn.generate(z) * scale.value, memory=memory)
        return penalty.generator(replace(scaled, seed=seed()))

    value, (gradient,) = differentiate(paid, [scale])
    assert gradient == pytest.approx(2 * value, rel=1e-4)  # Of a square, at 1.


def test_feature_matching_compares_means_and_teaches_the_fakes_alone(turn, differentiate):
    real, fake = keras.Variable(REAL), keras.Variable(FAKE)
    gap = (FAKE - REAL).reshape(6, 6).mean(axis=0)
    penalty = penalties.get("feature-matching:weight=2")
    value, gradients = differentiate(
        lambda: (
            penalty.generator(replace(turn, real=real.value, fake=fake.value))
            + 0 * ops.sum(real + fake)
        ),
        [real, fake],
    )
    assert value == pytest.approx(2 * (gap**2).sum(), rel=1e-5)
    assert np.abs(gradients[0]).max() == 0
    expected = np.broadcast_to(2 * 2 * gap / 6, (6, 6)).reshape(SHAPE)
    np.testing.assert_allclose(gradients[1], expected, rtol=1e-4)


def test_features_are_what_the_last_weights_are_given():
    inputs = keras.Input((2, 3, 1))
    hidden = keras.layers.Dense(5, activation="relu")(keras.layers.Flatten()(inputs))
    logits = keras.layers.Reshape((1, 1, 1))(keras.layers.Dense(1)(hidden))
    found = to_numpy(Features(keras.Model(inputs, logits))(REAL))
    np.testing.assert_allclose(found, to_numpy(keras.Model(inputs, hidden)(REAL)), rtol=1e-6)

    class Own(keras.Model):
        def call(self, x, training=False):
            return ops.mean(x, axis=(1, 2, 3))

    with pytest.raises(InputError, match="shows no layers inside"):
        Features(Own())(REAL)


def test_orthogonal_rows_of_any_length_cost_nothing(turn):
    inputs = keras.Input((2, 2, 3))
    make = keras.layers
    layers = [make.Conv2D(2, 2), make.Conv2DTranspose(4, 2), make.Dense(2)]
    x = inputs
    for layer in layers:
        x = layer(x)
    turn = replace(turn, network=keras.Model(inputs, x))
    price = penalties.get("orthogonal:weight=0.5").generator

    expected = 0.0
    for layer, outputs in zip(layers, (3, 2, 1), strict=True):
        rows = np.moveaxis(layer.kernel.numpy().astype("float64"), outputs, 0)
        rows = rows.reshape(len(rows), -1)
        expected += (((rows @ rows.T) * (1 - np.eye(len(rows)))) ** 2).sum() / 2
    assert float(ops.stop_gradient(price(turn))) == pytest.approx(expected, rel=1e-4)

    for layer, outputs in zip(layers, (3, 2, 1), strict=True):
        shape = np.moveaxis(np.empty(layer.kernel.shape), outputs, 0).shape
        rows = np.diag(np.arange(1, shape[0] + 1)) @ np.eye(shape[0], np.prod(shape[1:]))
        layer.kernel.assign(np.moveaxis(rows.reshape(shape), 0, outputs))
    assert float(ops.stop_gradient(price(turn))) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("seen", "deviation"), [(0, 0.4), (25_000, 0.3), (150_000, 0)])
def test_instance_noise_dies_away(seen, deviation, turn):
    penalty = penalties.get("instance-noise:sigma=0.4,kimg=100")
    images = ops.zeros((500, *SHAPE[1:]))
    now = replace(turn, images_seen=ops.convert_to_tensor(np.float32(seen)))
    found = to_numpy(penalty.seen(images, now))
    assert found.std() == pytest.approx(deviation, rel=0.05)  # 0.013 for 3,000 numbers.
    if not deviation:
        np.testing.assert_array_equal(to_numpy(penalty.seen(now.real, now)), REAL)


@pytest.mark.parametrize(("seen", "kept"), [(0, 6), (1000, 3), (500, 5), (10_000, 2)])
def test_only_the_best_fakes_teach_and_fewer_of_them(seen, kept, turn, differentiate):
    penalty = penalties.get("top-k:least=0.3,half_life=1")
    values = np.array([[0.5], [3.0], [-1.0], [2.0], [0.0], [1.0]], "float32")
    scores = keras.Variable(values)
    now = replace(turn, images_seen=ops.convert_to_tensor(np.float32(seen)))
    value, (gradient,) = differentiate(
        lambda: ops.sum(penalty.learned_from(scores.value, now)), [scores]
    )
    assert value == pytest.approx(values.sum())  # What is reported stays.
    order = np.argsort(-values[:, 0])
    assert {int(i) for i in np.flatnonzero(gradient)} == {int(i) for i in order[:kept]}


# In a model.

ALL = (
    *("lecam", "zcr", "mode-seeking", "path-length:every=2", "feature-matching"),
    *("orthogonal", "instance-noise", "top-k:least=0.5,half_life=0.01"),
)


def make(generator, discriminator, penalties, fade=None, **options):
    model = GANModel(generator, discriminator, "rpgan", penalties, fade=fade, **options)
    model.compile(keras.optimizers.SGD(1e-3), keras.optimizers.SGD(1e-3))
    return model


def dense(labels=None):
    """A generator and a discriminator of 4 x 4 pixels, with `labels` classes or without."""
    make = keras.layers
    latents, images = keras.Input((3,)), keras.Input((4, 4, 1))
    asked = [] if labels is None else [keras.Input((), dtype="int32")]
    x = make.Concatenate()([latents, *(Embedding(labels, 3)(each) for each in asked)])
    fake = make.Reshape((4, 4, 1))(make.Dense(16, activation="tanh")(x))
    x = make.Dense(6, activation="tanh")(make.Flatten()(images))
    score = make.Dense(1)(x)
    for each in asked:
        score = make.Add()([score, InnerProduct()([x, Embedding(labels, 6)(each)])])
    if not asked:
        return keras.Model(latents, fake), keras.Model(images, score)
    return keras.Model([latents, *asked], fake), keras.Model([images, *asked], score)


class Draw(Penalty):
    """A number of its own at each step."""

    def discriminator(self, turn):
        return keras.random.uniform((), seed=turn.seed)


@pytest.mark.parametrize("other", ["gp", "dragan"])
def test_what_a_penalty_draws_does_not_hang_on_whether_another_is_due(other):
    images, drawn = rng.integers(0, 256, (8, 4, 4, 1), "uint8"), []
    for every in (1, 2):
        model = make(*dense(), [f"{other}:every={every}", Draw()])
        model.run_eagerly = True
        logs = [model.train_on_batch(images, return_dict=True) for _ in range(2)]
        (name,) = (key for key in logs[0] if key.endswith("Draw"))
        drawn.append([each[name] for each in logs])
    assert drawn[0] == drawn[1] and drawn[0][0] != drawn[0][1]


@pytest.mark.parametrize("classes", [None, 3])
def test_what_is_remembered_is_a_part_of_the_state(classes):
    condition = classes and f"labels:classes={classes}"
    model = make(*dense(classes), ALL, condition=condition)
    images = rng.integers(0, 256, (24, 4, 4, 1), "uint8")
    labels = (np.arange(24) % 3).astype("int32")
    rows = rng.integers(0, 24, (2, 8)).astype("int32")
    play = backend.repeat(model, (images, labels) if classes else images, 2)

    def values():
        return {name: np.array(to_numpy(v)) for name, v in model.named_variables().items()}

    play(rows)
    before = values()
    assert {name for name in before if name.startswith("memory/")} == {
        *("memory/lecam/reals", "memory/lecam/fakes", "memory/lecam/share"),
        "memory/path-length/length",
    }
    assert before["memory/lecam/share"] == pytest.approx(1 - 0.99**2, rel=1e-4)
    assert before["memory/path-length/length"] > 0  # Due at the first step, not the second.
    play(rows)
    after = values()
    for name, variable in model.named_variables().items():
        variable.assign(before[name])
    play(rows)
    for name, value in values().items():
        np.testing.assert_array_equal(value, after[name], err_msg=name)


def test_growth_takes_along_what_is_remembered():
    small, large = (make(*dense(), ["lecam"]) for _ in range(2))
    small.penalty_terms.memory["lecam"]["reals"].assign(0.25)
    grow(small, large)
    assert float(large.penalty_terms.memory["lecam"]["reals"].value) == 0.25


def test_figures_have_names_of_their_own():
    model = make(*dense(), ["zcr", "r1", "r1:gamma=1", "path-length", "top-k"])
    assert model.terms == (
        *("d_loss", "zcr", "r1_1", "r1_2", "g_loss", "zcr_of_g", "path-length"),
    )
    assert model.penalty_names == ["zcr", "r1_1", "r1_2", "zcr_of_g", "path-length"]


def test_images_of_their_own_do_not_go_through_batch_statistics():
    _, discriminator = dense()
    latents = keras.Input((3,))
    image = keras.layers.BatchNormalization()(keras.layers.Dense(16)(latents))
    generator = keras.Model(latents, keras.layers.Reshape((4, 4, 1))(image))
    with pytest.raises(InputError, match="batch normalization in the generator"):
        make(generator, discriminator, ["mode-seeking"])
    make(generator, discriminator, ["orthogonal", "feature-matching"])


def test_small_differences_are_not_taken_in_bfloat16():
    generator, _ = dense()
    images = keras.Input((4, 4, 1))
    x = keras.layers.Dense(6, dtype="mixed_bfloat16")(keras.layers.Flatten()(images))
    discriminator = keras.Model(images, keras.layers.Dense(1, dtype="float32")(x))
    with pytest.raises(InputError, match="compute in float32"):
        make(generator, discriminator, ["r1-difference"])
    make(generator, discriminator, ["r1"])

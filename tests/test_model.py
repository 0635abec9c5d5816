"""The step: what each update sees, what it changes, and what plain Keras does with it."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganzoo import architectures, backend
from ganzoo.errors import InputError
from ganzoo.figures import Figures
from ganzoo.growth import Fade
from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.models.gan import GANModel
from ganzoo.models.generative_model import NEVER
from ganzoo.player_optimizers import PlayerOptimizers
from ganzoo.schedule import Stage
from ganzoo.seeds import StepSeed, seed_dtype

pytestmark = pytest.mark.backends

SIDE = 4
LATENT = 3


def numpy(x):
    return np.array(ops.convert_to_numpy(x))  # A copy: PyTorch would go on changing it.


def images(n, side=SIDE, seed=0):
    """Images in [-1, 1] whose sums are exact in float32."""
    return (
        np.random.default_rng(seed).integers(-128, 129, (n, side, side, 1)).astype("float32")
        / 128
    )


def networks(*hidden):
    """A dense generator, and a discriminator with `hidden` before its linear end."""
    latents = keras.Input((LATENT,))
    fake = layers.Dense(SIDE * SIDE, activation="tanh")(latents)
    generator = keras.Model(latents, layers.Reshape((SIDE, SIDE, 1))(fake))
    image = keras.Input((SIDE, SIDE, 1))
    x = layers.Flatten()(image)
    for layer in hidden:
        x = layer(x)
    discriminator = keras.Model(image, layers.Dense(1)(x))
    rng = np.random.default_rng(1)
    for network in (generator, discriminator):
        for variable in network.trainable_variables:
            variable.assign(rng.normal(0, 0.3, variable.shape).astype("float32"))
    return generator, discriminator


def tanh():
    return layers.Dense(5, activation="tanh")


def make(*args, cls=GANModel, hidden=None, optimizer=None, eager=False, **options):
    pair = networks(*((tanh(),) if hidden is None else hidden))
    model = cls(*pair, *args, **options)
    optimizer = optimizer or (lambda: keras.optimizers.SGD(0.01, momentum=0.5))
    model.compile(optimizer(), optimizer(), run_eagerly=eager)
    return model


def state(model, figures=False):
    return {
        name: numpy(variable.value)
        for name, variable in model.named_variables().items()
        if figures or not name.startswith("metrics/")
    }


class Spy(GANModel):
    """Records what each update sees; of use in an eager model only."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = {"real": [], "fake": [], "latents": []}

    def latents(self, n, seed):
        latents = super().latents(n, seed)
        self.seen["latents"].append(numpy(latents))
        return latents

    def discriminator_loss(self, real, fake, seed):
        self.seen["real"].append(numpy(real))
        self.seen["fake"].append(numpy(fake))
        return super().discriminator_loss(real, fake, seed)


# Both players, under Keras's loop and under ganzoo's.


def by_fit(model, data, rows):
    model.fit(data[rows.ravel()], batch_size=rows.shape[1], shuffle=False, verbose=0)


def by_repeat(model, data, rows):
    backend.repeat(model, data, len(rows))(rows)


@pytest.mark.parametrize("critic_steps", [1, 3])
@pytest.mark.parametrize("train", [by_fit, by_repeat])
def test_both_optimizers_move_and_count(train, critic_steps):
    model = make("wgan-gp", critic_steps=critic_steps, optimizer=keras.optimizers.Adam)
    before = state(model)
    train(model, images(24), np.arange(24, dtype="int32").reshape(4, 6))
    assert int(model.optimizer.generator.iterations) == 4
    assert int(model.optimizer.discriminator.iterations) == 4 * critic_steps
    assert int(model.iteration) == 4
    assert int(model.images_seen) == 24
    # Weights, averages and the moments of both optimizers.
    for name, after in state(model).items():
        if name.endswith(("learning_rate", "first_bad")):
            assert np.array_equal(after, before[name]), name
        elif "bias" not in name:  # The last bias of D cancels in its loss.
            assert np.abs(after - before[name]).max() > 1e-6, name


def test_fit_and_repeat_give_the_same_weights():
    rows = np.arange(24, dtype="int32").reshape(4, 6)
    results = []
    for train in (by_fit, by_repeat):
        model = make("wgan-gp", critic_steps=2)
        train(model, images(24), rows)
        results.append(list(state(model).values()))
    for by_fit_, by_repeat_ in zip(*results, strict=True):
        np.testing.assert_allclose(by_fit_, by_repeat_, rtol=0, atol=1e-6)


@pytest.mark.backends("tensorflow")
@pytest.mark.skipif(backend.name != "tensorflow", reason="of TensorFlow's graphs")
def test_a_step_is_traced_once():
    seed_dtype.cache_clear()  # As in a process in which nothing was drawn before.
    traced = []

    class Counting(GANModel):
        def step(self, data):
            traced.append(data)
            return super().step(data)

    by_repeat(make("wgan-gp", cls=Counting), images(8), np.zeros((2, 4), "int32"))
    assert len(traced) == 1


def test_steps_grouped_differently_give_bit_equal_weights():
    architecture = architectures.get("progressive-dcgan:base=8,width=4,latent_size=4")
    architecture(Stage(8, 1))
    generator, discriminator, fade = architecture(Stage(16, 1, fade=0.05))
    model = GANModel(generator, discriminator, "wgan-gp", fade=fade)
    model.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    start = state(model, figures=True)
    rows = np.random.default_rng(2).integers(0, 10, (8, 4)).astype("int32")
    play = backend.repeat(model, images(10, side=16), 8)
    ends = []
    for groups in ((8,), (1, 7), (4, 4)):
        for name, variable in model.named_variables().items():
            variable.assign(start[name])
        for piece in np.split(rows, np.cumsum(groups)[:-1]):
            play(piece)
        ends.append(state(model, figures=True))
    assert int(model.iteration) == 8
    for name, value in ends[0].items():
        for other in ends[1:]:
            assert other[name].tobytes() == value.tobytes(), name


def test_arrays_read_before_a_repeat_stay_as_they_were():
    model = make()
    play = backend.repeat(model, images(8), 2)
    rows = np.arange(8, dtype="int32").reshape(2, 4)
    play(rows)
    read = {k: ops.convert_to_numpy(v.value) for k, v in model.named_variables().items()}
    copies = {name: value.copy() for name, value in read.items()}
    play(rows)
    kept = all(np.array_equal(value, copies[name]) for name, value in read.items())
    assert kept or backend.name == "torch"  # Which changes its variables in place.
    assert any(not np.array_equal(v, copies[name]) for name, v in state(model).items())


# Plain Keras.


def test_validation_says_what_measures_images():
    model = make()
    before = state(model)
    with pytest.raises(InputError, match=r"Measure samples: ganzoo\.metrics"):
        model.evaluate(images(8))
    for name, value in state(model).items():
        np.testing.assert_array_equal(value, before[name])
    for refused in ({"validation_data": images(8)}, {"validation_split": 0.5}):
        with pytest.raises(InputError, match="validation_data"):
            model.fit(images(8), epochs=1, verbose=0, **refused)
    assert int(model.iteration) == 0  # Before the first step, not after an epoch.


def test_fit_takes_uint8_floats_labels_and_a_partial_last_batch():
    bytes_ = np.random.default_rng(3).integers(0, 256, (22, SIDE, SIDE, 1)).astype("uint8")
    floats = (bytes_ / 127.5 - 1).astype("float32")
    ends = []
    for data in ((floats,), (bytes_, np.arange(22))):
        model = make()
        history = model.fit(*data, batch_size=8, shuffle=False, verbose=0).history
        assert int(model.iteration) == 3
        assert int(model.images_seen) == 22
        assert set(history) == {"loss", "d_loss", "g_loss", "real_score", "fake_score"}
        assert np.isfinite(list(history.values())).all()
        ends.append(list(state(model).values()))
    for value, other in zip(*ends, strict=True):
        np.testing.assert_allclose(value, other, rtol=0, atol=1e-6)


def test_a_last_batch_of_fewer_images_than_critic_steps_does_no_harm():
    generator, discriminator = networks(tanh())
    normalized = layers.BatchNormalization()(generator.layers[1].output)
    generator = keras.Model(generator.input, layers.Reshape((SIDE, SIDE, 1))(normalized))
    model = GANModel(generator, discriminator, "wgan-gp:critic_steps=5")
    model.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    model.fit(images(36), batch_size=16, epochs=2, shuffle=False, verbose=0)
    for name, value in state(model, figures=True).items():
        assert np.isfinite(value).all(), name
    assert int(model.optimizer.discriminator.iterations) == 2 * 3 * 5
    assert int(model.images_seen) == 2 * (15 + 15 + 5)  # One of the last four came twice.


def test_train_on_batch_takes_numpy():
    model, other = (make("wgan-gp", eager=eager) for eager in (True, False))
    logs = model.train_on_batch(images(4), return_dict=True)
    assert set(logs) == {"loss", "d_loss", "gp", "g_loss", "real_score", "fake_score"}
    fitted = other.fit(images(4), batch_size=4, shuffle=False, verbose=0).history
    for name, value in logs.items():
        assert float(value) == pytest.approx(fitted[name][0], abs=1e-5), name


def test_predict_gives_the_averaged_generators_images():
    model = make()
    latents = np.random.default_rng(4).normal(size=(5, LATENT)).astype("float32")
    for network, value in ((model.generator, 0.5), (model.ema_generator, 0.25)):
        network.set_weights([np.full(w.shape, value, "float32") for w in network.get_weights()])
    expected = np.tanh(0.25 * latents.sum(axis=1) + 0.25)
    predicted = model.predict(latents, verbose=0)
    assert predicted.shape == (5, SIDE, SIDE, 1)
    np.testing.assert_allclose(predicted[:, 1, 2, 0], expected, rtol=1e-5)


def test_callbacks_of_keras_work(tmp_path):
    model = make()
    path = tmp_path / "model.weights.h5"
    history = model.fit(
        images(8),
        batch_size=4,
        epochs=5,
        verbose=0,
        callbacks=[
            keras.callbacks.ModelCheckpoint(path, save_weights_only=True),
            # So large a step is never an improvement: it stops after the second epoch.
            keras.callbacks.EarlyStopping(monitor="g_loss", mode="min", min_delta=1e9),
        ],
    )
    assert len(history.history["g_loss"]) == 2
    other = make()
    other.load_weights(path)
    for mine, loaded in zip(model.weights, other.weights, strict=True):
        np.testing.assert_array_equal(numpy(mine.value), numpy(loaded.value))
    assert int(other.iteration) == 4


# What is refused.


class Block(layers.Layer):
    """A layer that hides a batch normalization."""

    def __init__(self):
        super().__init__()
        self.norm = layers.BatchNormalization()

    def call(self, x, training=False):
        return self.norm(x, training=training)


BATCH_NORMALIZED = {
    "plain": layers.BatchNormalization,
    "in a model": lambda: keras.Sequential([layers.BatchNormalization()]),
    "in a model's model": lambda: keras.Sequential(
        [keras.Sequential([layers.BatchNormalization()])]
    ),
    "in a layer": Block,
}


@pytest.mark.parametrize("norm", BATCH_NORMALIZED.values(), ids=BATCH_NORMALIZED)
def test_batch_normalization_in_a_penalised_critic_is_refused_with_the_remedy(norm):
    for options in ({"loss": "wgan-gp"}, {"loss": "hinge", "penalties": ["r1"]}):
        with pytest.raises(ValueError, match=r"layer normalization or none, or drop (Grad|R1)"):
            make(hidden=[norm()], **options)
    make(hidden=[norm()], loss="hinge")


def test_one_optimizer_for_both_players_is_refused():
    optimizer = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="an optimizer of its own"):
        make().compile(optimizer, optimizer)


# What each update sees.


@pytest.mark.parametrize("critic_steps", [1, 3])
def test_each_update_has_fresh_images_and_latents(critic_steps):
    model = make("wgan-gp", cls=Spy, critic_steps=critic_steps, eager=True)
    data = images(12)
    model.train_on_batch(data[:6])
    model.train_on_batch(data[6:])
    n = 6 // critic_steps
    assert [real.shape[0] for real in model.seen["real"]] == [n] * 2 * critic_steps
    np.testing.assert_array_equal(np.concatenate(model.seen["real"]), data)
    # Also the generator's latents, one set more a step, are fresh.
    latents = np.concatenate(model.seen["latents"])
    assert latents.shape == ((critic_steps + 1) * 2 * n, LATENT)
    assert len(np.unique(latents, axis=0)) == len(latents)
    fakes = np.concatenate(model.seen["fake"])
    assert len(np.unique(fakes, axis=0)) == len(fakes)


def test_in_a_batch_of_fewer_images_than_critic_steps_they_come_round():
    model = make("wgan-gp", cls=Spy, critic_steps=5, eager=True)
    data = images(3)
    model.train_on_batch(data)
    np.testing.assert_array_equal(model.seen["real"], data[[0, 1, 2, 0, 1], None])


def test_updates_see_the_same_in_a_second_run():
    seen = []
    for seed in (5, 5, 6):
        model = make(cls=Spy, seed=seed, eager=True)
        model.train_on_batch(images(4))
        seen.append(np.concatenate(model.seen["latents"]))
    np.testing.assert_array_equal(seen[0], seen[1])
    assert np.abs(seen[0] - seen[2]).min() > 0


def upsampled_box_mean(x):
    n, h, w, c = x.shape
    small = x.reshape(n, h // 2, 2, w // 2, 2, c).mean(axis=(2, 4))
    return small.repeat(2, axis=1).repeat(2, axis=2)


def test_real_images_fade_and_the_fade_counts_images():
    fade = Fade(16)
    model = make("wgan-gp", cls=Spy, fade=fade, eager=True)
    data = images(24)
    for start in range(0, 24, 4):
        model.train_on_batch(data[start : start + 4])
    for i, real in enumerate(model.seen["real"]):
        alpha = min(4 * i / 16, 1)
        batch = data[4 * i : 4 * i + 4]
        expected = (1 - alpha) * upsampled_box_mean(batch) + alpha * batch
        np.testing.assert_allclose(real, expected, rtol=0, atol=1e-6)
    assert float(fade.seen) == 24


def test_the_fade_counts_only_images_that_were_shown():
    fade = Fade(1000)
    model = make("wgan-gp", fade=fade, critic_steps=3, eager=True)
    model.train_on_batch(images(8))  # Three updates of two images.
    assert float(fade.seen) == 6
    assert int(model.images_seen) == 6


def test_bytes_become_exactly_minus_one_to_one():
    model = make()
    every = np.arange(256, dtype="uint8").reshape(16, SIDE, SIDE, 1)
    prepared = numpy(model.prepare(ops.convert_to_tensor(every))).ravel()
    expected = np.arange(256, dtype="float32") / np.float32(127.5) - np.float32(1)
    # XLA multiplies by the reciprocal: one unit in the last place.
    np.testing.assert_allclose(prepared, expected, rtol=0, atol=1.2e-7)
    assert (prepared[0], prepared[-1]) == (-1, 1)
    assert (np.diff(prepared) > 0).all()


@pytest.mark.parametrize("factor", [1, 2, 4])
def test_larger_images_shrink_to_their_exact_box_mean(factor):
    data = images(3, side=factor * SIDE)
    boxes = data.reshape(3, SIDE, factor, SIDE, factor, 1)
    prepared = numpy(make().prepare(ops.convert_to_tensor(data)))
    np.testing.assert_array_equal(prepared, boxes.mean(axis=(2, 4)))


@pytest.mark.parametrize("side", [SIDE // 2, SIDE + 2])
def test_images_that_do_not_fit_are_refused_with_both_sizes(side):
    with pytest.raises(ValueError, match=f"images of {SIDE} px.*Received: {side} px"):
        make().prepare(ops.convert_to_tensor(images(2, side)))


def test_reals_and_fakes_are_normalised_in_passes_of_their_own():
    model = make("hinge", hidden=[layers.BatchNormalization()], eager=True)
    *_, kernel, bias = model.discriminator.trainable_variables
    norm = model.discriminator.layers[-2]
    norm.beta.assign(np.zeros(16, "float32"))
    bias.assign([0.25])
    assert np.abs(numpy(kernel.value)).max() > 0.1
    logs = model.train_on_batch(images(8) / 4 + 0.7, return_dict=True)
    # Over one batch of both, reals and fakes would be normalised apart from each other.
    assert float(logs["real_score"]) == pytest.approx(0.25, abs=1e-5)
    assert float(logs["fake_score"]) == pytest.approx(0.25, abs=1e-5)


# What the updates do.


def test_loss_and_penalty_are_one_update_of_the_critic():
    model = make(
        "wgan-gp", cls=Spy, hidden=[], optimizer=lambda: keras.optimizers.SGD(0.01), eager=True
    )
    w, b = (numpy(v.value) for v in model.discriminator.trainable_variables)
    model.train_on_batch(images(6))
    new_w, new_b = (numpy(v.value) for v in model.discriminator.trainable_variables)
    (real,), (fake,) = (
        [seen.reshape(6, -1).mean(axis=0) for seen in model.seen[key]]
        for key in ("real", "fake")
    )
    w, new_w, norm = w[:, 0], new_w[:, 0], np.sqrt((w**2).sum())
    gradient = fake - real + 2 * 10 * (norm - 1) * w / norm
    np.testing.assert_allclose(new_w, w - 0.01 * gradient, rtol=0, atol=1e-6)
    np.testing.assert_array_equal(new_b, b)  # It cancels in mean D(fake) - mean D(real).
    assert int(model.optimizer.discriminator.iterations) == 1


def test_the_generator_climbs_the_updated_critic():
    model = make(
        "wgan:clip=None",
        cls=Spy,
        hidden=[],
        optimizer=lambda: keras.optimizers.SGD(0.01),
        eager=True,
    )
    kernel, bias = (numpy(v.value) for v in model.generator.trainable_variables)
    model.train_on_batch(images(6))
    w = numpy(model.discriminator.trainable_variables[0].value)[:, 0]
    latents = model.seen["latents"][-1]
    slope = w * (1 - np.tanh(latents @ kernel + bias) ** 2)  # d D(G(z)) / d (z K + b)
    new_kernel, new_bias = (numpy(v.value) for v in model.generator.trainable_variables)
    np.testing.assert_allclose(new_bias, bias + 0.01 * slope.mean(axis=0), rtol=0, atol=1e-6)
    np.testing.assert_allclose(
        new_kernel, kernel + 0.01 * latents.T @ slope / 6, rtol=0, atol=1e-6
    )


def test_the_logged_loss_is_without_the_penalties():
    model = make("wgan-gp", penalties=["r1:gamma=2", "r2"], hidden=[])
    real, fake = images(6, seed=1), images(6, seed=2)
    total, logs = model.discriminator_loss(
        ops.convert_to_tensor(real), ops.convert_to_tensor(fake), StepSeed(0, "penalty_0", 0)
    )
    w = numpy(model.discriminator.trainable_variables[0].value)[:, 0]
    squared = (w**2).sum()
    expected = {
        "d_loss": (fake.reshape(6, -1) @ w).mean() - (real.reshape(6, -1) @ w).mean(),
        "gp": 10 * (np.sqrt(squared) - 1) ** 2,
        "r1": squared,
        "r2": 5 * squared,
    }
    for name, value in expected.items():
        np.testing.assert_allclose(numpy(logs[name]), value, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(numpy(total), sum(expected.values()), rtol=1e-4)


def test_a_penalty_of_every_second_step_counts_twice_then_not_at_all():
    rows = np.arange(24, dtype="int32").reshape(4, 6)
    lazy = make("hinge", penalties=["r1:gamma=2,every=2"], critic_steps=2)
    logged = []
    for row in rows:
        by_repeat(lazy, images(24), row[None])
        logged.append(float(lazy.figures.result()["r1"]))
        lazy.figures.reset_state()
    # The same by hand: a model with twice the weight and one without take turns.
    double, bare = (
        make("hinge", penalties=[f"r1:gamma={gamma}"], critic_steps=2) for gamma in (4, 0)
    )
    one, other = double, bare
    for row in rows:
        by_repeat(one, images(24), row[None])
        values = [v.value for v in one.named_variables().values()]
        for variable, value in zip(other.named_variables().values(), values, strict=True):
            variable.assign(value)
        one, other = other, one
    for found, expected in zip(state(lazy).values(), state(double).values(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    assert logged[1] == logged[3] == 0 < min(logged[0], logged[2])


def test_figures_are_means_over_the_steps_since_the_last_reset():
    figures = Figures(["a", "b"])
    for values in ([1.0, -2.0], [2.0, 6.0]):
        figures.update_state(ops.convert_to_tensor(np.array(values, "float32")))
    assert {name: float(value) for name, value in figures.result().items()} == {
        "a": 1.5,
        "b": 2.0,
    }
    figures.reset_state()
    assert {float(value) for value in figures.result().values()} == {0.0}


def test_a_penalty_given_twice_has_two_names():
    model = make("wgan-gp", penalties=["gp:target=0", "r1"])
    assert model.penalty_names == ["gp_0", "gp_1", "r1"]
    assert model.terms == ("d_loss", "gp_0", "gp_1", "r1", "g_loss")


def test_a_relativistic_loss_gets_the_critics_last_reals_in_the_generators_step():
    class Watched(Spy):
        def generator_loss(self, fake, real):
            self.seen["generator's real"] = numpy(real)
            return super().generator_loss(fake, real)

    model = make("rpgan", cls=Watched, critic_steps=2, eager=True)
    data = images(8)
    model.train_on_batch(data)
    np.testing.assert_array_equal(model.seen["generator's real"], data[4:])
    real, fake = (ops.convert_to_tensor(images(5, seed=i)) for i in range(2))
    loss, _ = model.generator_loss(fake, real)
    gap = numpy(model.discriminator(fake)) - numpy(model.discriminator(real))
    np.testing.assert_allclose(numpy(loss), np.log1p(np.exp(-gap)).mean(), rtol=1e-5)


def test_clipping_ends_with_its_model_and_other_constraints_stay():
    generator, discriminator = networks(layers.Dense(5, kernel_constraint="non_neg"))
    kernel = discriminator.trainable_variables[0]
    for loss, clipped in (("wgan:clip=0.01", True), ("hinge", False)):
        model = GANModel(generator, discriminator, loss)
        model.compile("sgd", keras.optimizers.SGD(0.5), run_eagerly=True)
        for variable in discriminator.trainable_variables:
            variable.assign(np.full(variable.shape, -0.5, "float32"))
        model.train_on_batch(images(4))
        assert numpy(kernel.value).min() >= 0
        largest = max(np.abs(w).max() for w in discriminator.get_weights())
        assert (largest <= np.float32(0.01)) == clipped


@pytest.mark.parametrize(
    "optimizer", ["rmsprop", lambda: keras.optimizers.AdamW(0.01), lambda: Halving(0.1)]
)
def test_any_optimizer_of_keras_will_do(optimizer):
    generator, discriminator = networks(tanh())
    model = GANModel(generator, discriminator)
    pair = [optimizer if isinstance(optimizer, str) else optimizer() for _ in range(2)]
    model.compile(*pair, run_eagerly=True)
    before = state(model)
    model.train_on_batch(images(4))
    after = state(model)
    for player, network in (("generator", generator), ("discriminator", discriminator)):
        path = network.trainable_variables[0].path
        moved = np.abs(after[f"{player}/{path}"] - before[f"{player}/{path}"]).max()
        assert moved > 1e-5


class Halving(keras.optimizers.SGD):
    """Somebody's own optimizer."""

    def update_step(self, gradient, variable, learning_rate):
        super().update_step(gradient, variable, learning_rate / 2)


def test_players_are_made_again_from_their_config():
    adam, sgd = keras.optimizers.Adam(0.002, beta_1=0.5), keras.optimizers.SGD(0.3)
    players = PlayerOptimizers(generator=adam, discriminator=sgd)
    again = PlayerOptimizers.from_config(players.get_config())
    for player in ("generator", "discriminator"):
        assert getattr(again, player).get_config() == getattr(players, player).get_config()
        assert type(getattr(again, player)) is type(getattr(players, player))


# Subclasses: ten lines for a new idea.


def test_latents_can_be_overridden():
    class Ones(Spy):
        def latents(self, n, seed):
            return ops.ones((n, LATENT))

    model = make(cls=Ones, eager=True)
    expected = numpy(model.generator(ops.ones((1, LATENT))))
    model.train_on_batch(images(4))
    np.testing.assert_allclose(model.seen["fake"][0], np.repeat(expected, 4, 0), atol=1e-6)


def test_losses_and_log_names_can_be_overridden():
    class FeatureMatching(GANModel):
        log_names = ("gap",)

        def discriminator_loss(self, real, fake, seed):
            total, logs = super().discriminator_loss(real, fake, seed)
            return total, logs | {"gap": ops.mean(logs["real_score"] - logs["fake_score"])}

        def generator_loss(self, fake, real):
            gap = ops.mean(fake, axis=0) - ops.mean(real, axis=0)
            loss = ops.sum(ops.square(gap))
            return loss, {"g_loss": loss}

    model = make("wgan-gp", cls=FeatureMatching)
    data = np.full((16, SIDE, SIDE, 1), -0.5, "float32")
    figures = model.fit(data, batch_size=8, epochs=12, verbose=0).history
    gap = np.subtract(figures["real_score"], figures["fake_score"])
    np.testing.assert_allclose(figures["gap"], gap, atol=1e-5)
    assert figures["g_loss"][-1] < figures["g_loss"][0] / 2


@pytest.mark.parametrize(
    ("term", "expected"),  # First bad steps of d_loss, gp and g_loss.
    [
        ("g_loss", [3, 3, 2]),  # It ruins the generator, and so the next critic update.
        ("gp", [3, 2, 2]),  # It ruins the critic before the generator's update.
        (None, [NEVER] * 3),
    ],
)
def test_the_first_step_of_each_term_that_was_not_finite_is_noted(term, expected):
    class Broken(GANModel):
        def scale(self):
            return ops.where(ops.convert_to_tensor(self.iteration) >= 2, float("nan"), 1.0)

        def discriminator_loss(self, real, fake, seed):
            total, logs = super().discriminator_loss(real, fake, seed)
            if term == "gp":
                total, logs = total * self.scale(), logs | {"gp": logs["gp"] * self.scale()}
            return total, logs

        def generator_loss(self, fake, real):
            loss, _ = super().generator_loss(fake, real)
            loss = loss * self.scale() if term == "g_loss" else loss
            return loss, {"g_loss": loss}

    model = make("wgan-gp", cls=Broken)
    assert model.terms == ("d_loss", "gp", "g_loss")
    by_repeat(model, images(8), np.tile(np.arange(4, dtype="int32"), (5, 1)))
    assert numpy(model.first_bad.value).tolist() == expected


def test_an_own_penalty_needs_no_registration():
    class Flat(Penalty):
        def __call__(self, critic, real, fake, seed):
            return ops.mean(ops.square(critic(real)))

    model = make("hinge", penalties=[Flat()], eager=True)
    logs = model.train_on_batch(images(4), return_dict=True)
    name = model.penalty_names[0]
    assert name.endswith("Flat")
    assert float(logs[name]) >= float(logs["real_score"]) ** 2


# The names of the state.


def test_every_variable_has_a_name_and_a_second_model_has_the_same():
    names = []
    for _ in range(2):
        architecture = architectures.get("progressive-dcgan:base=8,width=4,latent_size=4")
        generator, discriminator, fade = architecture(Stage(16, 1, fade=0.5))
        model = GANModel(generator, discriminator, "wgan-gp", fade=fade)
        model.compile(keras.optimizers.Adam(), keras.optimizers.Adam())
        named = model.named_variables()
        everything = [*model.variables, *model.optimizer.variables, *model.figures.variables]
        assert {id(v) for v in named.values()} == {id(v) for v in everything}
        assert len(named) == len({id(v) for v in everything})
        names.append(list(named))
    assert names[0] == names[1]
    assert {"fade", "iteration", "images_seen", "first_bad"} <= set(names[0])

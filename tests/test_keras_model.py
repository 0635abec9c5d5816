"""A GANModel in the hands of Keras: callbacks, files, images and networks of users."""

import copy
import pickle
import warnings

import keras
import numpy as np
import pytest
from keras import layers, ops
from keras.optimizers import SGD, Adam

import ganzoo
from ganzoo import architectures, backend
from ganzoo.errors import InputError
from ganzoo.losses.loss import Loss
from ganzoo.player_optimizers import PlayerOptimizers
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends

SIDE = 8
LATENT = 4
BYTES = (np.random.default_rng(0).random((16, SIDE, SIDE, 1)) > 0.7).astype("uint8") * 255
FLOATS = (BYTES / 127.5 - 1).astype("float32")


def networks(end=None, hidden=()):
    latents = keras.Input((LATENT,))
    pixels = layers.Dense(SIDE * SIDE, activation="tanh")(latents)
    generator = keras.Model(latents, layers.Reshape((SIDE, SIDE, 1))(pixels))
    image = keras.Input((SIDE, SIDE, 1))
    x = layers.Flatten()(image)
    for layer in hidden:
        x = layer(x)
    return generator, keras.Model(image, layers.Dense(1, activation=end)(x))


def make(pair=None, loss="hinge", cls=ganzoo.GANModel, players=None, jit=False, **options):
    model = cls(*(pair or networks()), loss, **options)
    # To compile so small a step takes longer than to make it, but for JAX.
    eagerly = not jit and backend.name != "jax"
    model.compile(*(players or (Adam(1e-3), SGD(1e-2, momentum=0.5))), run_eagerly=eagerly)
    return model


def fit(model, x=BYTES, epochs=1, **options):
    options = {"batch_size": 8, "shuffle": False, "verbose": 0} | options
    return model.fit(x, epochs=epochs, **options).history


def state(model):
    named = model.named_variables()
    return {name: np.array(ops.convert_to_numpy(v.value)) for name, v in named.items()}


def assert_same_state(one, other):
    a, b = list(state(one).items()), list(state(other).items())
    assert len(a) == len(b)
    for (name, value), (_, found) in zip(a, b, strict=True):
        # Keras saves no metrics: `fit` resets them before each epoch.
        assert name.startswith("metrics/") or value.tobytes() == found.tobytes(), name


# Callbacks.


def test_rate_callbacks_change_both_rates_and_tensorboard_logs_both(tmp_path):
    tensorflow = pytest.importorskip("tensorflow")
    model = make()
    history = fit(
        model,
        epochs=3,
        callbacks=[
            keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2),
            keras.callbacks.TensorBoard(tmp_path, histogram_freq=1, update_freq=1),
            keras.callbacks.CSVLogger(tmp_path / "log.csv"),
        ],
    )
    rates = [float(optimizer.learning_rate) for optimizer in model.optimizer.optimizers]
    assert rates == pytest.approx([1e-3 / 8, 1e-2 / 8])
    assert history["learning_rate_generator"] == pytest.approx([5e-4, 2.5e-4, 1.25e-4])
    assert history["learning_rate_discriminator"] == pytest.approx([5e-3, 2.5e-3, 1.25e-3])
    assert (tmp_path / "log.csv").read_text().startswith("epoch,")
    tags = set()
    for path in (tmp_path / "train").glob("events*"):
        for event in tensorflow.compat.v1.train.summary_iterator(str(path)):
            tags |= {value.tag for value in event.summary.value}
    for tag in ("learning_rate_generator", "learning_rate_discriminator", "g_loss", "loss"):
        assert f"epoch_{tag}" in tags, tags


def test_a_plateau_lowers_both_rates():
    model = make()
    plateau = keras.callbacks.ReduceLROnPlateau("g_loss", 0.5, 1, mode="min", min_delta=1e9)
    fit(model, epochs=3, callbacks=plateau)  # One callback, without a list.
    rates = [float(optimizer.learning_rate) for optimizer in model.optimizer.optimizers]
    assert rates == pytest.approx([1e-3 / 4, 1e-2 / 4])


@pytest.mark.parametrize(
    ("callback", "words"),
    [
        (lambda: keras.callbacks.EarlyStopping(), "EarlyStopping watches 'val_loss'"),
        (lambda: keras.callbacks.ReduceLROnPlateau(), "there is no validation"),
        (
            lambda: keras.callbacks.ModelCheckpoint("x.keras", save_best_only=True),
            'monitor="kid"',
        ),
        (lambda: keras.callbacks.EarlyStopping("g_loss"), 'mode="min" or mode="max"'),
    ],
)
def test_a_callback_that_could_do_nothing_is_refused_before_the_first_step(callback, words):
    model = make()
    with pytest.raises(InputError, match=words):
        fit(model, callbacks=[callback()])
    assert int(model.iteration) == 0


def test_a_schedule_and_a_callback_that_sets_rates_are_refused_together():
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 10)
    model = make(players=(Adam(schedule), Adam()))
    with pytest.raises(InputError, match="the generator follows a schedule"):
        fit(model, callbacks=[keras.callbacks.LearningRateScheduler(lambda e, r: r)])
    fit(model)
    assert int(model.iteration) == 2


def test_terminate_on_nan_stops_at_the_batch():
    for position, expected in ((3, 1), (11, 2)):
        broken = FLOATS.copy()
        broken[position, 4, 5] = np.nan
        model = make(jit=True)
        history = fit(model, broken, 3, callbacks=[keras.callbacks.TerminateOnNaN()])
        assert len(history["loss"]) == 1
        assert int(model.iteration) == expected
        assert np.isnan(history["loss"][0])


def test_loss_is_the_sum_of_the_losses():
    history = fit(make(loss="wgan-gp", penalties=["r1"]), epochs=2)
    terms = [history[name] for name in ("d_loss", "gp", "r1", "g_loss")]
    np.testing.assert_allclose(history["loss"], np.sum(terms, axis=0), rtol=1e-5)


def test_backup_and_restore_goes_on_where_a_run_was_stopped(tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise KeyboardInterrupt

    pair = networks()
    start = [network.get_weights() for network in pair]
    ends = []
    for interruptions in ([Stop()], []), ([],):
        for network, weights in zip(pair, start, strict=True):
            network.set_weights(weights)
        for callbacks in interruptions:
            model = make(pair)
            if interruptions[1:]:
                back_up = keras.callbacks.BackupAndRestore(tmp_path / "b")
                callbacks = [back_up, *callbacks]
            try:
                fit(model, epochs=4, callbacks=callbacks)
            except KeyboardInterrupt:
                assert int(model.iteration) == 4
        ends.append(model)
    assert int(ends[0].iteration) == 8
    assert_same_state(*ends)


def test_the_rate_of_both_can_be_read_and_is_set_by_player():
    players = PlayerOptimizers(generator=Adam(0.25), discriminator=SGD(0.5))
    rate = players.learning_rate  # As Weights & Biases' callback reads it.
    assert rate == 0.25 and rate.shape == () and float(rate.numpy().item()) == 0.25
    for assign in (rate.assign, lambda v: setattr(players, "learning_rate", v)):
        with pytest.raises(InputError, match="Each player has its own learning rate"):
            assign(0.1)
    players.discriminator.learning_rate = 0.125
    assert float(players.discriminator.learning_rate) == 0.125
    assert players.learning_rate == 0.25


def test_an_optimizer_that_averages_puts_its_averages_into_its_players_weights():
    model = make(players=(Adam(0.1, use_ema=True, ema_momentum=0.9), Adam(0.1)))
    fit(model)
    averages = model.optimizer.generator._model_variables_moving_average
    for weight, average in zip(model.generator.trainable_variables, averages, strict=True):
        np.testing.assert_array_equal(
            ops.convert_to_numpy(weight), ops.convert_to_numpy(average)
        )


def test_an_optimizer_that_scales_the_loss_is_refused():
    with pytest.raises(InputError, match="discriminator's optimizer scales the loss"):
        PlayerOptimizers(
            generator=Adam(), discriminator=keras.optimizers.LossScaleOptimizer(Adam())
        )


# Files.


class Margin(Loss):
    """A loss of a user's, with an argument."""

    def __init__(self, margin=1.0):
        self.margin = margin

    def discriminator(self, real, fake):
        return ops.mean(ops.relu(self.margin - real)) + ops.mean(ops.relu(self.margin + fake))

    def generator(self, fake, real=None):
        return -ops.mean(fake)

    def get_config(self):
        return {"margin": self.margin}


def growing():
    """A model in the middle of a fade, with all that a config holds."""
    architecture = architectures.get("progressive-dcgan:base=8,width=4,latent_size=4")
    architecture(Stage(8, 1))
    generator, discriminator, fade = architecture(Stage(16, 1, fade=0.05))
    options = {"penalties": ["r1:gamma=0.5,every=2"], "critic_steps": 2, "ema": 0.5, "seed": 7}
    model = ganzoo.GANModel(generator, discriminator, "wgan-gp:weight=3", fade=fade, **options)
    model.compile(Adam(1e-3, beta_1=0.25), Adam(2e-3))
    return model, np.repeat(np.repeat(BYTES, 2, 1), 2, 2)


@pytest.mark.backends("torch")  # Three traces, which the others also compile.
def test_a_loaded_model_goes_on_bit_for_bit(tmp_path):
    model, images = growing()
    checkpoint = keras.callbacks.ModelCheckpoint(tmp_path / "gan.keras")
    fit(model, images, epochs=1, callbacks=[checkpoint])
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert type(loaded) is ganzoo.GANModel
    assert loaded.loss.weight == 3 and loaded.penalties[1].get_config()["gamma"] == 0.5
    assert (loaded.critic_steps, loaded.half_life, loaded.seed) == (2, 0.5, 7)
    assert len(loaded.penalties) == 2
    assert 0 < loaded.alpha == model.alpha < 1
    inside = [
        layer
        for n in (loaded.generator, loaded.discriminator, loaded.ema_generator)
        for layer in n._flatten_layers()
        if layer.name == loaded.fade.name
    ]
    assert len(inside) == 3 and all(layer is loaded.fade for layer in inside)
    assert list(state(loaded)) == list(state(model))
    assert_same_state(loaded, model)
    for each in (model, loaded):
        fit(each, images)
    assert int(loaded.iteration) == 4
    assert_same_state(loaded, model)


def test_clones_copies_and_pickles():
    model = make()
    fit(model)
    for again in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert again.generator is not model.generator
        assert_same_state(again, model)
    clone = keras.models.clone_model(model)
    assert clone.get_config().keys() == model.get_config().keys()
    shapes = [[v.shape for v in each.weights] for each in (clone, model)]
    assert shapes[0] == shapes[1]


def test_a_subclass_and_a_loss_of_ones_own_are_loaded(tmp_path):
    class Truncated(ganzoo.GANModel):
        def __init__(self, *arguments, width=1.0, **options):
            super().__init__(*arguments, **options)
            self.width = width

        def latents(self, n, seed):
            return self.width * super().latents(n, seed)

        def get_config(self):
            return super().get_config() | {"width": self.width}

    model = make(loss=Margin(0.5), cls=Truncated, width=0.25)
    fit(model)
    model.save(tmp_path / "gan.keras")
    own = {"Truncated": Truncated, "Margin": Margin}
    loaded = keras.models.load_model(tmp_path / "gan.keras", custom_objects=own)
    assert loaded.width == 0.25 and loaded.loss.margin == 0.5
    assert_same_state(loaded, model)


def test_what_is_exported_is_the_averaged_generator(tmp_path):
    model = make()
    fit(model)
    latents = np.random.default_rng(1).normal(size=(3, LATENT)).astype("float32")
    expected = model.predict(latents, verbose=0)
    model.export(tmp_path / "x", verbose=False)
    import tensorflow as tf

    loaded = tf.saved_model.load(str(tmp_path / "x"))
    np.testing.assert_allclose(loaded.serve(latents), expected, atol=1e-6)


# What `compile` and `fit` refuse, and figures.


def test_compile_says_what_it_takes():
    model = make()
    with pytest.raises(InputError, match="Each network has an optimizer of its own"):
        model.compile("adam")
    with pytest.raises(InputError, match="no use for metrics"):
        model.compile("adam", "adam", metrics=["accuracy"])
    model.compile("adam", "adam", run_eagerly=True)
    assert model.run_eagerly


def test_figures_of_a_batch_have_the_order_of_their_names():
    one, other = make(loss="wgan-gp"), make(loss="wgan-gp")
    other.set_weights(one.get_weights())
    named = one.train_on_batch(BYTES[:8], return_dict=True)
    listed = other.train_on_batch(BYTES[:8])
    assert other.metrics_names == ["loss", "d_loss", "gp", "g_loss", "real_score", "fake_score"]
    assert listed == pytest.approx([float(named[name]) for name in other.metrics_names])


@pytest.mark.parametrize("weights", ["class_weight", "sample_weight"])
def test_weights_of_images_are_refused(weights):
    model = make()
    with pytest.raises(InputError, match=f"`{weights}` would change nothing"):
        fit(model, **{weights: {0: 1.0}})


def test_after_a_refused_first_step_the_model_is_whole():
    model = make(jit=True)
    before = state(model)
    with pytest.raises(InputError, match="Received: 7 px"):
        fit(model, batches(BYTES[:, :7, :7]), batch_size=None)
    for name, value in state(model).items():
        np.testing.assert_array_equal(value, before[name])
    fit(model)
    assert int(model.iteration) == 2


# Images.


def batches(images):
    """A data set of a user's: what comes is seen at the first step."""
    return ((images[i : i + 8],) for i in range(0, len(images), 8))


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (BYTES.astype("float32"), r"from 0 to 255.*Give images / 127.5 - 1"),
        (BYTES.astype("int32"), r"from 0 to 255"),
        (BYTES.astype("uint16") * 257, r"from 0 to 65535.*images / 32767.5 - 1"),
        (FLOATS * 2, r"from -2 to 2.*2 \* \(images - -2\) / 4 - 1"),
    ],
)
def test_numbers_out_of_range_are_refused_at_the_first_batch(images, words):
    model = make(jit=images.dtype == "int32")
    for train in (fit, lambda m, x: m.train_on_batch(x[:8])):
        with pytest.raises(InputError, match=words):
            train(model, images)
        assert int(model.iteration) == 0
    with pytest.raises(InputError, match=r"The images go from"):
        fit(model, batches(images.astype("float32")), batch_size=None)
    assert int(model.iteration) == 1
    assert np.isfinite(list(map(np.sum, state(model).values()))).all()
    fit(model)
    assert int(model.iteration) == 3


def test_images_of_half_the_range_are_warned_of_once():
    for half in (BYTES.astype("float32") / 255, BYTES.astype(bool)):
        with pytest.warns(UserWarning, match=r"below 0: they go from 0 to 1") as caught:
            fit(make(), half, epochs=2)
        assert len([w for w in caught if "below 0" in str(w.message)]) == 1
    with pytest.warns(UserWarning, match="hold 0 and 1 alone"):
        fit(make(), BYTES // 255)
    with pytest.warns(UserWarning, match="Some images go from -1 to 3"):
        later = FLOATS.copy()
        later[12] = 3
        fit(make(), batches(later), batch_size=None)


def test_images_in_range_are_not_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        for images in (BYTES, FLOATS, FLOATS.astype("float16"), FLOATS * 1.005):
            fit(make(), images)


def test_the_range_of_images_is_no_part_of_a_checkpoint():
    model = make()
    assert not [name for name in model.named_variables() if "image_range" in name]


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (np.zeros((8, 3, SIDE, SIDE), "uint8"), r"channels first: 3 channels \(RGB\)"),
        (np.zeros((8, 1, SIDE, SIDE), "uint8"), r"channels first: 1 channel \(gray\)"),
        (np.zeros((8, SIDE, SIDE, 3), "uint8"), r"1 channel \(gray\).*3 channels \(RGB\)"),
        (np.zeros((8, SIDE, SIDE), "uint8"), r"Add the axis of channels"),
        (np.zeros((8, SIDE, 2 * SIDE, 1), "uint8"), r"Received: 8 x 16 px"),
        (np.zeros((0, SIDE, SIDE, 1), "uint8"), r"the array is empty"),
        ([BYTES, BYTES], r"Received: a list of 2"),
        ({"image": BYTES}, r"Received: a dict of 1"),
    ],
)
def test_a_shape_that_does_not_fit_is_named(images, words):
    model = make()
    with pytest.raises(InputError, match=words):
        fit(model, images)
    with pytest.raises(InputError, match=words):
        model.train_on_batch(images)
    assert int(model.iteration) == 0


@pytest.mark.backends("tensorflow")
@pytest.mark.skipif(backend.name != "tensorflow", reason="where a graph has to know shapes")
def test_a_data_set_without_shapes_is_told_how_to_say_them():
    import tensorflow as tf

    data = tf.data.Dataset.from_generator(lambda: (b for (b,) in batches(BYTES)), tf.uint8)
    model = make(jit=True)
    with pytest.raises(InputError, match=r"output_signature=tf.TensorSpec\(\(None, 8, 8, 1\)"):
        model.fit(data, verbose=0)
    assert int(model.iteration) == 0
    shaped = data.map(lambda x: tf.ensure_shape(x, (None, SIDE, SIDE, 1)))
    assert np.isfinite(model.fit(shaped, epochs=2, verbose=0).history["loss"]).all()
    assert int(model.iteration) == 2 * len(list(batches(BYTES)))


# Networks.


class Own(keras.Model):
    """A generator as users write them: no config, no `**kwargs`, called on arrays."""

    def __init__(self, width=12, activation="relu"):
        super().__init__()
        self.hidden = layers.Dense(width, activation=activation)
        self.norm = layers.BatchNormalization()
        self.pixels = layers.Dense(SIDE * SIDE, activation="tanh")

    def call(self, latents, training=False):
        x = self.norm(self.hidden(latents), training=training)
        return ops.reshape(self.pixels(x), (-1, SIDE, SIDE, 1))


class Judge(keras.Model):
    """A discriminator, too."""

    def __init__(self, end=None):
        super().__init__()
        self.flat = layers.Flatten()
        self.score = layers.Dense(1, activation=end)

    def call(self, images, training=False):
        return self.score(self.flat(images))


def test_networks_of_ones_own_class_are_copied_by_config_and_weights():
    generator, discriminator = Own(), Judge()
    with pytest.raises(InputError, match=r"has no weights yet\. Call it once"):
        make((generator, discriminator))
    generator(np.zeros((1, LATENT), "float32"))
    discriminator(np.zeros((1, SIDE, SIDE, 1), "float32"))
    model = make((generator, discriminator), ema=0)
    assert model.ema_generator.hidden.units == 12
    fit(model)
    for average, weight in zip(
        model.ema_generator.get_weights(), generator.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(average, weight)
    assert model.predict(np.zeros((2, LATENT)), verbose=0).shape == (2, SIDE, SIDE, 1)


def test_a_generator_that_cannot_be_made_again_is_named():
    # Keras's config forgets the arguments, and only one of them shows in the weights.
    for arguments in ({"width": 8}, {"activation": "tanh"}):
        generator = Own(**arguments)
        generator(np.ones((1, LATENT), "float32"))
        with pytest.raises(InputError, match=r"for its average.*`get_config`"):
            make((generator, networks()[1]))


def test_a_config_that_fails_without_a_word_is_named(monkeypatch):
    def get_config(self):
        raise NotImplementedError

    monkeypatch.setattr(Own, "get_config", get_config)
    generator = Own()
    generator(np.ones((1, LATENT), "float32"))
    with pytest.raises(InputError, match="for its average: NotImplementedError"):
        make((generator, networks()[1]))


ENDS = {
    "dense": lambda: networks(end="sigmoid")[1],
    "activation": lambda: _with(layers.Activation("sigmoid")),
    "reshaped": lambda: _with(layers.Activation("sigmoid"), layers.Reshape((1, 1))),
    "operation": lambda: _with(ops.sigmoid),
    "sequential": lambda: keras.Sequential(
        [keras.Input((SIDE, SIDE, 1)), layers.Flatten(), layers.Dense(1, activation="sigmoid")]
    ),
    "inner": lambda: keras.Sequential(
        [keras.Input((SIDE, SIDE, 1)), networks(end="sigmoid")[1]]
    ),
    "own": lambda: _called(Judge("sigmoid")),
}


def _with(*more):
    discriminator = networks()[1]
    x = discriminator.output
    for layer in more:
        x = layer(x)
    return keras.Model(discriminator.input, x)


def _called(network):
    network(np.zeros((1, SIDE, SIDE, 1), "float32"))
    return network


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_discriminator_that_ends_in_probabilities_is_warned_of_once(end):
    with pytest.warns(UserWarning, match="ends in 'sigmoid', and losses take logits") as caught:
        fit(make((networks()[0], end())))
    assert len([each for each in caught if "sigmoid" in str(each.message)]) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        make((networks()[0], _called(Judge())))
        make((networks()[0], _with(layers.Reshape((1, 1)))))


@pytest.fixture
def policy():
    """Sets Keras's global policy, for one test."""
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


def test_the_zoos_networks_follow_the_global_policy(policy):
    spec = "progressive-dcgan:base=8,width=4,latent_size=4"
    assert architectures.get(spec).get_config()["precision"] == "float32"
    policy("mixed_bfloat16")
    architecture = architectures.get(spec)
    assert architecture.get_config()["precision"] == "bfloat16"
    generator, discriminator, _ = architecture(Stage(8, 1))
    assert "bfloat16" in {layer.compute_dtype for layer in generator.layers}
    assert {w.dtype for w in generator.weights + discriminator.weights} == {"float32"}
    given = architectures.get(f"{spec},precision=float32")(Stage(8, 1))[0]
    assert {layer.compute_dtype for layer in given.layers} == {"float32"}
    model = make(networks())
    history = fit(model)
    assert np.isfinite(history["loss"]).all()
    assert model.predict(np.zeros((1, LATENT)), verbose=0).shape == (1, SIDE, SIDE, 1)


def test_float16_is_refused_with_the_remedy(policy):
    policy("mixed_float16")
    with pytest.raises(InputError, match="mixed_bfloat16"):
        architectures.get("progressive-dcgan")
    pair = networks()
    with pytest.raises(InputError, match=r"generator computes in float16.*mixed_bfloat16"):
        make(pair)

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganzoo.ema import EMA
from ganzoo.growth import Fade

pytestmark = pytest.mark.backends("tensorflow", "jax", "torch")

LATE = 10**7  # Images seen when the ramp-up is long over.


def network(fade=None):
    inputs = keras.Input((3,))
    x = layers.BatchNormalization(name="norm")(layers.Dense(2, name="dense")(inputs))
    if fade is not None:
        x = fade(layers.Dense(2, name="old")(inputs), x)
    return keras.Model(inputs, x)


def fill(network, value):
    network.set_weights([np.full(w.shape, value, "float32") for w in network.get_weights()])


def averages(ema):
    return np.concatenate([w.ravel() for w in ema.network.get_weights()])


def test_it_begins_as_a_copy():
    generator = network()
    fill(generator, 0.7)
    ema = EMA(generator)
    assert [v.path for v in ema.network.variables] == [v.path for v in generator.variables]
    np.testing.assert_array_equal(averages(ema), np.float32(0.7))
    fill(generator, 0.1)
    np.testing.assert_array_equal(averages(ema), np.float32(0.7))


@pytest.mark.parametrize("batch", [16, 125, 500])
def test_after_the_half_life_in_images_half_of_the_gap_is_left(batch):
    generator = network()
    fill(generator, 1.0)
    ema = EMA(generator, half_life=0.5)
    fill(generator, 3.0)
    for _ in range(round(500 / batch)):
        ema.update(batch, LATE)
    left = 0.5 ** (round(500 / batch) * batch / 500)
    # Weights, biases and both batch statistics alike.
    assert averages(ema).size == 3 * 2 + 2 + 4 * 2
    np.testing.assert_allclose(averages(ema), 3 - 2 * left, rtol=1e-5)


def test_batch_statistics_of_a_real_pass_are_averaged():
    generator = network()
    ema = EMA(generator, half_life=0.1)
    noise = np.random.default_rng(0).normal(3, 2, (8, 3)).astype("float32")
    generator(ops.convert_to_tensor(noise), training=True)
    ema.update(100, LATE)  # One half-life.
    norm, averaged = generator.get_layer("norm"), ema.network.get_layer("norm")
    for name, start in (("moving_mean", 0.0), ("moving_variance", 1.0)):
        value = ops.convert_to_numpy(getattr(norm, name))
        assert np.abs(value - start).min() > 1e-3
        average = ops.convert_to_numpy(getattr(averaged, name))
        np.testing.assert_allclose(average, (start + value) / 2, rtol=1e-5)


@pytest.mark.parametrize(
    ("seen", "half_life"), [(100, 5), (4000, 200), (10_000, 500), (10**6, 500)]
)
def test_the_half_life_is_at_most_a_twentieth_of_the_images_seen(seen, half_life):
    generator = network()
    fill(generator, 0.0)
    ema = EMA(generator, half_life=0.5, ramp_up=0.05)
    fill(generator, 1.0)
    ema.update(10, seen)
    np.testing.assert_allclose(averages(ema), 1 - 0.5 ** (10 / half_life), rtol=1e-4)


@pytest.mark.parametrize(("half_life", "seen"), [(0.5, 0), (0, LATE)])
def test_at_the_first_step_and_without_a_half_life_it_is_the_generator(half_life, seen):
    generator = network()
    fill(generator, 0.0)
    ema = EMA(generator, half_life=half_life)
    fill(generator, 0.3)
    ema.update(16, seen)
    np.testing.assert_array_equal(averages(ema), np.float32(0.3))


def test_the_fade_is_shared_and_not_averaged():
    fade = Fade(1000)
    generator = network(fade)
    ema = EMA(generator)
    assert any(variable is fade.seen for variable in ema.network.variables)
    fade.advance(600)
    ema.update(100, LATE)
    assert float(ops.convert_to_numpy(fade.seen)) == 600
    own = {id(v) for v in generator.variables} - {id(fade.seen)}
    assert not own & {id(v) for v in ema.network.variables}


def test_no_optimizer_sees_the_average():
    assert EMA(network()).network.trainable_variables == []


def test_the_average_of_generators_with_nested_models_and_dropout_still_moves():
    inputs = keras.Input((3,))
    x = layers.Dropout(0.5)(keras.Sequential([layers.Dense(2)])(inputs))
    generator = keras.Model(inputs, layers.Dense(1)(x))
    ema = EMA(generator, half_life=0)
    fill(generator, 0.25)
    ema.update(16, LATE)
    np.testing.assert_array_equal(averages(ema), np.float32(0.25))

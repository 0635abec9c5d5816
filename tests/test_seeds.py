import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import seeds
from ganzoo.models.gan import GANModel
from ganzoo.seeds import StepSeed

pytestmark = pytest.mark.backends("tensorflow", "jax", "torch")

OTHERS = [(1, "latents", 5), (0, "penalty", 5), (0, "latents", 6)]


def draw(seed, n=4):
    return ops.convert_to_numpy(keras.random.normal((n,), seed=seed)).tolist()


def test_a_stream_is_a_function_of_seed_purpose_and_step():
    assert draw(StepSeed(0, "latents", 5)) == draw(StepSeed(0, "latents", 5))


@pytest.mark.parametrize("other", OTHERS)
def test_another_seed_purpose_or_step_gives_another_stream(other):
    assert draw(StepSeed(0, "latents", 5)) != draw(StepSeed(*other))


def test_two_draws_of_one_step_differ_and_come_again():
    first, again = StepSeed(0, "latents", 5), StepSeed(0, "latents", 5)
    draws = [draw(first), draw(first)]
    assert draws[0] != draws[1]
    assert draws == [draw(again), draw(again)]


def test_draws_of_different_steps_do_not_repeat_each_other():
    streams = [StepSeed(0, "latents", step) for step in range(50)]
    draws = [tuple(draw(seed)) for seed in streams for _ in range(4)]
    assert len(set(draws)) == len(draws)


def test_the_step_may_be_a_variable():
    step = keras.Variable(5, dtype="int32", trainable=False)
    assert draw(StepSeed(0, "latents", step)) == draw(StepSeed(0, "latents", 5))


def test_keras_global_seed_has_no_influence_and_is_not_used_up():
    keras.utils.set_random_seed(1)
    mine = draw(StepSeed(0, "latents", 5))
    globally = draw(None)
    keras.utils.set_random_seed(1)
    assert draw(None) == globally
    keras.utils.set_random_seed(2)
    assert draw(StepSeed(0, "latents", 5)) == mine


def test_normal_numbers_are_normal():
    n = 20_000
    numbers = np.array(draw(StepSeed(0, "latents", 0), n))
    # Standard errors: 0.007 of the mean, 0.005 of the deviation.
    assert abs(numbers.mean()) < 0.03
    assert abs(numbers.std() - 1) < 0.02


def test_derived_seeds_fit_31_bits_and_tell_purposes_apart():
    derived = [seeds.derive(seed, "a", i) for seed in range(20) for i in range(20)]
    assert len(set(derived)) == 400
    assert all(0 <= seed < 2**31 for seed in derived)


def test_derived_seeds_never_change():
    # Runs are content-addressed by their seed: another function is another run.
    assert seeds.derive(0, "latents") == 389697762
    assert seeds.rng(0, "data_order", 0).permutation(6).tolist() == [3, 1, 2, 0, 5, 4]


def test_a_generator_is_a_function_of_its_purpose():
    numbers = [seeds.rng(*key).random() for key in ((0, "a"), (0, "a"), (0, "b"), (1, "a"))]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3


def test_latents_of_a_model_are_the_same_in_every_run():
    inputs = keras.Input((3,))
    image = keras.layers.Reshape((2, 2, 1))(keras.layers.Dense(4)(inputs))
    generator = keras.Model(inputs, image)
    image = keras.Input((2, 2, 1))
    score = keras.layers.Dense(1)(keras.layers.Flatten()(image))
    discriminator = keras.Model(image, score)
    drawn = []
    for seed in (0, 0, 1):
        keras.utils.set_random_seed(len(drawn))
        model = GANModel(generator, discriminator, seed=seed)
        step_seed = StepSeed(model.seed, "g_latents", model.iteration)
        drawn.append(ops.convert_to_numpy(model.latents(5, step_seed)).tolist())
    assert np.shape(drawn[0]) == (5, 3)
    assert drawn[0] == drawn[1] != drawn[2]

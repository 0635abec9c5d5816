"""Operations of a training, by hand."""

import keras
import pytest

from ganzoo.training.cost import layer_costs, training_flops


@pytest.fixture
def networks():
    """A generator of 2 x 3 x 8 operations, a discriminator of 4 x 4 x 2 x 9 and 2 x 32."""
    generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(8)])
    convolution = keras.layers.Conv2D(2, 3, padding="same")
    layers = [keras.Input((4, 4, 1)), convolution, keras.layers.Flatten()]
    return generator, keras.Sequential([*layers, keras.layers.Dense(1)])


def test_layers_count_a_multiply_add_as_two(networks):
    generator, discriminator = networks
    assert [cost.flops for cost in layer_costs(generator)] == [2 * 3 * 8]
    assert [cost.flops for cost in layer_costs(discriminator)] == [2 * 16 * 18, 0, 2 * 32]
    assert [cost.parameters for cost in layer_costs(discriminator)] == [20, 0, 33]


@pytest.mark.parametrize(
    ("critic_steps", "penalties", "g_passes", "d_passes"),
    [(1, 0, 4, 9), (1, 1, 4, 18), (1, 0.25, 4, 11.25), (2, 1.25, 2.5, 18.75)],
)
def test_a_penalty_that_is_used_less_costs_less(
    networks, critic_steps, penalties, g_passes, d_passes
):
    g, d = 48, 640
    found = training_flops(*networks, critic_steps, penalties)
    assert found == g_passes * g + d_passes * d
    relativistic = training_flops(*networks, critic_steps, penalties, relativistic=True)
    assert relativistic == found + d // critic_steps

"""Operations of a training, by hand."""

import keras
import pytest

from ganzoo.training.cost import NetworkCosts, layer_costs, training_flops
from ganzoo.training.loop import Loop
from ganzoo.training.run import Run
from ganzoo.training.trainer import Trainer


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


def test_separable_and_depthwise_convolutions_and_inner_models_are_counted():
    separable = keras.layers.SeparableConv2D(5, 3, strides=2, padding="same")
    depthwise = keras.layers.DepthwiseConv2D(3, depth_multiplier=2)
    inner = keras.Sequential([keras.Input((8, 8, 3)), separable, depthwise])
    costs = [2 * 4 * 4 * (9 * 3 + 3 * 5), 2 * 2 * 2 * (9 * 5 * 2)]
    assert [cost.flops for cost in layer_costs(inner)] == costs
    image = keras.Input((8, 8, 3))
    innermost = keras.Model(image, keras.layers.Dense(7)(keras.layers.Flatten()(inner(image))))
    outer = keras.Model(image, keras.Sequential([innermost])(image))
    assert [cost.flops for cost in layer_costs(outer)] == [sum(costs) + 2 * 40 * 7]


def test_a_model_whose_inside_has_no_shapes_costs_nothing():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.convolution = keras.layers.Conv2D(2, 3)

        def call(self, x):
            return self.convolution(x)

    image = keras.Input((4, 4, 1))
    (cost,) = layer_costs(keras.Model(image, Own()(image)))
    assert (cost.shape, cost.parameters, cost.flops) == ((2, 2, 2), 20, 0)


def test_time_is_left_where_no_layer_is_counted(settings, tmp_path):
    trainer = Trainer(**settings)
    loop = Loop(trainer, Run(tmp_path))
    one, other = (stage.kimg for stage in trainer.schedule)
    weight = trainer.flops[1] / trainer.flops[0]
    assert loop._kimg_left(0, one / 2) == pytest.approx(one / 2 + weight * other)
    trainer.flops = [0, 0]
    assert loop._kimg_left(0, one / 2) == pytest.approx(one / 2 + other)
    assert loop._kimg_left(1, 2 * (one + other)) == 0.0  # A last step goes beyond the end.


@pytest.mark.parametrize(
    ("critic_steps", "penalties", "g_passes", "d_passes"),
    [(1, 0, 4, 9), (1, 1, 4, 18), (1, 0.25, 4, 11.25), (2, 1.25, 2.5, 18.75)],
)
def test_a_penalty_that_is_used_less_costs_less(
    networks, critic_steps, penalties, g_passes, d_passes
):
    g, d = 48, 640
    costs = NetworkCosts.of(*networks)
    assert (costs.generator, costs.discriminator) == (g, d)
    found = training_flops(g, d, critic_steps, penalties)
    assert found == g_passes * g + d_passes * d
    relativistic = training_flops(g, d, critic_steps, penalties, relativistic=True)
    assert relativistic == found + d // critic_steps

"""Operations of a training, by hand."""

import keras
import pytest

from ganzoo import architectures, losses
from ganzoo.losses.penalties import Penalty, get_all
from ganzoo.models.gan_passes import gan_passes, penalty_passes
from ganzoo.passes import Passes
from ganzoo.schedule import Stage
from ganzoo.tracking.tracking import Tracking
from ganzoo.training.cost import (
    NetworkCost,
    NetworkCosts,
    layer_costs,
)
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


def test_a_layer_that_serves_several_sizes_is_counted_at_each():
    architecture = architectures.get("cppn:base=8,features=6,depth=2,latent_size=4")
    small, grown = (architecture(Stage(side, kimg=1))[0] for side in (8, 16))
    fresh = architectures.get("cppn:base=8,features=6,depth=2,latent_size=4")(Stage(16, 1))[0]
    assert NetworkCost.of(grown) == NetworkCost.of(fresh)
    assert layer_costs(grown) == layer_costs(fresh)
    ((one,), (four,)) = (
        [c for c in layer_costs(network) if c.name == "g_pixel_1"] for network in (small, grown)
    )
    assert (one.shape, four.shape) == ((8, 8, 6), (16, 16, 6))
    assert (one.flops, four.flops) == (2 * 6 * 6 * 64, 2 * 6 * 6 * 256)


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
    loop = Loop(trainer, Run(tmp_path), Tracking((), print))
    one, other = (stage.kimg for stage in trainer.schedule)
    weight = trainer.flops[1] / trainer.flops[0]
    assert loop._kimg_left(0, one / 2) == pytest.approx(one / 2 + weight * other)
    trainer.flops = [0, 0]
    assert loop._kimg_left(0, one / 2) == pytest.approx(one / 2 + other)
    assert loop._kimg_left(1, 2 * (one + other)) == 0.0  # A last step goes beyond the end.


def test_a_gradient_by_weights_needs_none_by_the_input(networks):
    generator, discriminator = networks
    # Of one layer the product for its weights; of the second of two, one for its input too.
    assert NetworkCost.of(generator) == NetworkCost(forward=48, backward=48)
    assert NetworkCost.of(discriminator) == NetworkCost(forward=640, backward=576 + 2 * 64)
    assert NetworkCost.of(discriminator).flops(Passes(single=3, backward=0.5)) == 2272


def test_two_paths_from_the_input_and_a_frozen_layer():
    """What learns from nothing, or hands on to nothing that learns, has no product."""
    x = keras.Input((4,))
    one, other = keras.layers.Dense(3)(x), keras.layers.Dense(3)(keras.layers.ReLU()(x))
    frozen = keras.layers.Dense(5, trainable=False)
    y = frozen(keras.layers.Add()([one, other]))
    last = keras.Sequential([keras.Input((5,)), keras.layers.Dense(1), keras.layers.ReLU()])
    cost = NetworkCost.of(keras.Model(x, last(y)))
    assert cost.forward == 2 * (12 + 12 + 15 + 5)
    assert cost.backward == 2 * (12 + 12 + 15 + 2 * 5)


def test_a_layer_that_is_called_twice_costs_twice():
    x = keras.Input((4,))
    layer = keras.layers.Dense(4)
    once, twice = keras.Model(x, layer(x)), keras.Model(x, layer(layer(x)))
    assert NetworkCost.of(once) == NetworkCost(32, 32)
    assert NetworkCost.of(twice) == NetworkCost(64, 32 + 64)


@pytest.mark.parametrize(
    ("penalties", "single", "backward"),
    [
        ([], 0, 0),
        (["r1"], 3, 0),
        (["r1", "r2"], 6, 0),
        (["gp"], 4, 1),
        (["lp:every=4"], 1, 0.25),
        (["gp", "gp:every=2"], 6, 1.5),  # Each mixes images anew.
        (["r1", "r1:gamma=1"], 3, 0),  # The gradient is taken once.
        (["r1", "r1:every=4"], 3, 0),
        (["r1:every=4", "r2:every=4"], 1.5, 0),
    ],
)
@pytest.mark.parametrize("jointly", [False, True])
def test_passes_of_penalties(penalties, single, backward, jointly):
    assert penalty_passes(get_all(penalties), jointly) == Passes(single, backward)


@pytest.mark.parametrize(("jointly", "passes"), [(False, (0.75, 0)), (True, (1, 0.25))])
def test_one_of_two_joined_batches_needs_a_pass_of_its_own(jointly, passes):
    assert penalty_passes(get_all("r2:every=4"), jointly) == Passes(*passes)


def test_a_penalty_says_itself_how_much_it_does():
    class Drift(Penalty):
        """The squared score, which the loss has computed."""

        every = 2

        def __call__(self, critic, real, fake, seed):
            return keras.ops.mean(keras.ops.square(critic(real)))

        def passes(self, shared):
            return Passes()

    assert penalty_passes([Drift(), *get_all("r1")], jointly=False) == Passes(single=3)


@pytest.mark.parametrize("critic_steps", [1, 2])
def test_operations_of_a_real_image(networks, critic_steps):
    costs = NetworkCosts.of(dict(zip(("generator", "discriminator"), networks, strict=True)))
    g, d = NetworkCost(48, 48), NetworkCost(640, 704)
    assert costs.by_role == {"generator": g, "discriminator": d}

    def flops(loss):
        return costs.flops(gan_passes(losses.get(loss), get_all("r1"), critic_steps, False))

    found = flops("hinge")
    one = g.forward + (2 + 3) * d.forward + 2 * d.backward
    other = g.forward + g.backward + 2 * d.forward
    assert found == one + other // critic_steps
    assert flops("rpgan") == found + d.forward // critic_steps

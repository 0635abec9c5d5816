"""What this family alone promises: rules of DCGAN, names, categories; see test_contract."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganzoo import architectures
from ganzoo.errors import InputError
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends

SMALL = {"base": 8, "width": 4, "latent_size": 4}


def make(**options):
    return architectures.get("progressive-dcgan", SMALL | options)


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


# Sizes.


@pytest.mark.parametrize(
    ("base", "smallest"), [(4, 4), (12, 6), (28, 7), (30, 15), (25, 25), (32, 4)]
)
def test_networks_begin_at_the_base_halved_while_it_goes(base, smallest):
    assert make(base=base).smallest == smallest
    generator, _ = make(base=base)(Stage(base, 1), ("generator",))
    assert generator.get_layer(f"g_{smallest}_reshape").output.shape[1] == smallest


@pytest.mark.parametrize(
    ("options", "resolution"),
    [
        ({}, 8),
        ({"width": 48}, 32),
        ({"latent_size": 300, "mapping_layers": 5}, 16),
        ({"similarities": 300}, 8),
        ({"score_width": 500, "upsampling": "sub-pixel"}, 64),
        ({"score_width": 0, "upsampling": "resize", "width": 40}, 16),
    ],
)
def test_weights_are_known_before_they_are_made(options, resolution):
    architecture = make(**options)
    *networks, _ = architecture(Stage(resolution, 1), architecture.roles)
    for role, network in zip(architecture.roles, networks, strict=True):
        count = network.count_params()
        assert 0.5 * count < architecture.least_weights(resolution, role) <= count, role


@pytest.mark.parametrize("width", [4, 24])
def test_features_halve_with_each_doubling_down_to_eight(width):
    generator, _, _ = make(width=width)(Stage(32, 1))
    features = [generator.get_layer(f"g_{size}").filters for size in (8, 16)]
    assert features == [max(8, width), max(8, width // 2)]


# Roles.


def test_a_role_that_is_not_there_is_one_line_before_anything_is_built():
    architecture = make()
    with pytest.raises(InputError) as caught:
        architecture(Stage(8, 1), ("generator", "denoiser"))
    assert "'progressive-dcgan' has no denoiser; it has generator, discriminator, encoder" in (
        str(caught.value)
    )
    assert "\n" not in str(caught.value) and not architecture.kept
    assert "progressive-dcgan" in architectures.with_role("encoder")
    assert architectures.with_role("translator") == []


# Radford et al., section 3.


def kinds(network):
    return [type(layer).__name__ for layer in network.layers]


def test_without_extras_it_follows_the_rules_of_dcgan():
    architecture = make(
        normalization="batch",
        discriminator_normalization="batch",
        mapping_layers=0,
        categories=0,
        score_width=0,
        similarities=0,
        minibatch_stddev=False,
    )
    generator, discriminator, _ = architecture(Stage(32, 1))
    assert kinds(generator) == [
        *("InputLayer", "Dense", "Reshape", "BatchNormalization", "LeakyReLU"),
        *("DoublingConv2D", "BatchNormalization", "LeakyReLU") * 2,
        *("DoublingConv2D", "Activation"),
    ]
    assert kinds(discriminator) == [
        *("InputLayer", "HalvingConv2D", "LeakyReLU"),
        *("HalvingConv2D", "BatchNormalization", "LeakyReLU") * 2,
        *("Flatten", "Rescaling", "Dense"),
    ]
    strided = [generator.get_layer(n) for n in ("g_8", "g_16", "g_32_to_image")]
    strided += [discriminator.get_layer(n) for n in ("d_32_from_image", "d_16", "d_8")]
    assert {(layer.kernel_size, layer.strides) for layer in strided} == {((4, 4), (2, 2))}
    assert generator.layers[-1].activation is keras.activations.tanh
    slopes = [x.negative_slope for x in discriminator.layers if isinstance(x, layers.LeakyReLU)]
    assert slopes == [0.2] * 3


@pytest.mark.parametrize(
    ("upsampling", "kind"),
    [
        ("transposed", "DoublingConv2D"),
        ("resize", "ResizingConv2D"),
        ("sub-pixel", "DepthToSpace"),
    ],
)
def test_each_way_up_is_its_own_layer(upsampling, kind):
    generator, _, _ = make(upsampling=upsampling)(Stage(16, 1))
    ways = {"DoublingConv2D", "ResizingConv2D", "DepthToSpace"}
    assert ways & set(kinds(generator)) == {kind}
    assert kinds(generator).count(kind) == 2


# Names.


def test_layers_have_the_names_that_checkpoints_hold():
    architecture = make()
    architecture(Stage(8, 1))
    architecture(Stage(16, 1, fade=0.5))
    assert sorted(name for name, layer in architecture.kept.items() if layer.weights) == [
        *("d_16_from_image", "d_8", "d_8_from_image", "d_hidden", "d_score", "d_similarity"),
        *("g_16_to_image", "g_4", "g_8", "g_8_to_image", "g_map_0", "g_map_1"),
    ]
    architecture(Stage(16, 1), ("encoder",))
    encoding = {name for name in architecture.kept if name.startswith("e_")}
    assert encoding == {*("e_16_from_image", "e_8", "e_hidden", "e_moments")}


# Options.


def test_its_choices_are_normalizations_and_ways_up():
    normalizations = ("batch", "pixel", "layer", "none")
    assert make().choices == {
        "normalization": normalizations,
        "discriminator_normalization": (*normalizations, "spectral"),
        "upsampling": ("transposed", "resize", "sub-pixel"),
    }


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"normalization": "batch", "discriminator_normalization": "layer", "seed": 7},
        {"upsampling": "sub-pixel", "mapping_layers": 0, "minibatch_stddev": False},
        {"categories": 3, "score_width": 5, "similarities": 2},
    ],
)
def test_the_spec_makes_an_equal_family(options):
    architecture = make(**options)
    again = architectures.get(architectures.registry.spec(architecture))
    assert again.get_config() == architecture.get_config()
    assert again.get_config().items() >= (SMALL | options).items()


@pytest.mark.parametrize(
    ("count", "message"), [(-1, "whole number, 0 or more"), (5, "from 0 to latent_size=4")]
)
def test_no_more_categories_than_coordinates(count, message):
    with pytest.raises(InputError, match=message):
        make(categories=count)


@pytest.mark.parametrize(("classes", "expected"), [(0, 32), (3, 24), (4, 32), (28, 32)])
def test_there_are_eight_categories_a_class_in_at_most_half_of_the_latent(classes, expected):
    made = make(latent_size=64, classes=classes)
    assert made.categories == expected
    assert type(made).from_config(made.get_config()).categories == expected
    assert make(latent_size=64, classes=classes, categories=0).categories == 0


def test_only_the_choice_and_the_other_coordinates_make_the_image():
    generator, _, _ = make(latent_size=6, categories=3)(Stage(8, 1))
    one = np.array([[0.3, -1.0, 0.2, 0.5, -0.1, 0.9]], "float32")
    same, other = one.copy(), one.copy()
    same[0, :3] = 2.0, 0.5, 1.9  # Still the first of the three.
    other[0, :3] = 0.3, 0.4, 0.2
    image, again, another = (numpy(generator(z)) for z in (one, same, other))
    np.testing.assert_array_equal(image, again)
    assert np.abs(image - another).max() > 0.01


def test_a_dense_layer_before_the_score_has_the_width_asked_for():
    _, discriminator, _ = make(score_width=5, similarities=0)(Stage(8, 1))
    dense = [layer for layer in discriminator.layers if isinstance(layer, layers.Dense)]
    assert [layer.units for layer in dense] == [5, 1]

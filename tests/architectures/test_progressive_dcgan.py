"""The family's promises: sizes, DCGAN's rules, exact growth, stable names."""

import itertools

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganzoo import architectures
from ganzoo.errors import InputError
from ganzoo.models.gan import GANModel
from ganzoo.models.generative_model import box_mean, upsample
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends

SMALL = {"base": 8, "width": 4, "latent_size": 4}
NORMALIZATIONS = ("batch", "pixel", "layer", "none")
UPSAMPLINGS = ("transposed", "resize", "sub-pixel")


def make(**options):
    return architectures.get("progressive-dcgan", SMALL | options)


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def noise(*shape):
    return ops.convert_to_tensor(np.random.default_rng(3).normal(size=shape).astype("float32"))


@pytest.mark.pairwise
def test_it_goes_through_keras_saving_and_makes_the_same_networks():
    made = make(seed=3, channels=3, normalization="layer")
    loaded = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(made))
    assert type(loaded) is type(made) and loaded.get_config() == made.get_config()
    assert repr(loaded) == repr(made) and "channels=3" in repr(made)
    (one, *_), (other, *_) = (each(Stage(8, kimg=1)) for each in (made, loaded))
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def images(n, side, channels=1):
    numbers = np.random.default_rng(4).uniform(-1, 1, (n, side, side, channels))
    return ops.convert_to_tensor(numbers.astype("float32"))


def shake(*networks):
    """Weights as no initializer leaves them: biases and batch statistics too."""
    rng = np.random.default_rng(5)
    for network in networks:
        network.set_weights(
            [
                (w + rng.uniform(0.05, 0.3, w.shape)).astype("float32") if w.ndim else w
                for w in network.get_weights()
            ]
        )


# Sizes.


@pytest.mark.pairwise
@pytest.mark.parametrize(
    ("base", "smallest", "channels", "doublings"),
    [(4, 4, 1, 3), (12, 6, 3, 1), (28, 7, 4, 1), (30, 15, 1, 1), (25, 25, 3, 2), (32, 4, 4, 1)],
)
def test_any_base_doubles_any_number_of_times(base, smallest, channels, doublings):
    architecture, networks = make(base=base, channels=channels), None
    for i in range(doublings + 1):
        side = base * 2**i
        generator, discriminator, fade = architecture(Stage(side, 1, fade=0.5 if i else 0))
        assert generator.input_shape == (None, 4)
        assert generator.output_shape == (None, side, side, channels)
        assert discriminator.input_shape == (None, side, side, channels)
        assert discriminator.output_shape == (None, 1)
        assert (fade is not None) == (i > 0)
        assert generator.get_layer(f"g_{smallest}_reshape").output.shape[1] == smallest
        networks = networks or (generator, discriminator)
    generator, discriminator = networks  # Of the base: the smallest are the fastest.
    fakes = generator(noise(2, 4))
    assert tuple(fakes.shape) == (2, base, base, channels)
    assert tuple(discriminator(fakes).shape) == (2, 1)
    assert np.abs(numpy(fakes)).max() <= 1


def test_without_growth_the_last_size_comes_first():
    generator, discriminator, fade = make()(Stage(32, 1))
    assert generator.output_shape == discriminator.input_shape == (None, 32, 32, 1)
    assert fade is None


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


@pytest.mark.parametrize("resolution", [12, 20, 24])
def test_a_size_that_is_no_doubling_of_the_base_is_refused(resolution):
    with pytest.raises(ValueError, match="8, 16, 32"):
        make()(Stage(resolution, 1))


@pytest.mark.parametrize("width", [4, 24])
def test_features_halve_with_each_doubling_down_to_eight(width):
    generator, _, _ = make(width=width)(Stage(32, 1))
    features = [generator.get_layer(f"g_{size}").filters for size in (8, 16)]
    assert features == [max(8, width), max(8, width // 2)]


def test_in_bfloat16_layers_compute_so_and_weights_images_and_scores_do_not():
    architecture = make(precision="bfloat16")
    policy = keras.config.dtype_policy().name
    architecture(Stage(8, 1))
    generator, discriminator, fade = architecture(Stage(16, 1, fade=0.5))
    assert keras.config.dtype_policy().name == policy
    for network, name in ((generator, "g_8"), (discriminator, "d_8")):
        assert network.get_layer(name).compute_dtype == "bfloat16"
        assert {v.dtype for v in network.trainable_variables} == {"float32"}
    fakes = generator(noise(2, 4))
    assert keras.backend.standardize_dtype(fakes.dtype) == "float32"
    assert keras.backend.standardize_dtype(discriminator(fakes).dtype) == "float32"
    # Not float32's images, yet within bfloat16's 8 bits of them.
    plain = make()
    plain(Stage(8, 1))
    exact, _, other_fade = plain(Stage(16, 1, fade=0.5))
    fade.advance(250)
    other_fade.advance(250)
    apart = np.abs(numpy(generator(noise(2, 4))) - numpy(exact(noise(2, 4)))).max()
    assert 1e-5 < apart < 0.1


def test_an_unknown_precision_is_refused():
    with pytest.raises(ValueError, match="float32, bfloat16"):
        make(precision="float16")


# Roles.


def test_an_encoder_is_grown_beside_the_discriminator_with_layers_of_its_own():
    architecture = make()
    encoder, discriminator, _ = architecture(Stage(8, 1), ("encoder", "discriminator"))
    assert encoder.output_shape == (None, 2 * 4)
    shake(encoder)
    own = {v.path for v in encoder.variables}
    assert own and not own & {v.path for v in discriminator.variables}
    grown, *_, fade = architecture(Stage(16, 1, fade=0.5), ("encoder", "generator"))
    real = images(3, 16)
    expected = numpy(encoder(box_mean(real, 2)))
    assert numpy(grown(real)).tobytes() == expected.tobytes()
    fade.advance(500)
    assert np.abs(numpy(grown(real)) - expected).max() > 0.01
    # What it makes of an image does not depend on the rest of the batch.
    np.testing.assert_allclose(numpy(grown(real[:1])), numpy(grown(real))[:1], atol=1e-5)


def test_a_role_that_is_not_there_is_one_line_before_anything_is_built():
    architecture = make()
    with pytest.raises(InputError) as caught:
        architecture(Stage(8, 1), ("generator", "denoiser"))
    assert "'progressive-dcgan' has no denoiser; it has generator, discriminator, encoder" in (
        str(caught.value)
    )
    assert "\n" not in str(caught.value) and not architecture.kept
    assert "progressive-dcgan" in architectures.with_role("encoder")
    assert architectures.with_role("denoiser") == []


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


# Growth.


GROWN = [  # Each normalization, each way up, and the default.
    ("pixel", "none", "transposed"),
    ("batch", "batch", "transposed"),
    ("layer", "layer", "sub-pixel"),
    ("none", "spectral", "resize"),
    ("batch", "pixel", "sub-pixel"),
]


@pytest.fixture(scope="module", params=GROWN, ids="-".join)
def grown(request):
    """The networks of both stages, and the fade; trained in that nothing is at its start."""
    normalization, of_discriminator, upsampling = request.param
    architecture = make(
        normalization=normalization,
        discriminator_normalization=of_discriminator,
        upsampling=upsampling,
        categories=2,
        score_width=3,
    )
    old = architecture(Stage(8, 1))[:2]
    shake(*old)
    generator, discriminator, fade = architecture(Stage(16, 1, fade=0.5))
    return old, (generator, discriminator), fade


@pytest.mark.pairwise
def test_at_alpha_0_the_grown_networks_are_the_old_ones_bit_for_bit(grown):
    (old_generator, old_discriminator), (generator, discriminator), fade = grown
    fade.seen.assign(0.0)
    latents, real = noise(3, 4), images(3, 16)
    expected = numpy(upsample(old_generator(latents)))
    assert numpy(generator(latents)).tobytes() == expected.tobytes()
    expected = numpy(old_discriminator(box_mean(real, 2)))
    assert numpy(discriminator(real)).tobytes() == expected.tobytes()


def test_at_alpha_1_only_the_new_path_is_left(grown):
    (old_generator, old_discriminator), (generator, discriminator), fade = grown
    fade.seen.assign(float(fade.span))
    latents, real = noise(3, 4), images(3, 16)
    fakes = numpy(generator(latents))
    assert np.abs(fakes - numpy(upsample(old_generator(latents)))).mean() > 0.01
    assert np.abs(fakes[:, ::2, ::2] - fakes[:, 1::2, 1::2]).max() > 0.01
    score = numpy(discriminator(real)) - numpy(old_discriminator(box_mean(real, 2)))
    assert np.abs(score).max() > 0.01


def test_at_alpha_1_they_are_the_networks_without_a_fade():
    architecture = make()
    generator, discriminator, fade = architecture(Stage(16, 1, fade=0.5))
    fade.advance(500)
    plain_generator, plain_discriminator, _ = architecture(Stage(16, 1))
    latents, real = noise(3, 4), images(3, 16)
    assert numpy(generator(latents)).tobytes() == numpy(plain_generator(latents)).tobytes()
    assert numpy(discriminator(real)).tobytes() == numpy(plain_discriminator(real)).tobytes()


def test_growth_is_exact_after_real_training():
    architecture = make()
    old_generator, old_discriminator, _ = architecture(Stage(8, 1))
    before = old_generator.get_weights()
    model = GANModel(old_generator, old_discriminator, "hinge")
    model.compile("adam", "adam")
    model.train_on_batch(numpy(images(4, 8)))
    for start, now in zip(before, old_generator.get_weights(), strict=True):
        assert np.abs(now - start).max() > 1e-4
    generator, discriminator, _ = architecture(Stage(16, 1, fade=0.5))
    latents, real = noise(3, 4), images(3, 16)
    assert numpy(generator(latents)).tobytes() == (
        numpy(upsample(old_generator(latents))).tobytes()
    )
    assert numpy(discriminator(real)).tobytes() == (
        numpy(old_discriminator(box_mean(real, 2))).tobytes()
    )


def test_both_networks_hold_the_fade_that_is_given():
    generator, discriminator, fade = make()(Stage(16, 1, fade=0.5))
    assert fade.span == 500
    assert all(any(layer is fade for layer in net.layers) for net in (generator, discriminator))


# Names and initial weights.


def initial(**options):
    networks = make(**options)(Stage(16, 1))[:2]
    return {
        v.path: numpy(v.value)
        for network in networks
        for v in network.trainable_variables
        if v.path.endswith("kernel")
    }


def test_initial_weights_are_a_function_of_seed_and_layer_name():
    keras.utils.set_random_seed(0)
    first = initial(seed=0)
    keras.utils.set_random_seed(1)
    again, other = initial(seed=0), initial(seed=1)
    assert first.keys() == again.keys() == other.keys()
    for path, kernel in first.items():
        np.testing.assert_array_equal(kernel, again[path])
        assert np.abs(kernel - other[path]).max() > 1e-3
    flat = [tuple(np.ravel(kernel)[:8]) for kernel in first.values()]
    assert len(set(flat)) == len(flat)


def test_initial_weights_do_not_depend_on_the_way_a_stage_was_reached():
    architecture = make()
    architecture(Stage(8, 1))
    grown = architecture(Stage(16, 1, fade=0.5))[0]
    direct = make()(Stage(16, 1))[0]
    for name in ("g_4", "g_8", "g_16_to_image"):
        expected = numpy(direct.get_layer(name).kernel)
        np.testing.assert_array_equal(numpy(grown.get_layer(name).kernel), expected)


@pytest.mark.pairwise
@pytest.mark.parametrize("normalizations", [("batch", "batch"), ("pixel", "spectral")])
def test_variables_have_unique_names_that_stay(normalizations):
    def paths(architecture):
        options = (Stage(8, 1), Stage(16, 1, fade=0.5), Stage(32, 1, fade=0.5))
        stages = [architecture(stage)[:2] for stage in options]
        return [[v.path for network in pair for v in network.variables] for pair in stages]

    options = dict(
        zip(("normalization", "discriminator_normalization"), normalizations, strict=True)
    )
    first, again = paths(make(**options)), paths(make(**options))
    assert first == again
    for stage in first:
        own = [path for path in stage if not path.startswith("fade_")]
        assert len(set(own)) == len(own)
        assert stage.count(f"fade_{[8, 16, 32][first.index(stage)]}/seen") in (0, 2)
    # What the new stage keeps of the old one keeps its name.
    kept = [set(old) & set(new) for old, new in itertools.pairwise(first)]
    inner = "d_score_kernel/" * ("spectral" in normalizations)
    assert all({"g_4/kernel", f"d_score/{inner}kernel"} <= names for names in kept)


# Options.


@pytest.mark.parametrize(
    ("option", "choices"),
    [
        ("normalization", NORMALIZATIONS),
        ("discriminator_normalization", (*NORMALIZATIONS, "spectral")),
        ("upsampling", UPSAMPLINGS),
    ],
)
def test_an_unknown_choice_is_refused_with_the_known_ones(option, choices):
    with pytest.raises(
        InputError, match=f"`{option}` is one of {', '.join(choices)}.*'spectre'"
    ):
        make(**{option: "spectre"})


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

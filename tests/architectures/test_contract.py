"""What every architecture keeps to, in each choice: a new file is tested by being there.

Each is made small where it takes a `width` and a `latent_size`. Its choices are tried one after
the other, all options at once: as many cases as its longest option has names. The first of them
is in every test, and each other one in some; with `--all` each is in every test.
"""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import architectures, backend, models
from ganzoo.models.cyclegan import CycleGANModel
from ganzoo.models.diffusion import DiffusionModel
from ganzoo.models.gan import GANModel
from ganzoo.models.generative_model import box_mean, upsample
from ganzoo.models.vae import VAEModel
from ganzoo.networks import copy_network
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends

SMALL = {"base": 8, "width": 8, "latent_size": 4, "places": 2}
TRANSLATORS = {"translator_ab", "translator_ba"}
MAKERS = {"generator", "denoiser"} | TRANSLATORS  # Roles of networks that give an image.
OF_IMAGES = {"discriminator", "encoder", "discriminator_a", "discriminator_b"} | TRANSLATORS
BASE, GROWN = Stage(8, kimg=1), Stage(16, kimg=1, fade=0.5)
KNOWN = MAKERS | OF_IMAGES | {"discriminator_ab"}  # Roles whose old way is known.


def make(name, options=(), **given):
    """A small architecture."""
    known = {k: v for k, v in SMALL.items() if architectures.registry.takes(name, k)}
    return architectures.get(name, known | dict(options) | given)


def cases():
    """Each name, with choices that cover all that it has and does not inherit."""
    for entry in architectures.registry.usable():
        choices = vars(architectures.registry.find(entry.name)).get("choices", {})
        count = max(map(len, choices.values()), default=1)
        for i in range(count):
            options = {option: names[i % len(names)] for option, names in choices.items()}
            yield entry.name, options


NAMES = [entry.name for entry in architectures.registry.usable()]
CASES = list(cases())
IDS = ["-".join([name, *options.values()]) for name, options in CASES]


def shared_out(turn, every=3):
    """Every case, of which those after the first of a name are thorough but for their turn."""
    first = {name: i for i, (name, _) in reversed(list(enumerate(CASES)))}
    return [
        pytest.param(
            *case,
            id=IDS[i],
            marks=[pytest.mark.thorough] * bool((i - first[case[0]]) and (i + turn) % every),
        )
        for i, case in enumerate(CASES)
    ]


def each_case(turn):
    return pytest.mark.parametrize(("name", "options"), shared_out(turn))


each_name = pytest.mark.parametrize("name", NAMES)


def numpy(x):
    return np.array(ops.convert_to_numpy(ops.stop_gradient(x)))


def latents(n, length, scale=1.0):
    numbers = scale * np.random.default_rng(3).normal(size=(n, length))
    return ops.convert_to_tensor(numbers.astype("float32"))


def images(n, side, channels=1):
    numbers = np.random.default_rng(4).uniform(-1, 1, (n, side, side, channels))
    return ops.convert_to_tensor(numbers.astype("float32"))


def inputs(network, n=3):
    """Something for a network of any role, of the shapes that it takes."""
    first, *others = network.inputs
    shape = first.shape[1:]
    given = latents(n, *shape) if len(shape) == 1 else images(n, *shape[1:])
    return [given, latents(n, 1)[:, 0]] if others else given  # Noise levels of a denoiser.


def built(architecture, stage, roles=None):
    """The networks of `KNOWN` roles by role, and the fade."""
    roles = [role for role in roles or architecture.roles if role in KNOWN]
    *made, fade = architecture(stage, roles)
    return dict(zip(roles, made, strict=True)), fade


def shake(*made):
    """Weights as no initializer leaves them: biases and batch statistics too."""
    rng = np.random.default_rng(5)
    for network in made:
        network.set_weights(
            [
                (w + rng.uniform(-0.1, 0.12, w.shape)).astype("float32") if w.ndim else w
                for w in network.get_weights()
            ]
        )


def test_a_model_finds_an_architecture_with_each_role_that_it_asks_for():
    for entry in models.registry.usable():
        for role in models.registry.find(entry.name).roles:
            assert architectures.with_role(role), (entry.name, role)


@pytest.mark.parametrize(
    "name",  # The score of an autoencoder is its error: one number.
    sorted({*architectures.with_role("discriminator")} - {*architectures.with_autoencoder()}),
)
def test_a_discriminator_gives_as_many_numbers_as_a_loss_wants(name):
    architecture, three = make(name), make(name)
    three.logits = 3
    network, of_three = (a(BASE, ["discriminator"])[0] for a in (architecture, three))
    assert of_three(inputs(network)).shape[1] == 3 * network(inputs(network)).shape[1]


# Sizes and ends.


# Base, channels, doublings. Every name has two of them, in turn, and with `--all` each.
SIZES = [(4, 1, 3), (12, 3, 1), (28, 4, 1), (30, 1, 1), (25, 3, 2), (32, 4, 1)]
SIZED = [
    pytest.param(name, *size, marks=[pytest.mark.thorough] if (i + j) % 3 else [])
    for i, name in enumerate(NAMES)
    for j, size in enumerate(SIZES)
]


@pytest.mark.parametrize(("name", "base", "channels", "doublings"), SIZED)
def test_any_base_doubles_any_number_of_times(name, base, channels, doublings):
    architecture, first = make(name, base=base, channels=channels), None
    for i in range(doublings + 1):
        side = base * 2**i
        networks, fade = built(architecture, Stage(side, 1, fade=0.5 if i else 0))
        assert (fade is not None) == (i > 0)
        image = (None, side, side, channels)
        for role in networks.keys() & MAKERS:
            assert networks[role].output_shape == image
        assert all(networks[r].input_shape == image for r in networks.keys() & OF_IMAGES)
        first = first or networks
    for role, network in first.items():  # Of the base: the smallest are the fastest.
        result = network(inputs(network, 2))
        assert tuple(result.shape) == (2, *network.output_shape[1:]), role
        assert keras.backend.standardize_dtype(result.dtype) == "float32"
        if role == "generator":
            assert np.abs(numpy(network(latents(2, network.input_shape[1], 100)))).max() <= 1


@each_name
def test_without_growth_the_last_size_comes_first(name):
    networks, fade = built(make(name), Stage(32, 1))
    for role in networks.keys() & MAKERS:
        assert networks[role].output_shape == (None, 32, 32, 1)
    assert fade is None


@each_name
@pytest.mark.parametrize("resolution", [12, 20, 24])
def test_a_size_that_is_no_doubling_of_the_base_is_refused(name, resolution):
    with pytest.raises(ValueError, match="8, 16, 32"):
        built(make(name), Stage(resolution, 1))


@each_name
def test_in_bfloat16_layers_compute_so_and_weights_and_ends_do_not(name):
    made = {}
    for precision in ("bfloat16", "float32"):
        architecture = make(name, precision=precision)
        policy = keras.config.dtype_policy().name
        built(architecture, BASE)
        made[precision], fade = built(architecture, GROWN)
        fade.advance(250)
        assert keras.config.dtype_policy().name == policy
    for role, network in made["bfloat16"].items():
        assert "bfloat16" in {layer.compute_dtype for layer in network.layers}, role
        assert {v.dtype for v in network.trainable_variables} == {"float32"}
        result = network(inputs(network, 2))
        assert keras.backend.standardize_dtype(result.dtype) == "float32"
        # Not what float32 gives, yet within bfloat16's 8 bits of it.
        exact = numpy(made["float32"][role](inputs(network, 2)))
        apart = np.abs(numpy(result) - exact).max()
        assert 1e-7 < apart < 0.1 * max(1, np.abs(exact).max()), role


@each_name
def test_an_unknown_precision_is_refused(name):
    with pytest.raises(ValueError, match="float32, bfloat16"):
        make(name, precision="float16")


@each_case(0)
def test_no_network_has_fewer_weights_than_was_said_before_it_was_made(name, options):
    for resolution in (8, 32):
        architecture = make(name, options)
        for role, network in built(architecture, Stage(resolution, 1))[0].items():
            assert 0 <= architecture.least_weights(resolution, role) <= network.count_params()


# Growth.


@pytest.fixture(
    scope="module",
    params=[pytest.param(p.values, id=p.id, marks=p.marks) for p in shared_out(0, every=2)],
)
def grown(request):
    """The networks of both stages and the fade; nothing in the old ones is at its start."""
    architecture = make(*request.param)
    old, _ = built(architecture, BASE)
    shake(*old.values())
    new, fade = built(architecture, GROWN)
    return old, new, fade


def old_way(role, old, given):
    """What the old network makes of what the new one is given, or skips the role."""
    if role == "generator":
        return numpy(upsample(old(given)))
    if role == "denoiser":
        noisy, level = given
        return numpy(upsample(old([box_mean(noisy, 2), level])))
    made = old(box_mean(given, 2))
    return numpy(upsample(made) if role in MAKERS else made)


def test_at_alpha_0_the_grown_networks_are_the_old_ones_bit_for_bit(grown):
    old, new, fade = grown
    fade.seen.assign(0.0)
    for role in new.keys() & KNOWN:
        given = inputs(new[role])
        expected = old_way(role, old[role], given)
        assert numpy(new[role](given)).tobytes() == expected.tobytes(), role


def test_at_alpha_1_only_the_new_path_is_left(grown):
    old, new, fade = grown
    fade.seen.assign(float(fade.span))
    for role in new.keys() & KNOWN:
        given = inputs(new[role])
        result = numpy(new[role](given))
        assert np.abs(result - old_way(role, old[role], given)).max() > 0.01, role
    for role in new.keys() & MAKERS:
        made = numpy(new[role](inputs(new[role])))
        assert np.abs(made[:, ::2, ::2] - made[:, 1::2, 1::2]).max() > 0.01, role


@each_case(1)
def test_at_alpha_1_they_are_the_networks_without_a_fade(name, options):
    architecture = make(name, options)
    faded, fade = built(architecture, GROWN)
    fade.advance(500)
    plain, _ = built(architecture, Stage(16, 1))
    for role, network in faded.items():
        given = inputs(network)
        assert numpy(network(given)).tobytes() == numpy(plain[role](given)).tobytes(), role


def test_the_grown_networks_hold_the_old_weights_and_the_fade(grown):
    old, new, fade = grown
    assert fade.span == 500
    for role, network in new.items():
        held = {id(variable) for variable in network.variables}
        assert {id(variable) for variable in old[role].variables} <= held, role
        assert any(layer is fade for layer in network.layers), role


@each_name
def test_growth_is_exact_after_real_training(name):
    architecture = make(name)
    old, _ = built(architecture, BASE)
    shake(*old.values())
    # Not hinge: while no margin is reached, the score's bias has no gradient there.
    kind, options = (GANModel, {"loss": "non-saturating"})
    if "generator" not in old:
        kind, options = (DiffusionModel, {})
    elif "discriminator" not in old:
        kind, options = (VAEModel, {})
    if "translator_ab" in old:
        kind, options = (CycleGANModel, {"loss": "non-saturating"})
    before = {
        role: [numpy(v.value) for v in old[role].trainable_variables] for role in kind.roles
    }
    model = kind(*(old[role] for role in kind.roles), **options)
    model.compile(*["adam"] * len(kind.roles))
    # A graph takes TensorFlow longer to make than a step.
    model.run_eagerly = backend.name == "tensorflow"
    second = [-numpy(images(4, 8))] if model.translates else []
    model.train_on_batch(numpy(images(4, 8)), *second)
    for role, weights in before.items():
        for start, variable in zip(weights, old[role].trainable_variables, strict=True):
            assert np.abs(numpy(variable.value) - start).max() > 1e-4, variable.path
    new, _ = built(architecture, GROWN)
    for role in before:
        given = inputs(new[role])
        assert numpy(new[role](given)).tobytes() == old_way(role, old[role], given).tobytes()


@each_case(2)
def test_every_weight_has_a_gradient(name, options, differentiate):
    architecture = make(name, options)
    networks, fade = built(architecture, GROWN)
    fade.advance(250)
    shake(*networks.values())  # What begins at 0 lets nothing through.
    for network in networks.values():
        variables, given = network.trainable_variables, inputs(network, 4)
        result = numpy(network(given))
        mix = ops.convert_to_tensor(
            np.random.default_rng(6).normal(size=result.shape), "float32"
        )
        _, gradients = differentiate(
            lambda network=network, given=given, mix=mix: ops.sum(network(given) * mix),
            variables,
        )
        for variable, gradient in zip(variables, gradients, strict=True):
            assert np.isfinite(gradient).all(), variable.path
            assert np.abs(gradient).max() > 0, variable.path


@each_name
def test_an_encoding_does_not_depend_on_the_rest_of_the_batch(name):
    if "encoder" not in make(name).roles:
        pytest.skip("has no encoder")
    encoder = built(make(name), GROWN)[0]["encoder"]
    given = images(3, 16)
    together = numpy(encoder(given))
    for i in range(3):
        np.testing.assert_allclose(numpy(encoder(given[i : i + 1]))[0], together[i], atol=1e-5)
    assert np.abs(together[0] - together[1]).max() > 1e-3


# Names and initial weights.


def weights(networks):
    return {v.path: numpy(v.value) for net in networks.values() for v in net.variables}


@each_case(3)
def test_initial_weights_are_a_function_of_seed_and_layer_name(name, options):
    keras.utils.set_random_seed(0)
    first = weights(built(make(name, options, seed=0), Stage(16, 1))[0])
    keras.utils.set_random_seed(1)
    architecture = make(name, options, seed=0)
    again = weights(built(architecture, Stage(16, 1), architecture.roles[::-1])[0])
    grown = make(name, options, seed=0)
    built(grown, BASE)
    later = weights(built(grown, GROWN)[0])
    other = weights(built(make(name, options, seed=1), Stage(16, 1))[0])
    assert first.keys() == again.keys() == other.keys() and first.keys() <= later.keys()
    drawn = [path for path, value in first.items() if np.ptp(value) > 0 and value.ndim > 1]
    assert drawn
    for path, value in first.items():
        np.testing.assert_array_equal(value, again[path])
        np.testing.assert_array_equal(value, later[path])
        if path in drawn:
            assert np.abs(value - other[path]).max() > 1e-3, path
    begins = [tuple(np.ravel(first[path])[:4]) for path in drawn]
    assert len(set(begins)) == len(begins)


@each_case(4)
def test_variables_have_unique_names_that_stay(name, options):
    def paths():
        architecture, found = make(name, options), []
        for stage in (BASE, GROWN, Stage(32, 1, fade=0.5)):
            made, _ = built(architecture, stage)
            found.append([v.path for network in made.values() for v in network.variables])
        return found

    first = paths()
    assert first == paths()
    for stage, side in zip(first, (8, 16, 32), strict=True):
        fades = [path for path in stage if path.startswith("fade_")]
        own = [path for path in stage if path not in fades]
        assert len(set(own)) == len(own)
        assert set(fades) <= {f"fade_{side}/seen"} and bool(fades) == (side > 8)


@each_name
def test_what_makes_images_can_be_copied_for_its_average(name):
    networks = built(make(name), GROWN)[0]
    for role in networks.keys() & MAKERS:
        network = networks[role]
        copy = copy_network(network)
        given = inputs(network)
        np.testing.assert_array_equal(numpy(copy(given)), numpy(network(given)))
        own = {id(v) for v in network.trainable_variables}
        assert not own & {id(v) for v in copy.trainable_variables}


@each_name
def test_its_layers_go_through_keras_saving(name, tmp_path):
    for role, network in built(make(name), GROWN)[0].items():
        path = tmp_path / f"{role}.keras"
        network.save(path)
        loaded = keras.models.load_model(path)
        given = inputs(network)
        np.testing.assert_array_equal(numpy(loaded(given)), numpy(network(given)))

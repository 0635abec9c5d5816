"""Every loss against its paper's formula, worked out here in float64."""

import inspect

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import losses
from ganzoo.losses import penalties
from ganzoo.models.gan import GANModel

pytestmark = pytest.mark.backends

REAL = np.array([1.5, -0.5, 2.0, 0.25, -3.0, 0.75, 4.0, 1.0])
FAKE = np.array([-1.0, 0.5, -2.0, 1.25, -0.25, 3.0, -4.0, 0.125])
SHAPES = [(8,), (8, 1), (2, 2, 2, 1)]


def log_sigmoid(t):
    return np.log(1 / (1 + np.exp(-t)))


# -log D(x) - log(1 - D(G(z))), with 1 - sigmoid(t) = sigmoid(-t).
CROSS_ENTROPY = -log_sigmoid(REAL).mean() - log_sigmoid(-FAKE).mean()
SMOOTHED = (
    -(0.9 * log_sigmoid(REAL) + 0.1 * log_sigmoid(-REAL)).mean() - log_sigmoid(-FAKE).mean()
)
WASSERSTEIN = FAKE.mean() - REAL.mean()
EXPECTED = {  # spec: what D and what G minimise
    "minimax": (CROSS_ENTROPY, log_sigmoid(-FAKE).mean()),
    "minimax:label_smoothing=0.1": (SMOOTHED, log_sigmoid(-FAKE).mean()),
    "non-saturating": (CROSS_ENTROPY, -log_sigmoid(FAKE).mean()),
    "non-saturating:label_smoothing=0.1": (SMOOTHED, -log_sigmoid(FAKE).mean()),
    "lsgan": (
        ((REAL - 1) ** 2).mean() / 2 + (FAKE**2).mean() / 2,
        ((FAKE - 1) ** 2).mean() / 2,
    ),
    "lsgan:a=-1,b=1,c=0": (
        ((REAL - 1) ** 2).mean() / 2 + ((FAKE + 1) ** 2).mean() / 2,
        (FAKE**2).mean() / 2,
    ),
    "hinge": (
        np.maximum(0, 1 - REAL).mean() + np.maximum(0, 1 + FAKE).mean(),
        -FAKE.mean(),
    ),
    "wgan": (WASSERSTEIN, -FAKE.mean()),
    "wgan-gp": (WASSERSTEIN, -FAKE.mean()),
    "rpgan": (-log_sigmoid(REAL - FAKE).mean(), -log_sigmoid(FAKE - REAL).mean()),
}
VARIANTS = [(registry, name) for registry in (losses, penalties) for name in registry.registry]


def logits(values, shape=(8, 1)):
    return ops.convert_to_tensor(values.reshape(shape).astype("float32"))


def play(loss, real, fake):
    """What D and G minimise, as tensors."""
    on_fake = loss.generator(fake, real) if loss.relativistic else loss.generator(fake)
    return loss.discriminator(real, fake), on_fake


def test_the_formulas_cover_every_loss_of_the_folder():
    assert {spec.partition(":")[0] for spec in EXPECTED} == set(losses.registry)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("spec", EXPECTED)
def test_both_players_minimise_the_formula_of_the_paper(spec, shape):
    results = play(losses.get(spec), logits(REAL, shape), logits(FAKE, shape))
    for result, expected in zip(results, EXPECTED[spec], strict=True):
        assert tuple(result.shape) == ()
        assert keras.backend.standardize_dtype(result.dtype) == "float32"
        np.testing.assert_allclose(ops.convert_to_numpy(result), expected, rtol=1e-6)


@pytest.mark.parametrize("signs", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
@pytest.mark.parametrize("name", list(losses.registry))
def test_extreme_logits_give_finite_losses_and_gradients(name, signs, differentiate):
    loss = losses.get(name)
    real, fake = (keras.Variable(np.full((4, 1), 1e4 * sign, "float32")) for sign in signs)
    for player in range(2):
        # Plus 0 x both: PyTorch refuses gradients of what a loss does not use.
        value, gradients = differentiate(
            lambda player=player: (
                play(loss, real.value, fake.value)[player] + 0 * ops.sum(real + fake)
            ),
            [real, fake],
        )
        assert np.isfinite(value)
        assert np.isfinite(gradients).all()


@pytest.mark.parametrize(
    ("name", "slope"),
    [("minimax", -1 / (1 + np.exp(10.0))), ("non-saturating", -1 / (1 + np.exp(-10.0)))],
)
def test_only_minimax_starves_the_generator_of_a_sure_discriminator(name, slope, differentiate):
    fake = keras.Variable(np.float32(-10.0))
    _, (gradient,) = differentiate(lambda: losses.get(name).generator(fake.value), [fake])
    np.testing.assert_allclose(gradient, slope, rtol=1e-5)  # -4.5e-5 against -0.99995


@pytest.mark.parametrize("name", ["minimax", "non-saturating"])
def test_label_smoothing_is_off_by_default_and_refused_outside_its_range(name):
    assert losses.get(name).get_config() == {"label_smoothing": 0.0}
    for wrong in (-0.1, 0.5, 1.0):
        with pytest.raises(ValueError, match="label_smoothing"):
            losses.get(name, {"label_smoothing": wrong})


def test_relativistic_pairing_needs_the_real_logits():
    with pytest.raises(ValueError, match="real logits"):
        losses.get("rpgan").generator(logits(FAKE))


def one_step_weights(loss):
    """Trainable weights of D after one large step; before it all are 0.5."""
    inputs = keras.Input((2, 2, 1))
    hidden = keras.layers.Dense(3, activation="tanh")(keras.layers.Flatten()(inputs))
    hidden = keras.layers.LayerNormalization()(hidden)
    discriminator = keras.Model(inputs, keras.layers.Dense(1)(hidden))
    latents = keras.Input((2,))
    image = keras.layers.Reshape((2, 2, 1))(keras.layers.Dense(4)(latents))
    model = GANModel(keras.Model(latents, image), discriminator, loss)
    for variable in discriminator.trainable_variables:
        variable.assign(np.full(variable.shape, 0.5, "float32"))
    model.compile("sgd", keras.optimizers.SGD(0.1), run_eagerly=True)
    model.train_on_batch(
        np.random.default_rng(0).uniform(-1, 1, (4, 2, 2, 1)).astype("float32")
    )
    return discriminator.get_weights()


@pytest.mark.pairwise
@pytest.mark.parametrize("spec", ["wgan", "wgan:clip=0.1"])
def test_wgan_clips_every_trainable_weight_after_a_step_biases_too(spec):
    weights = one_step_weights(spec)
    limit = losses.get(spec).clip
    assert len(weights) == 6  # Two kernels, two biases, gamma and beta.
    for weight in weights:
        np.testing.assert_array_equal(weight, np.full(weight.shape, limit, "float32"))


@pytest.mark.pairwise
@pytest.mark.parametrize("spec", ["wgan-gp", "wgan:clip=None"])
def test_wgan_gp_does_not_clip(spec):
    assert all(np.abs(weight).max() > 0.3 for weight in one_step_weights(spec))


def test_a_clipping_limit_must_be_positive():
    with pytest.raises(ValueError, match="`limit` is a number above 0"):
        losses.get("wgan:clip=-1")


def test_wgan_gp_is_wgan_with_one_gradient_penalty_of_its_weight():
    loss = losses.get("wgan-gp:weight=5")
    assert [type(penalty).__name__ for penalty in loss.penalties] == ["GradientPenalty"]
    assert loss.penalties[0].get_config() == {"weight": 5, "target": 1.0, "every": 1}
    assert loss.constraint is None


# What the registries hold, a new file included.


@pytest.mark.parametrize(("family", "name"), VARIANTS)
def test_config_is_exactly_the_constructors_keywords(family, name):
    keywords = {
        key: parameter.default
        for key, parameter in inspect.signature(family.registry.find(name)).parameters.items()
    }
    assert family.get(name).get_config() == keywords


@pytest.mark.parametrize(("family", "name"), VARIANTS)
def test_every_variant_goes_through_keras_saving(family, name):
    default = family.get(name)
    changed = {
        key: 0.25 if isinstance(value, float) else value + 1
        for key, value in default.get_config().items()
    }
    for variant in (default, family.get(name, changed)):
        saved = keras.saving.serialize_keras_object(variant)
        loaded = keras.saving.deserialize_keras_object(saved)
        assert type(loaded) is type(variant)
        assert loaded.get_config() == variant.get_config()
    assert family.get(name, changed).get_config() == changed


@pytest.mark.parametrize(("family", "name"), VARIANTS)
def test_every_variant_names_its_paper_in_one_line_and_an_identifier(family, name):
    entry = family.registry.entries[name]
    assert entry.summary.endswith(".")
    assert entry.paper.startswith(("arXiv:", "doi:"))

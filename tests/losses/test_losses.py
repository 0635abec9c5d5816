"""Every loss against its paper's formula, worked out here in float64."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import losses
from ganzoo.losses import f_gan
from ganzoo.models.gan import GANModel

pytestmark = pytest.mark.backends("tensorflow", "jax", "torch")

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
MORE_REAL, MORE_FAKE = REAL - FAKE.mean(), FAKE - REAL.mean()  # Than the other kind's average.
Z = np.exp(REAL).sum() + np.exp(FAKE).sum()


def contrast(ones, others):
    return -np.mean([np.log(np.exp(a) / (np.exp(a) + np.exp(others).sum())) for a in ones])


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
    "ra-sgan": (
        -log_sigmoid(MORE_REAL).mean() - log_sigmoid(-MORE_FAKE).mean(),
        -log_sigmoid(MORE_FAKE).mean() - log_sigmoid(-MORE_REAL).mean(),
    ),
    "ra-lsgan": (
        ((MORE_REAL - 1) ** 2).mean() + ((MORE_FAKE + 1) ** 2).mean(),
        ((MORE_FAKE - 1) ** 2).mean() + ((MORE_REAL + 1) ** 2).mean(),
    ),
    "ra-hinge": (
        np.maximum(0, 1 - MORE_REAL).mean() + np.maximum(0, 1 + MORE_FAKE).mean(),
        np.maximum(0, 1 - MORE_FAKE).mean() + np.maximum(0, 1 + MORE_REAL).mean(),
    ),
    "dual-contrastive": (
        contrast(REAL, FAKE) + contrast(-FAKE, -REAL),
        contrast(FAKE, REAL) + contrast(-REAL, -FAKE),
    ),
    "softmax-gan": (
        np.log(Z) - REAL.mean(),
        np.log(Z) - REAL.mean() / 2 - FAKE.mean() / 2,
    ),
    "wgan-div": (WASSERSTEIN, -FAKE.mean()),
    "gan-qp": (WASSERSTEIN, (REAL - FAKE).mean()),
}
# Tables 2 and 6 of arXiv:1606.00709 as they stand there: g, f*, and f itself of table 1.
DIVERGENCES = {
    "kl": (lambda v: v, lambda t: np.exp(t - 1), lambda u: u * np.log(u)),
    "reverse-kl": (lambda v: -np.exp(-v), lambda t: -1 - np.log(-t), lambda u: -np.log(u)),
    "pearson": (lambda v: v, lambda t: t**2 / 4 + t, lambda u: (u - 1) ** 2),
    "neyman": (
        lambda v: 1 - np.exp(-v),
        lambda t: 2 - 2 * np.sqrt(1 - t),
        lambda u: (1 - u) ** 2 / u,
    ),
    "hellinger": (
        lambda v: 1 - np.exp(-v),
        lambda t: t / (1 - t),
        lambda u: (np.sqrt(u) - 1) ** 2,
    ),
    "jensen-shannon": (
        lambda v: np.log(2) - np.log(1 + np.exp(-v)),
        lambda t: -np.log(2 - np.exp(t)),
        lambda u: u * np.log(u) - (u + 1) * np.log((1 + u) / 2),
    ),
    "gan": (
        lambda v: -np.log(1 + np.exp(-v)),
        lambda t: -np.log(1 - np.exp(t)),
        lambda u: u * np.log(u) - (u + 1) * np.log(u + 1),
    ),
    "total-variation": (lambda v: np.tanh(v) / 2, lambda t: t, lambda u: np.abs(u - 1) / 2),
}
EXPECTED["f-gan"] = (
    np.exp(FAKE - 1).mean() - REAL.mean(),
    -FAKE.mean(),
)


def logits(values, shape=(-1, 1)):
    return ops.convert_to_tensor(values.reshape(shape).astype("float32"))


def play(loss, real, fake):
    """What D and G minimise, as tensors."""
    on_fake = loss.generator(fake, real) if loss.relativistic else loss.generator(fake)
    return loss.discriminator(real, fake), on_fake


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("spec", EXPECTED)
def test_both_players_minimise_the_formula_of_the_paper(spec, shape):
    results = play(losses.get(spec), logits(REAL, shape), logits(FAKE, shape))
    for result, expected in zip(results, EXPECTED[spec], strict=True):
        assert tuple(result.shape) == ()
        assert keras.backend.standardize_dtype(result.dtype) == "float32"
        np.testing.assert_allclose(ops.convert_to_numpy(result), expected, rtol=1e-6)


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


@pytest.mark.parametrize("name", DIVERGENCES)
def test_f_gan_minimises_the_bound_of_each_divergence(name):
    output, conjugate, _ = DIVERGENCES[name]
    bound = conjugate(output(FAKE)).mean()
    for heuristic, on_fake in ((False, -bound), (True, -output(FAKE).mean())):
        loss = losses.get("f-gan", {"divergence": name, "heuristic": heuristic})
        found = play(loss, logits(REAL), logits(FAKE))
        expected = (bound - output(REAL).mean(), on_fake)
        # Sums of terms up to e^4 = 55, of which float32 keeps 4e-6.
        np.testing.assert_allclose([float(x) for x in found], expected, rtol=1e-6, atol=2e-6)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_the_best_score_of_f_gan_gives_the_divergence_itself(name):
    # Where real images are r times as dense as fakes: the supremum of r t - f*(t) is f(r).
    scores = logits(np.linspace(-6, 6, 4801))
    row = f_gan.DIVERGENCES[name]
    output, conjugate = (ops.convert_to_numpy(f(scores)) for f in (row.output, row.conjugate))
    for r in (0.5, 2.0):
        best = (r * output - conjugate).max()
        assert best == pytest.approx(DIVERGENCES[name][2](r), abs=1e-4)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_f_gan_stays_finite_at_extreme_logits(name, differentiate):
    loss = losses.get("f-gan", {"divergence": name})
    scores = keras.Variable(np.array([[1e4], [-1e4]], "float32"))
    value, (gradient,) = differentiate(
        lambda: sum(play(loss, scores.value, scores.value), ops.zeros(())), [scores]
    )
    assert np.isfinite(value) and np.isfinite(gradient).all()


@pytest.mark.parametrize("n", [1, 4, 16])
def test_equal_scores_cost_dual_contrast_what_its_batch_makes(n):
    scores = logits(np.full(n, 0.7), (n, 1))
    for value in play(losses.get("dual-contrastive"), scores, scores):
        assert float(value) == pytest.approx(2 * np.log(n + 1), rel=1e-6)


def test_the_average_of_the_fakes_has_a_part_in_the_generators_gradient(differentiate):
    # Of a batch of one each: D(G(z)) - D(x) twice, so twice the slope of one term.
    fake = keras.Variable(np.zeros((1, 1), "float32"))
    real = logits(np.zeros(1), (1, 1))
    loss = losses.get("ra-sgan")
    _, (gradient,) = differentiate(lambda: loss.generator(fake.value, real), [fake])
    np.testing.assert_allclose(gradient, [[-1.0]], rtol=1e-6)  # One term alone: -1/2.


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


@pytest.mark.parametrize("spec", ["wgan", "wgan:clip=0.1"])
def test_wgan_clips_every_trainable_weight_after_a_step_biases_too(spec):
    weights = one_step_weights(spec)
    limit = losses.get(spec).clip
    assert len(weights) == 6  # Two kernels, two biases, gamma and beta.
    for weight in weights:
        np.testing.assert_array_equal(weight, np.full(weight.shape, limit, "float32"))


@pytest.mark.parametrize("spec", ["wgan-gp", "wgan:clip=None"])
def test_wgan_gp_does_not_clip(spec):
    assert all(np.abs(weight).max() > 0.3 for weight in one_step_weights(spec))


def test_a_clipping_limit_must_be_positive():
    for wrong in (-1, 0):
        with pytest.raises(ValueError, match="`clip` is a number above 0"):
            losses.get("wgan", {"clip": wrong})


def test_wgan_gp_is_wgan_with_one_gradient_penalty_of_its_weight():
    loss = losses.get("wgan-gp:weight=5")
    assert [type(penalty).__name__ for penalty in loss.penalties] == ["GradientPenalty"]
    assert loss.penalties[0].get_config() == {"weight": 5, "target": 1.0, "every": 1}
    assert loss.constraint is None

"""What every loss and penalty keeps to: a new file is tested by being there."""

import re
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import constraints, layers, ops

from ganzoo import losses
from ganzoo.losses import penalties
from ganzoo.losses.penalties.penalty import Penalty
from ganzoo.models.gan import GANModel

pytestmark = pytest.mark.backends

LOSSES = [entry.name for entry in losses.registry.usable()]
PENALTIES = [entry.name for entry in penalties.registry.usable()]
FOLDER = Path(__file__).parent
GENERAL = {"test_contract.py", "test_every_loss_trains.py"}
REAL = np.array([1.5, -0.5, 2.0, 0.25, -3.0, 0.75, 4.0, 1.0])
FAKE = np.array([-1.0, 0.5, -2.0, 1.25, -0.25, 3.0, -4.0, 0.125])


def logits(values, shape=(-1, 1)):
    return ops.convert_to_tensor(values.reshape(shape).astype("float32"))


def play(loss, real, fake):
    """What D and G minimise, as tensors."""
    on_fake = loss.generator(fake, real) if loss.relativistic else loss.generator(fake)
    given = {"memory": dict.fromkeys(loss.memory, 0.5)} if loss.memory else {}
    return loss.discriminator(real, fake, **given), on_fake


@pytest.fixture(scope="module")
def formulas():
    """The text of the tests that hold values of single losses and penalties."""
    tests = [path for path in FOLDER.rglob("test_*.py") if path.name not in GENERAL]
    return "\n".join(path.read_text(encoding="utf-8") for path in tests)


@pytest.mark.parametrize(
    "name", [e.name for r in (losses.registry, penalties.registry) for e in r.own()]
)
def test_its_values_are_in_a_test_of_this_folder(name, formulas):
    assert re.search(rf"""["']{name}[:"']""", formulas)


# Losses.


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_is_a_float32_scalar_of_logits_of_any_shape(name):
    loss = losses.get(name)
    for shape in ((8,), (8, 1), (2, 2, 2, 1)):
        for value in play(loss, logits(REAL, shape), logits(FAKE, shape)):
            assert tuple(value.shape) == ()
            assert keras.backend.standardize_dtype(value.dtype) == "float32"
            assert np.isfinite(float(value))


@pytest.mark.parametrize("name", LOSSES)
def test_what_a_loss_says_of_itself_holds(name):
    loss = losses.get(name)
    assert isinstance(loss.critic_steps, int) and loss.critic_steps >= 1
    assert loss.constraint is None or isinstance(loss.constraint, constraints.Constraint)
    assert all(isinstance(penalty, Penalty) for penalty in loss.penalties)
    if loss.relativistic:
        with pytest.raises(ValueError, match="real logits"):
            loss.generator(logits(FAKE))
    else:
        alone, beside = loss.generator(logits(FAKE)), loss.generator(logits(FAKE), logits(REAL))
        assert float(alone) == float(beside)


@pytest.mark.parametrize("signs", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
@pytest.mark.parametrize("name", LOSSES)
def test_extreme_logits_give_finite_losses_and_gradients(name, signs, differentiate):
    loss = losses.get(name)
    uneven = np.array([[1.0], [1.0], [0.5], [0.25]])
    real, fake = (keras.Variable((1e4 * sign * uneven).astype("float32")) for sign in signs)
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


@pytest.mark.parametrize("name", LOSSES)
def test_both_players_of_a_loss_learn(name, differentiate):
    loss = losses.get(name)
    real, fake = (keras.Variable(x.reshape(-1, 1).astype("float32")) for x in (REAL, FAKE))
    for player in range(2):
        _, gradients = differentiate(
            lambda player=player: (
                play(loss, real.value, fake.value)[player] + 0 * ops.sum(real + fake)
            ),
            [real, fake],
        )
        on_real, on_fake = (np.abs(gradient).max() for gradient in gradients)
        assert on_fake > 0 and (on_real > 0 or player == 1)


# Penalties, each in a step of a model.


@pytest.fixture
def images():
    return np.random.default_rng(0).uniform(-1, 1, (4, 8, 8, 1)).astype("float32")


def model_with(penalty):
    """A small model, the same each time but for its penalty."""
    keras.utils.set_random_seed(0)
    latents, image = keras.Input((3,)), keras.Input((8, 8, 1))
    fakes = layers.Reshape((8, 8, 1))(layers.Dense(64, activation="tanh")(latents))
    hidden = layers.Dense(5, activation="tanh")(layers.Flatten()(image))
    score = layers.Dense(1)(hidden)
    model = GANModel(
        keras.Model(latents, fakes),
        keras.Model(image, score),
        "hinge",
        penalties=[penalty] if penalty else (),
    )
    model.compile(keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.01), run_eagerly=True)
    return model


def figures(model, images):
    """The figures of one step."""
    return model.train_on_batch(images, return_dict=True)


@pytest.mark.parametrize("name", PENALTIES)
def test_a_lazy_penalty_is_paid_times_its_period_when_it_is_due(name, images):
    if not penalties.registry.takes(name, "every"):
        pytest.skip("has no price")
    each, lazy = model_with(f"{name}:every=1"), model_with(f"{name}:every=2")
    assert set(each.terms) == set(lazy.terms) > {"d_loss", "g_loss"}
    prices = set(each.terms) - {"d_loss", "g_loss"}
    paid, due = figures(each, images), figures(lazy, images)
    for price in prices:
        assert np.isfinite(paid[price])
        np.testing.assert_allclose(due[price], 2 * paid[price], rtol=1e-5)
    skipped = figures(lazy, images)
    assert {skipped[price] for price in prices} == {0.0}
    again = figures(lazy, images)
    assert [again[price] != 0 for price in prices] == [paid[price] != 0 for price in prices]


@pytest.mark.parametrize("name", PENALTIES)
def test_a_penalty_changes_what_is_learned_and_leaves_it_finite(name, images):
    plain, priced = model_with(None), model_with(name)
    for _ in range(2):
        figures(plain, images), figures(priced, images)
    weights = [model.discriminator.get_weights() for model in (plain, priced)]
    weights += [model.generator.get_weights() for model in (plain, priced)]
    assert all(np.isfinite(weight).all() for each in weights for weight in each)
    if not penalties.registry.takes(name, "every"):
        return  # One that is no price may do nothing yet.
    changed = [
        np.abs(one - other).max()
        for pair in (weights[:2], weights[2:])
        for one, other in zip(*pair, strict=True)
    ]
    assert max(changed) > 0

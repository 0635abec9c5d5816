"""Every penalty on critics whose slope is known in closed form, to the second order."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo.errors import InputError
from ganzoo.losses import penalties
from ganzoo.seeds import StepSeed

pytestmark = pytest.mark.backends

SHAPE = (4, 3, 2, 2)  # H, W and C above 1: a norm over fewer axes is another number.
rng = np.random.default_rng(7)
REAL = rng.uniform(-1, 1, SHAPE).astype("float32")
FAKE = rng.uniform(-1, 1, SHAPE).astype("float32")
DIRECTION = rng.normal(size=SHAPE[1:])
DIRECTION /= np.sqrt((DIRECTION**2).sum())


def squares(x):
    return (x.astype("float64") ** 2).sum(axis=(1, 2, 3))


@pytest.fixture
def price(differentiate):
    """`price(spec, critic, *variables)`: the penalty and its gradients."""

    def run(spec, critic, *variables, real=REAL, fake=FAKE):
        penalty = penalties.get(spec)
        variables = variables or (keras.Variable(0.0),)
        real, fake = ops.convert_to_tensor(real), ops.convert_to_tensor(fake)
        return differentiate(
            lambda: (
                penalty(critic, real, fake, StepSeed(0, "penalty_0", 3))
                + 0 * sum(ops.sum(v) for v in variables)  # PyTorch wants every one used.
            ),
            variables,
        )

    return run


def linear(slope):
    """D(x) = w . x with |w| = `slope`, and w: its slope is the same everywhere."""
    w = keras.Variable((slope * DIRECTION).astype("float32"))
    return lambda x: ops.sum(x * w, axis=(1, 2, 3)), w


def quadratic(q):
    """D(x) = q/2 |x|^2, and q: its slope at x is q |x|."""
    q = keras.Variable(np.float32(q))
    return lambda x: q / 2 * ops.sum(ops.square(x), axis=(1, 2, 3)), q


def test_the_closed_forms_cover_every_penalty_of_the_folder():
    assert set(penalties.registry) == {"gp", "lp", "r1", "r2"}


@pytest.mark.parametrize(
    ("spec", "value", "slope"),
    [  # At |w| = 3; `slope` is the derivative with respect to |w|.
        ("gp", 10 * (3 - 1) ** 2, 2 * 10 * (3 - 1)),
        ("gp:weight=0.5", 0.5 * (3 - 1) ** 2, 2 * 0.5 * (3 - 1)),
        ("gp:target=0", 10 * 3**2, 2 * 10 * 3),
        ("lp", 10 * (3 - 1) ** 2, 2 * 10 * (3 - 1)),
        ("lp:weight=0.5", 0.5 * (3 - 1) ** 2, 2 * 0.5 * (3 - 1)),
        ("r1", 10 / 2 * 3**2, 10 * 3),
        ("r1:gamma=0.1", 0.1 / 2 * 3**2, 0.1 * 3),
        ("r2", 10 / 2 * 3**2, 10 * 3),
        ("r2:gamma=0.1", 0.1 / 2 * 3**2, 0.1 * 3),
    ],
)
def test_a_linear_critic_pays_for_its_norm_over_all_axes(spec, value, slope, price):
    critic, w = linear(3.0)
    paid, (gradient,) = price(spec, critic, w)
    np.testing.assert_allclose(paid, value, rtol=1e-5)
    np.testing.assert_allclose(gradient, slope * DIRECTION, rtol=1e-4, atol=1e-6)


def test_a_gentle_slope_costs_gp_and_not_lp(price):
    critic, w = linear(0.5)
    paid, (gradient,) = price("gp", critic, w)
    np.testing.assert_allclose(paid, 10 * 0.25, rtol=1e-5)
    np.testing.assert_allclose(gradient, -10 * DIRECTION, rtol=1e-4)
    paid, (gradient,) = price("lp", critic, w)
    assert paid == 0
    np.testing.assert_array_equal(gradient, np.zeros(SHAPE[1:]))


@pytest.mark.parametrize(("spec", "at"), [("r1", REAL), ("r2", FAKE)])
def test_r1_looks_at_reals_and_r2_at_fakes(spec, at, price):
    critic, q = quadratic(2.0)
    paid, (gradient,) = price(spec, critic, q)
    expected = 10 / 2 * 2.0**2 * squares(at).mean()
    assert abs(squares(REAL).mean() / squares(FAKE).mean() - 1) > 0.01
    np.testing.assert_allclose(paid, expected, rtol=1e-5)
    np.testing.assert_allclose(gradient, expected, rtol=1e-5)  # d/dq of q^2 at 2.


def mixes(price):
    """The u of every sample and pixel, from prices alone.

    Fakes at 0 and reals at 1 make the mixed point u itself. A critic x^2 / 2 of one
    pixel of one sample has the slope u there and 0 elsewhere.
    """
    found = np.empty(SHAPE)
    for place in np.ndindex(SHAPE):
        only = np.zeros(SHAPE, "float32")
        only[place] = 1
        only = ops.convert_to_tensor(only)
        paid, _ = price(
            "gp:weight=1,target=0",
            lambda x, only=only: ops.sum(only * ops.square(x), axis=(1, 2, 3)) / 2,
            real=np.ones(SHAPE, "float32"),
            fake=np.zeros(SHAPE, "float32"),
        )
        found[place] = np.sqrt(SHAPE[0] * paid)
    return found


def test_gp_and_lp_look_between_with_one_mix_a_sample(price):
    u = mixes(price)
    np.testing.assert_allclose(u, np.broadcast_to(u[:, :1, :1, :1], SHAPE), atol=1e-5)
    samples = u[:, 0, 0, 0]
    assert ((samples > 0) & (samples < 1)).all()
    assert np.diff(np.sort(samples)).min() > 1e-3

    slopes = np.sqrt(squares(FAKE + u * (REAL - FAKE)))
    for spec, excess in (("gp", slopes - 1), ("lp", np.maximum(slopes - 1, 0))):
        critic, q = quadratic(1.0)
        paid, (gradient,) = price(spec, critic, q)
        np.testing.assert_allclose(paid, 10 * (excess**2).mean(), rtol=1e-4)
        np.testing.assert_allclose(gradient, 20 * (excess * slopes).mean(), rtol=1e-4)


def test_mixes_are_uniform(price):
    shape = (4000, 1, 1, 1)
    critic, _ = quadratic(1.0)
    for spec in ("gp:weight=1,target=0", "gp:weight=1,target=1"):
        paid, _ = price(
            spec, critic, real=np.ones(shape, "float32"), fake=np.zeros(shape, "float32")
        )
        # E[u^2] = E[(u - 1)^2] = 1/3; the standard error is 0.005.
        assert abs(paid - 1 / 3) < 0.025


@pytest.mark.parametrize("name", list(penalties.registry))
def test_a_flat_critic_has_a_finite_price_and_gradient(name, price):
    critic, w = linear(0.0)
    paid, (gradient,) = price(name, critic, w)
    assert paid == pytest.approx(10 if name == "gp" else 0, abs=1e-4)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("name", list(penalties.registry))
def test_logits_may_have_more_axes(name, price):
    critic, w = linear(3.0)
    paid, (gradient,) = price(name, critic, w)
    paid_apart, (gradient_apart,) = price(
        name, lambda x: ops.reshape(ops.sum(x * w, axis=(2, 3)), (-1, 3, 1, 1)), w
    )
    np.testing.assert_allclose(paid_apart, paid, rtol=1e-5)
    np.testing.assert_allclose(gradient_apart, gradient, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", sorted(penalties.registry))
@pytest.mark.parametrize("every", [0, -1, 2.5])
def test_a_penalty_is_used_every_whole_number_of_steps(name, every):
    with pytest.raises(InputError, match="`every` is a whole number, 1 or more"):
        penalties.get(f"{name}:every={every}")

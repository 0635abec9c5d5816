"""Every penalty on critics whose slope is known in closed form, to the second order."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo.errors import InputError
from ganzoo.losses import penalties
from ganzoo.losses.penalties.shifts import shifted
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


# Of the slope alone; the others are priced further down.
OF_SLOPE = {"dragan", "gp", "lp", "max-gp", "r1", "r2", "wasserstein-div", "zero-gp"}
BY_DIFFERENCE = {"r1-difference", "r2-difference"}
OF_SCORES = {"bcr", "centring", "cr", "drift", "qp"}
OF_CRITIC = sorted(OF_SLOPE | BY_DIFFERENCE | OF_SCORES)


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
        ("zero-gp", 100 * 3**2, 2 * 100 * 3),
        ("max-gp", 10 * 3**2, 2 * 10 * 3),
        ("wasserstein-div", 2 * 3**6, 6 * 2 * 3**5),
        ("wasserstein-div:k=1,p=2", 3**2, 2 * 3),
        ("dragan", 10 * (3 - 1) ** 2, 2 * 10 * (3 - 1)),
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


def test_prices_between_look_there_with_one_mix_a_sample(price):
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
    critic, _ = quadratic(1.0)
    for spec, expected in (
        ("zero-gp", 100 * (slopes**2).mean()),
        ("max-gp", 10 * (slopes**2).max()),
        ("wasserstein-div", 2 * (slopes**6).mean()),
    ):
        paid, _ = price(spec, critic)
        np.testing.assert_allclose(paid, expected, rtol=1e-4)


def test_dragan_looks_around_real_images_with_normal_noise(price):
    # Images of one number, 1 or -1, have the deviation 1; the slope of x^2 / 2 is |x|.
    real = np.where(np.arange(20000) % 2, 1, -1).astype("float32").reshape(-1, 1, 1, 1)
    critic, _ = quadratic(1.0)
    paid, _ = price("dragan:weight=1,noise=0.5", critic, real=real, fake=real * np.nan)
    n = np.linspace(-8, 8, 16001)
    density = np.exp(-(n**2) / 2) / np.exp(-(n**2) / 2).sum()
    expected = (density * (np.abs(1 + 0.5 * n) - 1) ** 2).sum()  # 0.233; the noise 0.002.
    assert paid == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(("spec", "scale"), [("r1-difference", 1), ("r2-difference", 2)])
def test_differences_come_to_the_squared_gradient(spec, scale, price):
    # Fakes are twice the real images, so that the slope there is twice as large.
    real = rng.uniform(-1, 1, (20000, 2, 2, 1)).astype("float32")
    critic, q = quadratic(2.0)
    paid, (gradient,) = price(f"{spec}:gamma=0.5", critic, q, real=real, fake=2 * real)
    expected = 0.5 / 2 * 2.0**2 * squares(scale * real).mean()
    # A chi-squared variable times |x|^2: a deviation of 0.011 of it for 20,000.
    assert paid == pytest.approx(expected, rel=0.05)
    assert gradient == pytest.approx(paid, rel=0.01)  # d/dq of q^2 at 2.


def test_drift_and_centring_price_the_scores(price):
    critic, q = quadratic(0.5)
    a, b = squares(REAL) / 4, squares(FAKE) / 4
    paid, (gradient,) = price("drift", critic, q)
    np.testing.assert_allclose(paid, 0.001 * (a**2).mean(), rtol=1e-5)
    np.testing.assert_allclose(gradient, 2 * paid / 0.5, rtol=1e-5)
    paid, _ = price("centring:weight=0.5", critic)
    np.testing.assert_allclose(paid, 0.5 * ((a + b) ** 2).mean(), rtol=1e-5)


@pytest.mark.parametrize(
    ("spec", "apart"),
    [
        ("qp", np.abs(REAL - FAKE).mean(axis=(1, 2, 3))),
        ("qp:distance=l2", np.sqrt(((REAL - FAKE) ** 2).mean(axis=(1, 2, 3)))),
    ],
)
def test_the_quadratic_potential_is_by_the_mean_over_pixels(spec, apart, price):
    critic, _ = quadratic(2.0)
    paid, _ = price(spec, critic)
    difference = squares(REAL) - squares(FAKE)
    np.testing.assert_allclose(paid, (difference**2 / (20 * apart)).mean(), rtol=1e-5)


def test_equal_images_cost_the_quadratic_potential_nothing(price):
    critic, q = quadratic(2.0)
    paid, (gradient,) = price("qp", critic, q, fake=REAL)
    assert paid == 0 and gradient == 0


def test_shifts_move_each_image_by_whole_pixels_and_repeat_the_edge():
    rows, columns = np.mgrid[:8, :4]
    image = np.stack([rows, columns], axis=-1).astype("float32")
    images = ops.convert_to_tensor(np.broadcast_to(image, (400, *image.shape)).copy())
    moved = ops.convert_to_numpy(shifted(images, 0.25, StepSeed(0, "penalty_0", 3)))
    moves = set()
    for each in moved:
        down, right = int(each[4, 1, 0]) - 4, int(each[4, 1, 1]) - 1
        moves.add((down, right))
        expected = [np.clip(rows + down, 0, 7), np.clip(columns + right, 0, 3)]
        np.testing.assert_array_equal(each, np.stack(expected, axis=-1))
    # 2 of 8 rows and 1 of 4 columns, either way: 5 x 3 moves, each some 27 times.
    assert moves == {(i, j) for i in range(-2, 3) for j in range(-1, 2)}


def test_consistency_prices_what_a_shift_does_to_the_scores(price):
    w = rng.normal(size=SHAPE[1:]).astype("float32")

    def critic(x):
        return ops.sum(x * ops.convert_to_tensor(w), axis=(1, 2, 3))

    def moved(images, seed):
        return ops.convert_to_numpy(shifted(ops.convert_to_tensor(images), 0.5, seed))

    def change(images, seed):
        return (((moved(images, seed) - images) * w).sum(axis=(1, 2, 3)) ** 2).mean()

    seed = StepSeed(0, "penalty_0", 3)
    on_real, on_fake = change(REAL, seed), change(FAKE, seed)
    assert on_real > 0 and on_fake > 0
    paid, _ = price("cr:shift=0.5", critic)
    assert paid == pytest.approx(10 * on_real, rel=1e-5)
    paid, _ = price("bcr:real=2,fake=3,shift=0.5", critic)
    assert paid == pytest.approx(2 * on_real + 3 * on_fake, rel=1e-5)


def test_mixes_are_uniform(price):
    shape = (4000, 1, 1, 1)
    critic, _ = quadratic(1.0)
    for spec in ("gp:weight=1,target=0", "gp:weight=1,target=1"):
        paid, _ = price(
            spec, critic, real=np.ones(shape, "float32"), fake=np.zeros(shape, "float32")
        )
        # E[u^2] = E[(u - 1)^2] = 1/3; the standard error is 0.005.
        assert abs(paid - 1 / 3) < 0.025


@pytest.mark.parametrize("name", OF_CRITIC)
def test_a_flat_critic_has_a_finite_price_and_gradient(name, price):
    critic, w = linear(0.0)
    paid, (gradient,) = price(name, critic, w)
    assert paid == pytest.approx(10 if name in ("gp", "dragan") else 0, abs=1e-4)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("name", sorted(OF_SLOPE))
def test_logits_may_have_more_axes(name, price):
    critic, w = linear(3.0)
    paid, (gradient,) = price(name, critic, w)
    paid_apart, (gradient_apart,) = price(
        name, lambda x: ops.reshape(ops.sum(x * w, axis=(2, 3)), (-1, 3, 1, 1)), w
    )
    np.testing.assert_allclose(paid_apart, paid, rtol=1e-5)
    np.testing.assert_allclose(gradient_apart, gradient, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", sorted(penalties.registry))
def test_a_penalty_is_used_every_whole_number_of_steps(name):
    if not penalties.registry.takes(name, "every"):
        assert penalties.get(name).players == ()  # It has no price.
        return
    for every in (0, -1, 2.5):
        with pytest.raises(InputError, match="`every` is a whole number, 1 or more"):
            penalties.get(f"{name}:every={every}")

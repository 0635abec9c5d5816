"""What each objective says, against its paper's formulas."""

import math

import numpy as np
import pytest
from keras import ops

from ganzoo.diffusion import objectives
from ganzoo.diffusion.objective import Scale, normal_quantile
from ganzoo.errors import InputError

pytestmark = pytest.mark.backends("tensorflow", "jax", "torch")

CASES = [
    "flow",
    "flow:times=uniform",
    "edm",
    "ddpm",
    "ddpm:prediction=noise",
    "ddpm:schedule=linear,length=50",
]
SCALE = Scale(mean=-0.6, deviation=0.4, noise=2.0)


def numpy(x):
    return np.array(ops.convert_to_numpy(x), np.float64)


def tensor(values):
    return ops.convert_to_tensor(np.asarray(values, "float32"))


def drawn(seed, n=5):
    rng = np.random.default_rng(seed)
    return tensor(rng.uniform(-0.9, 0.9, (n, 4, 4, 1))), tensor(rng.normal(size=(n, 4, 4, 1)))


@pytest.mark.parametrize("spec", CASES)
def test_image_and_noise_follow_from_what_the_denoiser_should_say(spec):
    objective = objectives.get(spec)
    image, noise = drawn(0)
    time = objective.times(tensor([0.1, 0.3, 0.5, 0.7, 0.9]))
    noisy = objective.noisy(image, noise, time)
    said = objective.target(image, noise, time, SCALE)
    found_image, found_noise = objective.estimate(said, noisy, time, SCALE)
    np.testing.assert_allclose(numpy(found_image), numpy(image), atol=2e-4)
    np.testing.assert_allclose(numpy(found_noise), numpy(noise), atol=2e-3)


@pytest.mark.parametrize("spec", CASES)
def test_times_go_from_the_noisiest_on_and_the_grid_from_noise_to_an_image(spec):
    objective = objectives.get(spec)

    def share_of_noise(times):
        a, b = map(numpy, objective.coefficients(times))
        return b / (a + b)

    trained = share_of_noise(objective.times(tensor(np.linspace(0.01, 0.99, 40))))
    assert (np.diff(trained) <= 1e-7).all() and trained[0] > trained[-1] + 0.5
    grid = objective.grid(6)
    assert grid.shape == (7,) and grid.dtype == np.float64
    made = share_of_noise(grid)
    assert (np.diff(made) < 0).all() and made[0] > 0.98 and made[-1] == 0
    levels = numpy(objective.level(tensor(grid[:-1])))
    assert np.abs(levels).max() < 2 and len(set(levels)) == 6


@pytest.mark.parametrize("spec", CASES)
def test_rates_are_the_derivatives_of_the_coefficients(spec):
    objective = objectives.get(spec)
    if spec.startswith("ddpm"):
        times = np.array([[10.0, 11.0], [30.0, 31.0]])  # Neighbours in the chain.
    else:
        times = np.array([[0.3, 0.3001], [0.8, 0.8001]])
    for pair in times:
        low, high = (np.stack(objective.coefficients(np.array(t))) for t in pair)
        clock = objective.clock(pair)
        slope = (high - low) / (clock[1] - clock[0])
        middle = np.stack(objective.rates(pair[0:1])) + np.stack(objective.rates(pair[1:]))
        np.testing.assert_allclose(slope, middle[:, 0] / 2, atol=1e-3)


def test_flow_learns_the_velocity_of_a_couple():
    objective = objectives.get("flow")
    image, noise = tensor(np.full((1, 1, 1, 1), 0.75)), tensor(np.full((1, 1, 1, 1), -1.5))
    time = tensor([0.25])
    assert numpy(objective.target(image, noise, time, Scale())).item() == 2.25
    assert numpy(objective.noisy(image, noise, time)).item() == 0.25 * 0.75 - 0.75 * 1.5
    # One step of the whole length along it leads from the noise to the image.
    assert numpy(noise + objective.target(image, noise, time, Scale())).item() == 0.75


def test_logit_normal_times_have_their_quantiles():
    # Of a standard normal number 0.8413447 are below 1.
    at = tensor([0.5, 0.84134475])
    found = numpy(objectives.get("flow:location=0.5,spread=2").times(at))
    expected = [1 / (1 + math.exp(-0.5)), 1 / (1 + math.exp(-2.5))]
    np.testing.assert_allclose(found, expected, atol=1e-5)
    np.testing.assert_allclose(numpy(normal_quantile(at)), [0, 1], atol=1e-5)


def test_edm_has_the_papers_preconditioning():
    """Table 1: c_skip, c_out, c_in and c_noise; the weight lambda."""
    edm = objectives.get("edm")
    # By hand, of sigma 3 and sigma_data 4: sqrt(9 + 16) = 5.
    parts = [numpy(part).item() for part in edm.parts(tensor(3.0), 4.0)]
    np.testing.assert_allclose(parts, [16 / 25, 12 / 5, 1 / 5], rtol=1e-6)
    assert numpy(edm.denoised_weight(tensor(3.0), 4.0)) == pytest.approx(25 / 144)
    assert numpy(edm.level(tensor([math.e**2]))) == pytest.approx(0.5)
    np.testing.assert_allclose(numpy(edm.weight(tensor([0.01, 3.0, 70.0]), SCALE)), 1, 1e-5)
    # ln sigma ~ N(-1.2, 1.2^2), the largest first.
    found = numpy(edm.times(tensor([1 - 0.84134475, 0.5])))
    np.testing.assert_allclose(found, np.exp([0.0, -1.2]), rtol=1e-5)


def test_edm_has_the_papers_grid():
    """Equation 5: sigma^(1/7) in equal steps from 80 to 0.002, then 0."""
    edm = objectives.get("edm")
    middle = ((80 ** (1 / 7) + 0.002 ** (1 / 7)) / 2) ** 7
    np.testing.assert_allclose(edm.grid(3), [80, middle, 0.002, 0], rtol=1e-12)
    np.testing.assert_allclose(edm.grid(18)[[0, 17, 18]], [80, 0.002, 0], rtol=1e-12)


def test_edms_inputs_and_targets_have_a_variance_of_1():
    edm, rng = objectives.get("edm"), np.random.default_rng(0)
    image = SCALE.mean + SCALE.deviation * rng.normal(size=(3, 50, 50, 1))
    noise = SCALE.noise * rng.normal(size=image.shape)
    time = tensor([0.02, 0.3, 20.0])
    image, noise = tensor(image), tensor(noise)
    noisy = edm.noisy(image, noise, time)
    for numbers in (edm.given(noisy, time, SCALE), edm.target(image, noise, time, SCALE)):
        np.testing.assert_allclose(numpy(numbers).std(axis=(1, 2, 3)), 1, atol=0.05)
        np.testing.assert_allclose(numpy(numbers).mean(axis=(1, 2, 3)), 0, atol=0.06)


def test_ddpm_has_the_papers_variances():
    linear = objectives.get("ddpm:schedule=linear")
    assert linear.variances[[0, -1]] == pytest.approx([1e-4, 0.02])
    assert linear.kept[:3] == pytest.approx([1, 0.9999, 0.9999 * (1 - linear.variances[1])])
    assert linear.kept[-1] == pytest.approx(4.0e-5, rel=0.02)  # Section 4: nearly nothing.
    cosine = objectives.get("ddpm")

    def f(t):
        return math.cos((t / 1000 + 0.008) / 1.008 * math.pi / 2) ** 2

    assert cosine.kept[500] == pytest.approx(f(500) / f(0))
    assert cosine.variances[-1] == 0.999


def test_a_chain_has_no_more_steps_than_it_has():
    short = objectives.get("ddpm:length=4")
    assert short.grid(4).tolist() == [4, 3, 2, 1, 0]
    with pytest.raises(InputError, match=r"The chain has 4 steps.*steps=5"):
        short.grid(5)
    assert set(numpy(short.times(tensor(np.linspace(0.001, 0.999, 40))))) == {1, 2, 3, 4}

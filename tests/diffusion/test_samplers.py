"""Samplers on data whose denoiser is known: pixels from one normal distribution."""

import math

import numpy as np
import pytest
from keras import ops

from ganzoo.diffusion import objectives, samplers
from ganzoo.diffusion.sampler import Path
from ganzoo.diffusion.samplers.ancestral import posterior_deviation

pytestmark = pytest.mark.backends

MEAN, DEVIATION = -0.5, 0.3


def numpy(x):
    return np.array(ops.convert_to_numpy(x), np.float64)


def path(spec, steps):
    """A path along which the denoiser is the exact one."""
    objective = objectives.get(spec)

    def denoise(x, time):
        a, b = (ops.reshape(part, (-1, 1, 1, 1)) for part in objective.coefficients(time))
        variance = a**2 * DEVIATION**2 + b**2
        image = MEAN + DEVIATION**2 * a / variance * (x - a * MEAN)
        noise = b / variance * (x - a * MEAN)
        return image, noise

    return Path(objective, steps, denoise)


def made(sampler, spec, steps, noise):
    noise = ops.convert_to_tensor(np.asarray(noise, "float32").reshape(-1, 1, 1, 1))
    return numpy(samplers.get(sampler)(path(spec, steps), [noise]))[:, 0, 0, 0]


def exact(spec, noise):
    """Where the differential equation leads: each point keeps its place in its distribution."""
    way = path(spec, 4)
    a, b = way.coefficients(0)
    begin = b * np.asarray(noise, float)
    return MEAN + DEVIATION * (begin - a * MEAN) / math.hypot(a * DEVIATION, b)


@pytest.mark.parametrize(
    ("sampler", "spec", "factor"),
    [("euler", "flow", 2), ("ddim", "flow", 2), ("heun", "flow", 4), ("ddim", "ddpm", 2)],
)
def test_the_error_falls_by_the_samplers_order_where_steps_double(sampler, spec, factor):
    noise = [-1.5, 0.4, 2.0]
    right = exact(spec, noise)
    errors = [np.abs(made(sampler, spec, steps, noise) - right).max() for steps in (20, 40)]
    assert errors[0] / errors[1] == pytest.approx(factor, rel=0.15)
    assert errors[1] < 0.05


@pytest.mark.parametrize("spec", ["flow", "ddpm", "edm"])
def test_heun_leads_to_the_exact_distribution(spec):
    noise = np.linspace(-2.5, 2.5, 11)
    np.testing.assert_allclose(made("heun", spec, 64, noise), exact(spec, noise), atol=6e-3)
    # Which is that of the data but for what noise is left of them at first.
    np.testing.assert_allclose(exact(spec, noise), MEAN + DEVIATION * noise, atol=0.02)


@pytest.mark.parametrize("spec", ["flow", "ddpm", "edm"])
def test_ancestral_leads_to_the_exact_distribution(spec):
    steps, n = 120, 4000
    rng = np.random.default_rng(0)
    noises = [
        ops.convert_to_tensor(rng.normal(size=(n, 1, 1, 1)).astype("float32"))
        for _ in range(steps)
    ]
    found = numpy(samplers.get("ancestral")(path(spec, steps), noises))
    assert found.mean() == pytest.approx(MEAN, abs=0.02)
    assert found.std() == pytest.approx(DEVIATION, rel=0.06)


@pytest.mark.parametrize("spec", ["flow", "edm"])
def test_ddim_is_eulers_step_where_coefficients_are_straight(spec):
    noise = [-1.0, 0.2, 1.7]
    np.testing.assert_allclose(
        made("ddim", spec, 7, noise), made("euler", spec, 7, noise), atol=2e-5
    )


def test_ancestral_steps_are_ddpms_posterior():
    """Ho et al., equations 6 and 7, of steps of the chain."""
    ddpm = objectives.get("ddpm:schedule=linear")
    for step in (2, 100, 1000):
        now, later = (ddpm.coefficients(np.array(t)) for t in (step, step - 1))
        beta, kept, before = ddpm.variances[step - 1], ddpm.kept[step], ddpm.kept[step - 1]
        variance = (1 - before) / (1 - kept) * beta
        deviation = posterior_deviation(now, later)
        assert deviation**2 == pytest.approx(variance, rel=1e-6)
        # The mean of x a step before, of an image of 0.7 and x of -0.2 now.
        mean = math.sqrt(before) * beta / (1 - kept) * 0.7
        mean += math.sqrt(1 - beta) * (1 - before) / (1 - kept) * -0.2
        noise = (-0.2 - now[0] * 0.7) / now[1]
        found = later[0] * 0.7 + math.sqrt(later[1] ** 2 - deviation**2) * noise
        assert found == pytest.approx(mean, rel=1e-6)
    assert posterior_deviation(now, (1.0, 0.0)) == 0  # The last step adds nothing.


@pytest.mark.parametrize(("sampler", "wanted"), [("heun", 31), ("euler", 16), ("ddim", 16)])
def test_evaluations_are_counted_as_they_are_made(sampler, wanted):
    way, counted = path("flow", 16), []
    inner = way.denoise
    way.denoise = lambda x, time: counted.append(1) or inner(x, time)
    found = samplers.get(sampler)
    found(way, [ops.zeros((1, 1, 1, 1))])
    assert len(counted) == found.evaluations(16) == wanted

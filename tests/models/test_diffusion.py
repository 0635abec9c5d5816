"""Diffusion models: the step, growth, sampling, labels, saving."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import architectures, conditions, models, samples
from ganzoo.data.image_set import ImageSet
from ganzoo.diffusion.moments import Moments
from ganzoo.diffusion.noise import deviation, sized
from ganzoo.errors import InputError
from ganzoo.growth import Fade
from ganzoo.models.choice import Choice
from ganzoo.models.generative_model import box_mean
from ganzoo.networks import class_count
from ganzoo.schedule import Stage
from ganzoo.training.carry_over import grow
from ganzoo.training.cost import NetworkCost
from ganzoo.training.recommendations import settings_for
from ganzoo.training.trainer import Trainer

pytestmark = pytest.mark.backends

OBJECTIVES = ("flow", "edm", "ddpm")


def numpy(x):
    return np.array(ops.convert_to_numpy(ops.stop_gradient(x)))


def architecture(**options):
    return architectures.get("patch-mixer:base=8,width=8,depth=1", options)


def diffusion(stage=None, condition=None, networks=None, kind="diffusion", **options):
    networks = networks or architecture()
    networks.condition = condition
    denoiser, fade = networks(stage or Stage(8, kimg=1), ("denoiser",))
    cls = models.registry.find(kind)
    model = cls(denoiser, fade=fade, condition=condition, **{"steps": 2} | options)
    model.compile(keras.optimizers.SGD(0.02))
    return model


def letters(n=8, side=8, channels=1):
    return np.random.default_rng(2).integers(0, 256, (n, side, side, channels), "uint8")


def latents(model, n=4, seed=0):
    return np.random.default_rng(seed).normal(size=(n, model.latent_size)).astype("float32")


def give_weights(*networks, seed=7):
    """Weights that are the same on every backend, none of them 0."""
    draw = np.random.default_rng(seed)
    for network in networks:
        for variable in network.trainable_variables:
            shape = variable.shape
            scale = (1 / np.prod(shape[:-1])) ** 0.5 if len(shape) > 1 else 0.1
            start = float(variable.path.endswith("gamma"))
            variable.assign((start + draw.normal(0, scale, shape)).astype("float32"))


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_step_moves_each_weight_and_reports_the_error_by_noise(objective):
    model = diffusion(objective=objective)
    before = [numpy(v.value) for v in model.denoiser.trainable_variables]
    logs = model.train_on_batch(letters(9), return_dict=True)
    for start, variable in zip(before, model.denoiser.trainable_variables, strict=True):
        assert np.abs(numpy(variable.value) - start).max() > 0, variable.path
    thirds = [logs[f"error_{name}"] for name in ("noisy", "middle", "clear")]
    assert logs["error"] == pytest.approx(np.mean(thirds), rel=1e-5)
    assert logs["loss"] == logs["error"] and min(thirds) > 0.05
    assert model.updates() == {"denoiser": 1}


# After two steps: the errors of both in the mean, then what the network says of noise.
EXPECTED = {
    "flow": [0.499883, 0.399161, 0.287656, -0.155578],
    "edm": [1.218698, 1.172028, 0.296755, -0.126857],
    "ddpm": [0.267812, 0.198669, 0.285241, -0.129031],
}


@pytest.mark.backends("tensorflow", "jax", "torch")
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_two_steps_are_the_same_on_each_backend(objective, monkeypatch):
    draws = np.random.default_rng(1)
    noise = draws.normal(size=(2, 6, 8, 8, 1)).astype("float32")
    within = draws.uniform(size=(2, 6)).astype("float32")

    def at(values, seed):
        return ops.take(ops.convert_to_tensor(values), ops.convert_to_tensor(seed.step), axis=0)

    monkeypatch.setattr(keras.random, "normal", lambda shape, seed: at(noise, seed))
    monkeypatch.setattr(keras.random, "uniform", lambda shape, seed: at(within, seed))
    model = diffusion(objective=objective)
    give_weights(model.denoiser)
    for _ in range(2):
        logs = model.train_on_batch(letters(6), return_dict=True)
    given = [ops.convert_to_tensor(noise[0]), ops.convert_to_tensor(within[0])]
    said = numpy(model.denoiser(given))
    found = [logs["error"], logs["error_clear"], np.abs(said).mean(), said[2, 3, 4, 0]]
    np.testing.assert_allclose(found, EXPECTED[objective], atol=1e-5)


# Noise.


def test_noise_of_twice_the_side_has_the_noise_of_half_as_its_means():
    noise = ops.convert_to_tensor(np.random.default_rng(0).normal(size=(64, 56, 56, 1)))
    full = sized(ops.cast(noise, "float32"), None)
    assert numpy(full).std() == pytest.approx(2, rel=0.01) and deviation(56, None) == 2
    assert numpy(box_mean(full, 2)).std() == pytest.approx(1, rel=0.02)
    assert deviation(28, None) == 1 and deviation(14, None) == 0.5


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_noise_fades_as_images_do(alpha):
    fade = Fade(1000)
    fade.advance(1000 * alpha)
    noise = np.random.default_rng(0).normal(size=(64, 28, 28, 1)).astype("float32")
    faded = numpy(sized(ops.convert_to_tensor(noise), fade))
    assert faded.std() == pytest.approx(float(deviation(28, fade)), rel=0.02)
    apart = np.abs(faded[:, ::2, ::2] - faded[:, 1::2, 1::2]).max()
    assert (apart == 0) == (alpha == 0)


def test_moments_are_those_of_all_images_seen_first():
    moments = Moments()
    batches = np.random.default_rng(3).normal(-0.5, 0.4, (3, 4000, 2, 2, 1)).astype("float32")
    assert float(moments.deviation) == 0.5
    for batch in batches:
        moments.update(ops.convert_to_tensor(batch))
    assert float(moments.mean) == pytest.approx(batches.mean(), abs=1e-5)
    assert float(moments.deviation) == pytest.approx(batches.std(), abs=1e-5)
    moments.update(ops.ones((8, 2, 2, 1)))  # There were enough.
    assert float(moments.deviation) == pytest.approx(batches.std(), abs=1e-5)


def test_the_deviation_of_the_images_is_measured_in_training():
    model = diffusion(objective="edm")
    model.fit(letters(64), batch_size=16, verbose=0)
    expected = (letters(64) / 127.5 - 1).std()
    assert float(model.sampling.moments.deviation) == pytest.approx(expected, abs=1e-4)
    names = {name for name in model.named_variables() if name.startswith("memory/")}
    assert len(names) == 3


# Growth.


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_at_alpha_0_images_are_those_of_the_old_resolution_upsampled(objective):
    networks = architecture()
    old = diffusion(Stage(8, 1), networks=networks, objective=objective, steps=3)
    give_weights(old.denoiser)
    old.averages[0].network.set_weights(old.denoiser.get_weights())
    new = diffusion(Stage(16, 1, fade=0.5), networks=networks, objective=objective, steps=3)
    grow(old, new)
    given = latents(new, 3)
    noise = ops.convert_to_tensor(given.reshape(3, 16, 16, 1))
    coarse = ops.reshape(2 * box_mean(noise, 2), (3, -1))
    expected = numpy(old(coarse)).repeat(2, axis=1).repeat(2, axis=2)
    assert np.ptp(expected) > 0.1
    np.testing.assert_allclose(numpy(new(given)), expected, atol=5e-5)
    new.fade.advance(500)
    assert np.abs(numpy(new(given)) - expected).max() > 0.01


# Images.


def test_the_first_images_do_not_depend_on_how_many_are_made():
    model = diffusion(sampler="ancestral", steps=3)
    many = model.sample(300, seed=4)
    assert many.shape == (300, 8, 8, 1) and many.dtype == np.uint8
    assert np.array_equal(model.sample(5, seed=4), many[:5])
    drawn = samples.draw_latents(4, "generate", 300, model.latent_size)
    assert np.array_equal(samples.generate(model.ema_generator, drawn), many)
    assert not np.array_equal(model.sample(5, seed=5), many[:5])


def test_latents_of_an_ancestral_sampler_hold_the_noise_of_each_step():
    assert diffusion(sampler="euler", steps=5).latent_size == 64
    model = diffusion(sampler="ancestral", steps=5)
    assert model.latent_size == 5 * 64
    give_weights(model.averages[0].network)
    one = latents(model)
    for place in (0, 3):  # The noise to begin with; that of the last step but one.
        other = one.copy()
        other[:, 64 * place : 64 * place + 64] *= -1
        assert np.abs(numpy(model(one)) - numpy(model(other))).max() > 0.01


def test_passes_of_an_image_are_counted():
    steps = {"heun": 31, "euler": 16, "ddim": 16, "ancestral": 16}
    for sampler, wanted in steps.items():
        passes = diffusion(sampler=sampler, steps=16).sampled_passes()
        assert passes["denoiser"].single == wanted


def test_a_training_counts_the_operations_of_an_image_that_is_made():
    model = {"model": "flow:steps=5", "schedule": "8:0.1,16:0.1"}
    images = ImageSet("letters", letters(4, 16), np.zeros(4, np.int32))
    trainer = Trainer(**model, architecture="patch-mixer:width=8,depth=1", images=images)
    network = architecture()(Stage(16, 1), ("denoiser",))[0]
    one = NetworkCost.of(network)
    assert trainer.flops_of_a_sample == 9 * one.forward  # Heun's 5 steps.
    assert trainer.flops[-1] == one.forward + one.backward


# Labels.


def asked(**options):
    return diffusion(condition=conditions.get("labels:classes=3"), **options)


def test_guidance_goes_away_from_what_nothing_asked_gives():
    model = asked(objective="flow", sampler="euler", steps=1)
    give_weights(model.averages[0].network)
    assert class_count(model.ema_generator) == 3
    given, labels = latents(model), np.array([0, 1, 2, 0], "int32")

    def images(guidance, labels):
        model.sampling.guidance = guidance
        return numpy(model([given / 20, labels]))

    plain, free = images(1, labels), images(1, np.full(4, -1, "int32"))
    assert np.abs(plain - free).max() > 1e-3 and np.abs(plain).max() < 1
    np.testing.assert_allclose(images(0, labels), free, atol=1e-6)
    np.testing.assert_allclose(images(1.5, labels), free + 1.5 * (plain - free), atol=1e-5)
    assert model.sampled_passes()["denoiser"].single == 2


def test_labels_that_are_all_dropped_teach_nothing_of_classes():
    for drop, learned in ((1.0, False), (0.0, True)):
        model = asked(drop=drop)
        give_weights(model.denoiser)
        (kernel,) = (v for v in model.denoiser.trainable_variables if "class" in v.path)
        before = numpy(kernel.value)
        model.train_on_batch(letters(6), np.arange(6) % 3)
        assert (np.abs(numpy(kernel.value) - before).max() > 0) == learned


def test_guidance_without_a_condition_is_refused():
    with pytest.raises(InputError, match=r"without a condition\. Received: guidance=2"):
        diffusion(guidance=2.0)


# Names and defaults.


def test_a_model_brings_its_own_settings():
    kind = models.registry.find("flow")
    own = settings_for(kind, None)
    assert own["architecture"] == "patch-mixer" and own["batch"] == 32
    assert own["optimizer"] == "adam:learning_rate=0.002,beta_1=0.9,beta_2=0.99"
    plain = settings_for(models.registry.find("gan"), None)
    assert plain["architecture"] == "progressive-dcgan" and plain["batch"] == 32

    class Wrong(kind):
        recommended = {"seed": 3}

    with pytest.raises(InputError, match="recommends seed; a model can only recommend loss"):
        settings_for(Wrong, None)


def test_a_flow_model_learns_the_flow_and_another_may_be_said():
    assert type(diffusion(kind="flow").objective).__name__ == "Flow"
    assert type(diffusion().objective).__name__ == "EDM"
    choice = Choice.of("flow:steps=3,sampler=euler")
    network = diffusion(kind="flow").averages[0].network
    sampling = choice.make_generator({"denoiser": network}, steps=5).get_layer("sampling")
    found = type(sampling.objective).__name__, type(sampling.sampler).__name__, sampling.steps
    assert found == ("Flow", "Euler", 5)
    with pytest.raises(InputError, match=r"'gan' makes an image in one way\. Leave out steps"):
        Choice.of("gan").make_generator({}, steps=5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"objective": "edn"}, "no objective 'edn'. Did you mean 'edm'"),
        ({"sampler": "rk4"}, "no sampler 'rk4'"),
        ({"steps": 0}, "`steps` is a whole number, 1 or more"),
        ({"drop": 2}, "`drop` is a number from 0 to 1"),
        ({"objective": "ddpm:length=3", "steps": 4}, "The chain has 3 steps"),
    ],
)
def test_what_cannot_be_is_one_line(options, message):
    with pytest.raises(InputError) as caught:
        diffusion(**options)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_it_goes_through_keras_saving(tmp_path):
    model = asked(objective="flow:location=0.5", sampler="ddim", steps=3, guidance=1.5)
    model.fit(letters(), np.arange(8) % 3, batch_size=4, verbose=0)
    given = [latents(model), np.arange(4, dtype="int32") % 3]
    for saved in (model, model.ema_generator):
        path = tmp_path / f"{saved.name}.keras"
        saved.save(path)
        loaded = keras.models.load_model(path)
        np.testing.assert_allclose(numpy(loaded(given)), numpy(model(given)), atol=1e-6)

"""Distillation: a flow's many steps learned by a few, beside a discriminator."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import architectures, conditions, models
from ganzoo.data.image_set import ImageSet
from ganzoo.errors import InputError
from ganzoo.schedule import Stage
from ganzoo.training import checkpoint
from ganzoo.training.carry_over import grow
from ganzoo.training.cost import NetworkCost
from ganzoo.training.run import Run
from ganzoo.training.trainer import Trainer

pytestmark = pytest.mark.backends

SMALL = "patch-mixer:width=8,depth=1"
TINY = {"architecture": SMALL, "schedule": "8:0.032", "batch": 8, "snap": 1.0}


def numpy(x):
    return np.array(ops.convert_to_numpy(ops.stop_gradient(x)))


def give_weights(network, seed=7):
    """Weights of which none is 0."""
    draw = np.random.default_rng(seed)
    for variable in network.trainable_variables:
        width = np.prod(variable.shape[:-1]) ** 0.5 if len(variable.shape) > 1 else 10
        variable.assign(variable + draw.normal(0, 0.5 / width, variable.shape))


def letters(n=8, side=8):
    return np.random.default_rng(2).integers(0, 256, (n, side, side, 1), "uint8")


def distilled(condition=None, **options):
    architecture = architectures.get(f"{SMALL},base=8")
    architecture.condition = condition
    networks = architecture(Stage(8, kimg=1), ("denoiser", "discriminator"))[:2]
    give_weights(networks[0])
    made = {"condition": condition, "penalties": ["r1"]} | options
    model = models.registry.find("distilled")(*networks, **made)
    model.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
    return model


def velocity(network, x, time):
    level = ops.full((len(x),), time, dtype="float32")
    return numpy(network([ops.convert_to_tensor(x.astype("float32")), level]))


@pytest.mark.parametrize("steps", [1, 3])
def test_it_makes_images_by_euler_s_steps_along_the_velocity(steps):
    model = distilled(steps=steps)
    x = first = np.random.default_rng(0).normal(size=(3, 8, 8, 1)).astype("float32") * 8 / 28
    for i in range(steps):
        x = x + velocity(model.denoiser, x, i / steps) / steps
    latents = ops.convert_to_tensor(first.reshape(3, -1) * 28 / 8)
    made = numpy(model.generator(latents, training=True))
    assert np.ptp(made) > 0.1
    np.testing.assert_allclose(made, np.clip(x, -1, 1), atol=1e-5)


def test_a_step_moves_denoiser_and_discriminator_through_each_of_its_steps():
    model = distilled(steps=2)
    before = {k: numpy(v.value) for k, v in model.named_weights().items()}
    model.run_eagerly = keras.backend.backend() == "tensorflow"
    model.train_on_batch(letters())
    after = {k: numpy(v.value) for k, v in model.named_weights().items()}
    moved = [k for k, v in before.items() if not np.array_equal(v, after[k])]
    assert {k for k in before if k.startswith(("denoiser/", "discriminator/"))} <= {*moved}
    assert model.updates() == {"denoiser": 1, "discriminator": 1}
    assert model.sampled_passes()["denoiser"].single == 2


def test_its_operations_are_those_of_a_gan_of_so_many_passes_and_of_a_lesson():
    (one,), (four,) = ([distilled(steps=n).passes()] for n in (1, 4))
    # Of a step, and four passes of the teacher.
    assert (one["denoiser"].single, one["denoiser"].backward) == (2 + 5, 1 + 1)
    assert (four["denoiser"].single, four["denoiser"].backward) == (8 + 5, 4 + 1)
    assert one["discriminator"] == four["discriminator"]
    images = ImageSet("letters", letters(16), np.zeros(16, np.int32))
    trainer = Trainer(model="distilled:steps=3", images=images, **TINY)
    network = architectures.get(f"{SMALL},base=8")(Stage(8, 1), ("denoiser",))[0]
    assert trainer.flops_of_a_sample == 3 * NetworkCost.of(network).forward


def test_the_likeness_is_that_of_a_step_to_two_midpoint_steps_of_the_teacher():
    model = distilled(steps=4)
    give_weights(model.denoiser, seed=8)
    draw = np.random.default_rng(3)
    image, noise = draw.normal(size=(2, 1, 8, 8, 1))
    errors = []
    for i in range(4):
        time = i / 4
        start = end = time * image + (1 - time) * noise
        for at in (time, time + 1 / 8):
            half = end + velocity(model.teacher, end, at) / 16
            end = end + velocity(model.teacher, half, at + 1 / 16) / 8
        mean_velocity = (end - start) / (1 / 4)
        errors.append(np.mean((velocity(model.denoiser, start, time) - mean_velocity) ** 2))
    four = [np.repeat(x, 4, axis=0).astype("float32") for x in (image, noise)]
    found = model.likeness(*map(ops.convert_to_tensor, four), ops.arange(4))
    assert min(errors) > 0.01 and np.ptp(errors) > 0.01
    assert float(numpy(found)) == pytest.approx(np.mean(errors), rel=1e-4)


def test_the_teacher_stays_what_it_was_and_is_saved():
    model = distilled(steps=2)
    before = {k: numpy(v.value) for k, v in model.named_variables().items()}
    for _ in range(2):
        model.train_on_batch(letters())
    after = {k: numpy(v.value) for k, v in model.named_variables().items()}
    taught = [name for name in before if name.startswith("teacher/")]
    assert len(taught) == len(model.denoiser.weights)
    for name in taught:
        assert np.array_equal(before[name], after[name])
        assert not np.array_equal(before[name], after[name.replace("teacher", "denoiser", 1)])


def test_a_teacher_goes_on_in_the_next_stage_as_it_was():
    architecture, models_made = architectures.get(f"{SMALL},base=8"), []
    for stage in (Stage(8, kimg=1), Stage(16, kimg=1, fade=0.5)):
        *networks, fade = architecture(stage, ("denoiser", "discriminator"))
        model = models.registry.find("distilled")(*networks, steps=2, fade=fade)
        model.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(1e-3))
        models_made.append(model)
        if len(models_made) == 1:
            model.train_on_batch(letters())
    before, after = models_made
    grow(before, after)
    old = {v.path: numpy(v) for v in before.teacher.weights}
    kept = [v for v in after.teacher.weights if v.path in old]
    assert len(kept) > 10
    assert all(np.array_equal(numpy(v), old[v.path]) for v in kept)
    student = {v.path: numpy(v) for v in after.denoiser.weights}
    assert any(not np.array_equal(numpy(v), student[v.path]) for v in kept)


def test_labels_are_asked_of_both_networks():
    model = distilled(conditions.get("labels:classes=3"), steps=2)
    model.run_eagerly = keras.backend.backend() == "tensorflow"
    logs = model.train_on_batch(letters(), np.arange(8) % 3, return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    assert model.sample(4, labels=np.array([0, 1, 2, 2])).shape == (4, 8, 8, 1)


# Begun with a run.


def trained(path, **settings):
    images = ImageSet("letters", letters(16), np.zeros(16, np.int32))
    trainer = Trainer(images=images, **TINY | settings)
    path.mkdir()
    run = Run(path)
    run.write_json("config.json", trainer.config)
    trainer.train(run)
    return run


def begun(run, **settings):
    images = ImageSet("letters", letters(16), np.zeros(16, np.int32))
    trainer = Trainer(images=images, init=str(run.path), **TINY | settings)
    model = trainer.build(0)
    line = trainer.initial_weights.assign(model, trainer.architecture)
    return {k: numpy(v.value) for k, v in model.named_weights().items()}, line


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("teacher") / "run", model="flow")


def test_student_average_and_teacher_begin_as_the_average_of_the_flow(teacher):
    weights, line = begun(teacher, model="distilled", seed=5)
    arrays = checkpoint.load(teacher.checkpoints[-1])[0]
    averaged = {k: v for k, v in arrays.items() if k.startswith("ema/")}
    assert averaged
    for name, array in averaged.items():
        own = name.replace("ema/", "denoiser/", 1)
        assert not np.array_equal(array, arrays[own])
        for same in (own, name, name.replace("ema/", "teacher/", 1)):
            assert np.array_equal(weights[same], array)
    assert "new layers: d_" in line


def test_what_cannot_be_distilled_is_refused_in_a_line(tmp_path):
    gan = {"loss": "hinge", "penalties": (), "architecture": "progressive-dcgan:width=2"}
    for name, settings in (("gan", gan), ("diffusion", {"model": "diffusion:steps=2"})):
        run = trained(tmp_path / name, **settings)
        with pytest.raises(InputError, match=f"begins with a run of --model flow.*of {name}"):
            begun(run, model="distilled")


def test_a_distilled_run_may_begin_another_one(teacher, tmp_path):
    first = trained(tmp_path / "first", model="distilled", init=str(teacher.path))
    weights, _ = begun(first, model="distilled:steps=1")
    arrays = checkpoint.load(first.checkpoints[-1])[0]
    for name in weights:
        assert np.array_equal(weights[name], arrays[name]), name

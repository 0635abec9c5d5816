"""A recorded step on PyTorch does what the step does, bit for bit, or is not used."""

import functools
import itertools

import keras
import numpy as np
import pytest
from keras import layers

from ganzoo import architectures, backend
from ganzoo.models.gan import GANModel
from ganzoo.schedule import Stage

pytestmark = [
    pytest.mark.backends("torch"),
    pytest.mark.skipif(backend.name != "torch", reason="This backend does not load PyTorch."),
]
if backend.name == "torch":
    import torch

    from ganzoo.backend.torch_trace import MAX_RECORDS, TracedStep

NETWORKS = "progressive-dcgan:base=8,width=4,latent_size=8"


def make(networks=NETWORKS, loss="wgan-gp", dropout=0.0, kind=GANModel, **options):
    """A model in which 16 px fade in, the same each time it is made."""
    keras.utils.set_random_seed(1)
    architecture = architectures.get(networks)
    architecture(Stage(8, 1))
    generator, discriminator, fade = architecture(Stage(16, 1, fade=0.05))
    if dropout:
        logits = discriminator(layers.Dropout(dropout, seed=3)(discriminator.input))
        discriminator = keras.Model(discriminator.input, logits)
    model = kind(generator, discriminator, loss, fade=fade, **options)
    model.compile(keras.optimizers.Adam(1e-3, beta_1=0.0), keras.optimizers.Adam(1e-3))
    return model


def batches(count, rows=4):
    pixels = np.random.default_rng(2).integers(0, 256, (count, rows, 16, 16, 1))
    return list(keras.ops.convert_to_tensor(pixels.astype("uint8")))


def state(model):
    tensors = {name: v.value for name, v in model.named_variables().items()}
    return {name: tensor.detach().clone() for name, tensor in tensors.items()}


def trace(model, **options):
    return TracedStep(model.step, [v.value for v in variables(model)], **options)


def variables(model):
    return [*model.variables, *model.optimizer.variables, *model.metrics_variables]


@pytest.mark.parametrize(
    ("records", "options"),
    [
        (3, {"penalties": ["r1:every=2", "r2:every=4"], "loss": "rpgan"}),
        pytest.param(1, {"loss": "hinge", "critic_steps": 3}, marks=pytest.mark.thorough),
        (1, {"loss": "non-saturating", "networks": f"{NETWORKS},normalization=batch"}),
        pytest.param(1, {"loss": "minimax", "dropout": 0.3}, marks=pytest.mark.thorough),
        (1, {"loss": "lsgan", "networks": f"{NETWORKS},categories=6"}),
        pytest.param(
            1, {"networks": f"{NETWORKS},precision=bfloat16"}, marks=pytest.mark.thorough
        ),
    ],
    ids=str,
)
def test_a_record_does_what_the_step_does(records, options):
    plain, traced = make(**options), make(**options)
    before, step = state(plain), trace(traced, eager=1)
    for batch in batches(13):
        plain.step(batch)
        step(batch)
    assert [record.tried for record in step.records] == records * [True]
    ends = state(plain), state(traced)
    assert any(not torch.equal(before[name], ends[0][name]) for name in before)
    for name, value in ends[0].items():
        assert torch.equal(value, ends[1][name]), name


def counting(*answers):
    """A step that asks whether each of `answers` holds, and counts in its variable."""
    count = torch.zeros((), dtype=torch.int32)

    def step(batch):
        for answer in answers:
            if answer(count, batch):
                count.add_(1)
        count.add_(1)

    return count, TracedStep(step, [count], eager=1)


def test_a_question_about_images_is_asked_of_each_batch():
    count, step = counting(lambda count, batch: batch.sum() > 0)
    for value in (1, 0, 1, 1, 0, 1):
        step(torch.full((4,), value))
    assert int(count) == 6 + 4


def test_a_question_about_what_the_step_changed_is_asked_as_it_comes():
    count, step = counting(lambda count, batch: count % 2 == 0, lambda count, batch: count > 5)
    expected = 0
    for _ in range(9):
        step(torch.zeros(4))
        expected += expected % 2 == 0
        expected += expected > 5
        expected += 1
        assert int(count) == expected
    assert not step.records


def test_whole_numbers_that_are_no_seeds_are_questions():
    count, step = counting(lambda count, batch: int(count) in (2, 15))
    ends = []
    for _ in range(MAX_RECORDS + 12):
        step(torch.zeros(4))
        ends.append(int(count))
    assert ends[:4] == [1, 2, 4, 5]
    assert ends[-1] == MAX_RECORDS + 12 + 2
    assert len(step.records) == MAX_RECORDS


def eager_and_traced(work, batches):
    """The weights after `work(weights, batch)` for each batch, and those of a traced step."""
    ends = []
    for eager in (float("inf"), 1):
        torch.manual_seed(2)
        weights = torch.linspace(-1, 1, 6)
        step = TracedStep(functools.partial(work(), weights), [weights], eager=eager)
        for batch in batches:
            step(batch)
        ends.append(weights)
    return *ends, step.records


def test_another_shape_has_a_record_of_its_own():
    def work():
        return lambda weights, batch: weights.mul_(batch.mean())

    batches = [torch.rand(rows) for rows in (4, 4, 2, 4, 2, 3)]
    eager, traced, records = eager_and_traced(work, batches)
    assert torch.equal(eager, traced) and len(records) == 3


def asks_for_a_float():
    return lambda weights, batch: weights.mul_(float(batch.mean()))


def asks_for_an_array():
    return lambda weights, batch: weights.mul_(1.0 + batch.mean().numpy())


def asks_for_a_list():
    return lambda weights, batch: weights.mul_(batch.mean().tolist())


def counts_in_python():
    count = itertools.count(1)
    return lambda weights, batch: weights.mul_(next(count))


def adds_what_is_large():
    return lambda weights, batch: weights.add_(batch[batch > 0.5].sum())


def adds_noise_of_nobody():
    return lambda weights, batch: weights.add_(torch.randn(6))


def draws_into_a_tensor():
    def work(weights, batch):
        noise = torch.empty(6)
        noise.normal_(generator=torch.Generator().manual_seed(int(1000 * batch[0])))
        weights.add_(noise)

    return work


@pytest.mark.parametrize(
    "work",
    [
        asks_for_a_float,
        asks_for_an_array,
        asks_for_a_list,
        counts_in_python,
        adds_what_is_large,
        adds_noise_of_nobody,
        draws_into_a_tensor,
    ],
)
def test_a_step_that_is_another_each_time_is_run_as_it_is(work):
    eager, traced, records = eager_and_traced(work, list(torch.rand(6, 8) + 0.1))
    assert torch.equal(eager, traced) and not records


class Undecided(GANModel):
    """Its loss depends on a number that NumPy is asked for."""

    def generator_loss(self, fake, real):
        loss, logs = super().generator_loss(fake, real)
        return (1 + 0.1 * keras.ops.convert_to_numpy(loss)) * loss, logs


def test_what_a_record_that_fails_has_changed_is_put_back():
    plain, traced = make(kind=Undecided), make(kind=Undecided)
    step = trace(traced, eager=1)
    for batch in batches(3):
        plain.step(batch)
        step(batch)
    assert not step.records
    for name, value in state(plain).items():
        assert torch.equal(value, state(traced)[name]), name


class Unseeded(GANModel):
    """Its latents come from the generator that Keras has for the whole process."""

    def latents(self, n, seed):
        return keras.random.normal((n, 8))


def test_random_numbers_of_a_generator_outside_of_the_model_are_drawn_as_they_come():
    ends = []
    for traced in (False, True):
        model = make(kind=Unseeded)
        step = trace(model, eager=1) if traced else model.step
        keras.utils.set_random_seed(2)
        for batch in batches(4):
            step(batch)
        ends.append(state(model))
    assert len(step.records) == 1
    for name, value in ends[0].items():
        assert torch.equal(value, ends[1][name]), name


def test_views_of_what_was_changed_are_changed():
    pair = torch.zeros(2, dtype=torch.int32)

    def work(batch):
        first, second = pair.unbind()
        first.add_(1)
        if pair[0] % 2 == 0:
            second.add_(1)

    step = TracedStep(work, [pair], eager=0)
    for count in range(1, 7):
        step(torch.zeros(4))
        assert pair.tolist() == [count, count // 2]


def test_a_whole_training_through_repeat_is_the_same(monkeypatch):
    """Beyond the end of the fade, with another learning rate and an older state on the way."""
    images = keras.ops.convert_to_numpy(batches(1, rows=10)[0])
    rows = np.random.default_rng(5).integers(0, 10, (16, 4)).astype("int32")
    ends = []
    for eager in (10**6, 1):
        monkeypatch.setattr(f"{TracedStep.__module__}.EAGER_STEPS", eager)
        model = make(penalties=["r1:every=4"])
        play = backend.repeat(model, images, 16)
        play(rows)
        middle = state(model)
        assert model.alpha == 1.0
        model.optimizer.generator.learning_rate = 1e-2
        play(rows[:6])
        for name, variable in model.named_variables().items():
            variable.assign(middle[name])
        play(rows[6:])
        ends.append(state(model))
    for name, value in ends[0].items():
        assert torch.equal(value, ends[1][name]), name


def test_what_is_wrong_with_a_step_is_said_by_the_step():
    def step(batch):
        raise ValueError("no such thing")

    with pytest.raises(ValueError, match="no such thing"):
        TracedStep(step, [], eager=0)(torch.zeros(4))


def test_repeat_and_feed_use_records(monkeypatch):
    used = []
    monkeypatch.setattr(f"{TracedStep.__module__}.EAGER_STEPS", 1)
    monkeypatch.setattr(TracedStep, "_record", lambda self, batch: used.append(batch))
    images = batches(3)
    model = make()
    backend.repeat(model, images[0], 4)(np.array([[0, 1], [1, 2], [2, 3]], "int32"))
    assert [row.tolist() for row in used] == [images[0][[i, i + 1]].tolist() for i in (1, 2)]
    backend.feed(model, 4)(torch.stack(images))
    assert [row.tolist() for row in used[2:]] == [image.tolist() for image in images[1:]]

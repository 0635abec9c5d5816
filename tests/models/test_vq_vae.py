"""Codes of a VQ-VAE: the nearest entries, a prior that looks back alone, latents and back."""

import keras
import numpy as np
import pytest
from keras import ops

from ganzoo import architectures, backend, models
from ganzoo.architectures.codebook import Codebook
from ganzoo.errors import InputError
from ganzoo.models.codes import Codes
from ganzoo.projection import project
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends
PLACES, ENTRIES, LENGTH = 3, 4, 6
SMALL = "vq-dcgan:base=8,width=4,places=3,entries=4,vector_size=2,prior_width=5"
EAGER = backend.name == "tensorflow"  # Its graph takes longer to make than a step.


def numpy(x):
    return np.array(ops.convert_to_numpy(ops.stop_gradient(x)))


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


@pytest.fixture(scope="module")
def model():
    architecture = architectures.get(SMALL)
    architecture(Stage(8, kimg=1), models.VQVAEModel.roles)  # Of a stage before.
    *networks, _ = architecture(Stage(16, kimg=1), models.VQVAEModel.roles)
    for variable in networks[-1].trainable_variables:  # A prior that is sure of something.
        variable.assign(0.6 * draw(*variable.shape))
    made = models.VQVAEModel(*networks, likelihood="bernoulli", ema=0.0)
    made.compile(*(keras.optimizers.SGD(0.0) for _ in made.roles))
    made.run_eagerly = EAGER
    return made


def book():
    made = Codebook(PLACES, ENTRIES, keras.initializers.RandomNormal(stddev=1.0, seed=1))
    made.build((None, LENGTH))
    return made


def test_the_nearest_entries_are_chosen_place_by_place():
    made, encodings = book(), draw(5, LENGTH)
    quantized, same, codes = map(numpy, made(ops.convert_to_tensor(encodings)))
    entries = numpy(made.vectors)
    for row, place in np.ndindex(5, PLACES):
        here = slice(2 * place, 2 * place + 2)
        nearest = np.linalg.norm(entries[place] - encodings[row, here], axis=1).argmin()
        assert codes[row, place].tolist() == np.eye(ENTRIES)[nearest].tolist()
        assert (quantized[row, here] == entries[place, nearest]).all()
    assert (quantized == same).all()


def test_an_entry_that_no_image_chooses_begins_again_at_an_encoding():
    made, encodings = book(), draw(7, LENGTH)
    before = numpy(made.vectors)
    codes = np.zeros((7, PLACES, ENTRIES), "float32")
    codes[:, :, :2] = 0.5  # Nobody chooses the last two of each place.
    codes = ops.convert_to_tensor(codes)
    seed = keras.random.SeedGenerator(0)
    keep, usage = 0.5 ** (7 / 1000), np.full(ENTRIES, 0.25)
    made.restart(encodings, codes, seed)
    usage = keep * usage + (1 - keep) * np.array([0.5, 0.5, 0, 0])
    np.testing.assert_allclose(numpy(made.usage), [usage] * PLACES, rtol=1e-5)
    assert (numpy(made.vectors) == before).all()
    made.usage.assign(np.full((PLACES, ENTRIES), 0.025, "float32"))
    made.restart(encodings, codes, seed)
    after = numpy(made.vectors)
    assert (after[:, :2] == before[:, :2]).all()
    for place in range(PLACES):
        there = encodings[:, 2 * place : 2 * place + 2]
        for vector in after[place, 2:]:
            assert (there == vector).all(axis=1).any()
    assert (numpy(made.usage)[:, 2:] == 0.25).all() and (numpy(made.usage)[:, :2] < 0.1).all()


def test_logits_of_a_code_follow_from_the_codes_before_it_alone(model):
    vectors = numpy(model.prior(draw(1, LENGTH))[0])
    entries = numpy(model.prior.get_layer("codebook").vectors)
    first = numpy(model.prior(vectors)[2])
    for place in range(PLACES):
        other, here = vectors.copy(), slice(2 * place, 2 * place + 2)
        others = np.abs(entries[place] - vectors[0, here]).sum(axis=1) > 0
        other[0, here] = entries[place, others][0]
        moved = np.abs(numpy(model.prior(other)[2]) - first).max(axis=(0, 2))
        assert (moved[: place + 1] == 0).all() and (moved[place + 1 :] > 1e-4).all()


def test_normal_latents_make_codes_as_likely_as_the_prior_has_them(model):
    vectors = Codes(model.prior)(ops.convert_to_tensor(draw(4000, PLACES)))
    codes, logits = map(numpy, model.prior(vectors)[1:])
    chances = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    # Of 4000, by the chances of each own past: a deviation of 0.008 at most.
    np.testing.assert_allclose(codes.mean(axis=0), chances.mean(axis=0), atol=0.03)
    assert chances.mean(axis=0).std() > 0.05


def test_the_latent_of_an_image_makes_its_codes_again(model):
    images = np.random.default_rng(3).uniform(-1, 1, (6, 16, 16, 1)).astype("float32")
    encodings = numpy(model.ema_encoder(images))[:, :LENGTH]
    vectors = numpy(model.ema_prior(encodings)[0])
    latents = model.make_encoder(model.ema_networks())(images)
    assert latents.shape == (6, PLACES)
    again = numpy(model.ema_generator.get_layer("codes")(latents))
    np.testing.assert_allclose(again, vectors, atol=1e-6)
    direct = (numpy(model.ema_networks()["generator"](vectors)) + 1) * 127.5
    assert np.abs(model.reconstruct(images) - direct).max() < 0.51


def test_what_is_minimised_is_the_papers_equation(model):
    images = np.random.default_rng(4).uniform(-1, 1, (5, 16, 16, 1)).astype("float32")
    logs = model.train_on_batch(images, return_dict=True)
    encodings = numpy(model.encoder(images))[:, :LENGTH]
    vectors, codes, logits = map(numpy, model.prior(encodings))
    chances = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    nats = -np.log((chances * codes).sum(axis=-1)).sum(axis=-1).mean()
    apart = ((encodings - vectors) ** 2).sum(axis=-1).mean()
    assert logs["prior_nats"] == pytest.approx(nats, rel=1e-4)
    assert logs["quantization"] == pytest.approx(1.25 * apart, rel=1e-4)
    white = (images + 1) / 2
    made = (numpy(model.generator(vectors)) * (1 - 1e-4) + 1) / 2
    cross = -(white * np.log(made) + (1 - white) * np.log(1 - made)).sum() / 5
    assert logs["reconstruction"] == pytest.approx(cross, rel=1e-4)
    bits = (cross + nats) / np.log(2) / 256
    assert logs["bits_per_dimension"] == pytest.approx(bits, rel=1e-4)
    used = codes.mean(axis=0)
    entropy = -(used * np.log(np.maximum(used, 1e-30))).sum(axis=-1)
    assert logs["perplexity"] == pytest.approx(np.exp(entropy).mean(), rel=1e-4)


def test_each_gradient_goes_where_the_paper_sends_it(model, differentiate):
    """The encoder's is that of the generator at the vectors, and the commitment's pull."""
    images = draw(4, 16, 16, 1, seed=5).clip(-1, 1)
    encodings = numpy(model.encoder(images))[:, :LENGTH]
    vectors, codes, _ = map(numpy, model.prior(encodings))
    at = keras.Variable(vectors)
    wanted = ops.convert_to_tensor(images)

    def decoded():
        return ops.mean(
            model._likelihood.nats(wanted, model.generator(at.value, training=True))
        )

    _, (straight,) = differentiate(decoded, [at])
    pull = 0.25 * 2 * (encodings - vectors) / 4
    (last,) = model.encoder.outputs
    bias = last._keras_history.operation.bias  # Of the encoder's last layer.
    entries = model.prior.get_layer("codebook").vectors
    _, found = differentiate(lambda: model.coding_loss(wanted)[0], [bias, entries])
    np.testing.assert_allclose(
        found[0][:LENGTH], (straight + pull).sum(axis=0), rtol=1e-3, atol=1e-5
    )
    assert (found[0][LENGTH:] == 0).all()
    apart = (vectors - encodings).reshape(4, PLACES, 2)
    to_book = np.einsum("npk,npd->pkd", codes, 2 * apart / 4)
    np.testing.assert_allclose(found[1], to_book, rtol=1e-3, atol=1e-5)


def test_a_projection_takes_no_steps(model):
    images = np.zeros((2, 16, 16, 1), np.uint8)
    with pytest.raises(InputError, match="choose among codes, and no step improves a choice"):
        project(model.ema_generator, images, steps=1)


def test_a_condition_is_refused(model):
    with pytest.raises(InputError, match="no labels"):
        models.VQVAEModel(*model.by_role().values(), condition="labels:classes=2")

"""SeFa, style mixing and rejection, against what can be worked out by hand."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from scipy.special import expit

from ganzoo import architectures, samples
from ganzoo.directions import find_directions
from ganzoo.errors import InputError
from ganzoo.rejection import acceptance, find_gamma, keep_samples
from ganzoo.schedule import Stage
from ganzoo.style_mixing import mixed

pytestmark = pytest.mark.backends
rng = np.random.default_rng(2)


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def small(spec, resolution=8):
    return architectures.get(f"{spec}:base=8,width=8,latent_size=4")(
        Stage(resolution, 1), roles=("generator",)
    )[0]


def linear_generator(kernel):
    latents = keras.Input((kernel.shape[0],))
    dense = layers.Dense(kernel.shape[1], use_bias=False, name="first")
    generator = keras.Model(latents, layers.Reshape((2, 2, 1))(dense(latents)))
    dense.set_weights([kernel])
    return generator


def test_directions_are_eigenvectors_of_the_first_weights():
    # Singular values 0.5, 0.25 and 0.125 along known axes.
    axes = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    kernel = axes @ np.diag([0.125, 0.5, 0.25]) @ np.eye(3, 4)
    generator = linear_generator(kernel.astype("float32"))
    found = find_directions(generator, 2)
    np.testing.assert_allclose(found.eigenvalues, [0.25, 0.0625], rtol=1e-5)
    for vector, axis in zip(found.vectors, (axes[:, 1], axes[:, 2]), strict=True):
        assert abs(vector @ axis) == pytest.approx(1, abs=1e-5)
        assert vector[np.abs(vector).argmax()] > 0
    latents = rng.normal(size=(3, 3)).astype("float32")
    walks = found.walks(latents, np.array([-1.0, 0.0, 1.0]))
    assert walks.shape == (2, 3, 3, 2, 2, 1) and walks.dtype == np.uint8
    np.testing.assert_array_equal(walks[0, :, 1], samples.generate(generator, latents))
    spread = (latents @ found.vectors[0]).std()
    moved = latents + spread * found.vectors[0].astype("float32")
    np.testing.assert_allclose(
        walks[0, :, 2].astype(int), samples.generate(generator, moved).astype(int), atol=1
    )


@pytest.mark.parametrize("spec", ["progressive-dcgan", "mlp", "stylegan2"])
def test_directions_of_a_family_change_its_images(spec):
    found = find_directions(small(spec), 3)
    latents = rng.normal(size=(2, 4)).astype("float32")
    walks = found.walks(latents, np.array([0.0, 4.0]))
    np.testing.assert_array_equal(walks[0, :, 0], samples.generate(found.generator, latents))
    assert np.abs(walks[0, :, 0].astype(int) - walks[0, :, 1]).max() > 0
    assert (np.diff(found.eigenvalues) <= 0).all()
    np.testing.assert_allclose(found.vectors @ found.vectors.T, np.eye(3), atol=1e-9)


def test_mixed_styles_are_those_of_both_latents():
    generator = small("stylegan2", 16)
    one, other = rng.normal(size=(2, 3, 4)).astype("float32")
    model = mixed(generator, 8)
    same = numpy(model(np.concatenate([one, one], axis=1)))
    np.testing.assert_allclose(same, numpy(generator(one)), atol=1e-5)
    both = numpy(model(np.concatenate([one, other], axis=1)))
    swapped = numpy(model(np.concatenate([other, one], axis=1)))
    for made in (numpy(generator(one)), numpy(generator(other)), swapped):
        assert np.abs(both - made).max() > 1e-4
    with pytest.raises(InputError, match="above 4 and up to 8"):
        mixed(generator, 4)
    with pytest.raises(InputError, match="has none"):
        mixed(small("mlp"), 8)


def test_acceptance_is_the_papers():
    logits, largest, gamma = np.array([-3.0, -1.0, 0.5]), 0.7, 0.4
    p = np.exp(logits - largest - 1e-8)
    expected = expit(logits - largest - np.log(1 - p) - gamma)
    np.testing.assert_allclose(acceptance(logits, largest, gamma), expected, rtol=1e-9)
    logits = rng.normal(size=400)
    for share in (0.05, 0.5, 0.9):
        found = acceptance(logits, logits.max(), find_gamma(logits, share))
        assert found.mean() == pytest.approx(share, abs=1e-6)
        assert (np.diff(found[np.argsort(logits)]) >= 0).all()
    with pytest.raises(InputError, match="or more, and below 1"):
        find_gamma(logits, 1)


def test_what_the_discriminator_prefers_is_kept():
    generator = linear_generator(np.full((2, 4), 0.2, "float32"))
    image = keras.Input((2, 2, 1))
    score = layers.Dense(1, name="score")
    discriminator = keras.Model(image, score(layers.Flatten()(image)))
    score.set_weights([np.full((4, 1), 10.0), np.zeros(1)])  # It likes white.
    kept = keep_samples(generator, discriminator, 40, 0.2, seed=1)
    again = keep_samples(generator, discriminator, 40, 0.2, seed=1)
    assert kept.latents.tobytes() == again.latents.tobytes() and kept.drawn == again.drawn
    np.testing.assert_array_equal(kept.images, samples.generate(generator, kept.latents))
    plain = samples.generate(generator, samples.draw_latents(1, "generate", 400, 2))
    assert kept.images.mean() > plain.mean() + 10
    assert 40 / 0.2 / 3 < kept.drawn < 3 * 40 / 0.2

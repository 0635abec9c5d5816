"""Spectral normalization is NumPy's singular value, on every backend."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganzoo import architectures
from ganzoo.architectures.spectral import SpectralNormalization
from ganzoo.architectures.strided import HalvingConv2D
from ganzoo.models.gan import GANModel
from ganzoo.schedule import Stage

pytestmark = pytest.mark.backends


def numpy(x):
    return np.array(ops.convert_to_numpy(x))


def dense(features=4, inputs=6):
    layer = SpectralNormalization(layers.Dense(features, use_bias=False))
    layer.build((None, inputs))
    rng = np.random.default_rng(0)
    layer.layer.kernel.assign(rng.normal(size=(inputs, features)).astype("float32"))
    layer.bias.assign(rng.normal(size=features).astype("float32"))
    return layer


def test_the_kernel_is_divided_by_its_largest_singular_value():
    layer = dense()
    for _ in range(200):
        layer.after_update()
    w, b = numpy(layer.layer.kernel), numpy(layer.bias)
    x = np.random.default_rng(1).normal(size=(5, 6)).astype("float32")
    expected = x @ w / np.linalg.svd(w)[1][0] + b
    np.testing.assert_allclose(numpy(layer(x)), expected, rtol=0, atol=1e-5)


def test_one_update_is_one_step_of_the_power_iteration():
    layer = dense()
    w, u = numpy(layer.layer.kernel), numpy(layer.u)
    assert np.linalg.norm(u) == pytest.approx(1, abs=1e-6)
    layer(np.ones((2, 6), "float32"), training=True)
    np.testing.assert_array_equal(numpy(layer.u), u)
    layer.after_update()
    expected = w.T @ w @ u
    expected /= np.linalg.norm(expected)
    np.testing.assert_allclose(numpy(layer.u), expected, rtol=0, atol=1e-6)


def test_the_gradient_goes_through_the_singular_value(differentiate):
    layer = dense()
    rng = np.random.default_rng(2)
    x, c = (rng.normal(size=shape).astype("float32") for shape in ((3, 6), (3, 4)))
    given = ops.convert_to_tensor(c)
    w, u = numpy(layer.layer.kernel), numpy(layer.u)
    _, (gradient,) = differentiate(lambda: ops.sum(layer(x) * given), [layer.layer.kernel])
    # Of sum(c * x W) / s with s = v^T W u, where v is the unit vector along W u.
    s = np.linalg.norm(w @ u)
    v = w @ u / s
    expected = x.T @ c / s - np.sum(c * (x @ w)) / s**2 * (v @ u.T)
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    "inner",
    [
        layers.Conv2D(5, 3, use_bias=False, data_format="channels_last"),
        HalvingConv2D(5, use_bias=False),
    ],
)
def test_of_a_convolution_the_last_axis_of_the_kernel_are_the_columns(inner):
    layer = SpectralNormalization(inner)
    x = np.random.default_rng(3).normal(size=(2, 8, 8, 3)).astype("float32")
    divided = numpy(layer(x))
    w = numpy(inner.kernel).reshape(-1, 5)
    sigma = np.linalg.norm(w @ numpy(layer.u))
    np.testing.assert_allclose(divided * sigma, numpy(inner(x)), rtol=0, atol=1e-5)
    loaded = SpectralNormalization.from_config(layer.get_config())
    assert type(loaded.layer) is type(inner) and loaded(x).shape == divided.shape


def spectral(precision="float32"):
    family = architectures.get(
        "progressive-dcgan:base=8,width=4,latent_size=4,discriminator_normalization=spectral",
        {"precision": precision},
    )
    family(Stage(8, 1))
    return family(Stage(16, 1, fade=0.5))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_each_kernel_of_a_discriminator_is_divided_and_u_moves_once_a_step(precision):
    generator, discriminator, fade = spectral(precision)
    kinds = [type(layer) for layer in discriminator.layers]
    assert not {layers.Dense, layers.Conv2D, HalvingConv2D} & set(kinds)
    found = [
        layer for layer in discriminator.layers if isinstance(layer, SpectralNormalization)
    ]
    assert len(found) >= 5
    model = GANModel(generator, discriminator, "hinge", ["r1:gamma=0.1"], fade=fade)
    model.compile(keras.optimizers.SGD(0.01), keras.optimizers.SGD(0.01))
    before = [numpy(layer.u) for layer in found]
    images = np.random.default_rng(4).uniform(-1, 1, (8, 16, 16, 1)).astype("float32")
    model.fit(images, batch_size=8, verbose=0)
    for layer, u in zip(found, before, strict=True):
        w = numpy(layer.layer.kernel)
        w = w.reshape(-1, w.shape[-1])
        expected = w.T @ w @ u
        expected /= np.linalg.norm(expected)
        np.testing.assert_allclose(numpy(layer.u), expected, rtol=0, atol=1e-5)
    assert np.isfinite(numpy(model.score(images))).all()

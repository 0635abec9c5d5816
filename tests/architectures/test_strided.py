"""The strided layers are Keras's convolutions, whatever form a backend gives them."""

import itertools

import keras
import numpy as np
import pytest
from keras import layers, ops

from ganzoo import backend
from ganzoo.architectures.strided import DoublingConv2D, HalvingConv2D, ResizingConv2D
from ganzoo.training.cost import layer_costs

pytestmark = pytest.mark.backends
PLAIN = {"padding": "same", "data_format": "channels_last"}
PAIRS = {
    "halving": lambda f: (HalvingConv2D(f), layers.Conv2D(f, 4, 2, **PLAIN)),
    "doubling": lambda f: (DoublingConv2D(f), layers.Conv2DTranspose(f, 4, 2, **PLAIN)),
    "resizing": lambda f: (ResizingConv2D(f), resized_and_convolved(f)),
}
SPREAD = {"resizing": 0.02}  # Of its weights, so that its slopes are as large as the others'.
FEATURES = [(3, 5), (9, 10)]  # Of images and layer: backends have forms for few and for many.
CASES = [
    *itertools.product(PAIRS, FEATURES, [(6, 10)]),  # An even size, one half of which is odd.
    *itertools.product(["halving"], FEATURES, [(7, 10), (6, 9)]),
]


def resized_and_convolved(filters):
    resize = layers.UpSampling2D(2, data_format="channels_last")
    return keras.Sequential([resize, layers.Conv2D(filters, 3, **PLAIN)])


def numpy(x):
    return np.array(ops.convert_to_numpy(ops.stop_gradient(x)))


@pytest.fixture(params=CASES, ids=str)
def pair(request):
    """A strided layer and Keras's, with the same weights, and images."""
    kind, (channels, filters), size = request.param
    images = np.random.default_rng(1).normal(size=(2, *size, channels)).astype("float32")
    spread = SPREAD.get(kind, 1.0)
    found = []
    for layer in PAIRS[kind](filters):
        layer.build(images.shape)
        rng = np.random.default_rng(2)
        layer.set_weights(
            [rng.normal(0, spread, w.shape).astype("float32") for w in layer.weights]
        )
        found.append(layer)
    return *found, ops.convert_to_tensor(images)


def test_the_output_is_that_of_keras_s_layer(pair):
    ours, plain, images = pair
    assert tuple(ours.compute_output_shape(images.shape)) == tuple(plain(images).shape)
    np.testing.assert_allclose(numpy(ours(images)), numpy(plain(images)), rtol=0, atol=2e-5)


def test_so_are_the_gradients_of_a_squared_slope(pair, differentiate):
    *both, images = pair

    def squared_gradient(layer):
        _, gradient = backend.with_input_gradient(lambda x: ops.tanh(layer(x) / 8), images)
        return ops.sum(ops.square(gradient())) + 0 * ops.sum(layer.trainable_variables[-1])

    (one, ours), (other, plain) = (
        differentiate(lambda layer=layer: squared_gradient(layer), layer.trainable_variables)
        for layer in both
    )
    assert np.abs(plain[0]).max() > 1
    np.testing.assert_allclose(one, other, rtol=1e-5)
    for found, expected in zip(ours, plain, strict=True):
        atol = min(1e-4, 1e-5 * np.abs(expected).max())
        np.testing.assert_allclose(found, expected, rtol=0, atol=atol)


@pytest.mark.parametrize(
    ("layer", "kernel", "strides"),
    [(HalvingConv2D, 4, 2), (DoublingConv2D, 4, 2), (ResizingConv2D, 3, 1)],
)
def test_a_config_gives_an_equal_layer(layer, kernel, strides):
    config = layer(7, use_bias=False, name="up").get_config()
    again = layer.from_config(config)
    assert again.get_config() == config
    assert (again.kernel_size, again.strides) == ((kernel,) * 2, (strides,) * 2)
    assert again.filters == 7


def test_a_resizing_layer_takes_what_a_doubling_one_takes():
    network = keras.Sequential([keras.Input((6, 10, 3)), DoublingConv2D(3), ResizingConv2D(3)])
    first, second = layer_costs(network)
    assert first.flops == 2 * 60 * 16 * 9
    assert second.flops == 4 * first.flops


def test_an_even_surface_stays_even():
    layer = ResizingConv2D(4, kernel_initializer="normal")
    inner = numpy(layer(ops.ones((1, 8, 8, 3))))[0, 2:-2, 2:-2]
    assert np.abs(inner).max() > 0.01
    np.testing.assert_allclose(inner, np.broadcast_to(inner[0, 0], inner.shape), atol=1e-6)


def test_without_a_bias_nothing_is_added():
    layer = DoublingConv2D(2, use_bias=False)
    assert np.abs(numpy(layer(ops.zeros((1, 3, 3, 2))))).max() == 0
    assert len(layer.weights) == 1


@pytest.mark.parametrize("kind", [DoublingConv2D, ResizingConv2D])
def test_images_may_be_of_any_size(kind):
    halve, double = HalvingConv2D(2), kind(1)
    network = keras.Sequential([keras.Input((None, None, 1)), halve, double])
    images = np.random.default_rng(4).normal(size=(2, 6, 10, 1)).astype("float32")
    found = network.predict(images, verbose=0)
    np.testing.assert_allclose(found, numpy(double(halve(images))), rtol=0, atol=1e-6)


def test_layers_of_a_saved_network_are_found_again(tmp_path):
    network = keras.Sequential([keras.Input((8, 8, 1)), HalvingConv2D(2), DoublingConv2D(2)])
    network.add(ResizingConv2D(1))
    network.save(tmp_path / "network.keras")
    images = ops.ones((1, 8, 8, 1))
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(numpy(loaded(images)), numpy(network(images)))

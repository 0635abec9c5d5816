"""The networks that `benchmarks/peers.py` has in PyTorch are the default ones."""

import runpy
from pathlib import Path

import numpy as np
import pytest
from keras import ops

from ganzoo import architectures, backend
from ganzoo.schedule import Stage

pytestmark = [
    pytest.mark.backends("torch"),
    pytest.mark.skipif(backend.name != "torch", reason="This backend does not load PyTorch."),
]
PATH = Path(__file__).parents[2] / "benchmarks" / "workers" / "torch_networks.py"


def channels_first(array, axis):
    """The same pixels, where `axis` holds 7 x 7 of them with the channels last."""
    before, after = array.shape[:axis], array.shape[axis + 1 :]
    pixels = array.reshape(*before, 7, 7, -1, *after)
    return np.moveaxis(pixels, axis + 2, axis).reshape(array.shape)


def give(module, weights):
    """Set the weights of a PyTorch module from those of the Keras model."""
    import torch

    for (name, parameter), array in zip(module.named_parameters(), weights, strict=True):
        if name.startswith("first."):  # G's dense layer that makes pixels.
            array = channels_first(array, array.ndim - 1)
        if name == "hidden.weight":  # D's that reads them.
            array = channels_first(array, 0)
        order = (3, 2, 0, 1) if array.ndim == 4 else range(array.ndim)[::-1]
        parameter.data = torch.from_numpy(array.transpose(order).copy())


@pytest.mark.parametrize("px", [28, 56])
def test_equal_weights_give_equal_images_and_scores(px):
    import torch

    by_hand = runpy.run_path(str(PATH))
    make_generator, make_discriminator = by_hand["Generator"], by_hand["Discriminator"]
    generator, discriminator, _ = architectures.get("progressive-dcgan")(Stage(px, 1))
    rng = np.random.default_rng(2)
    pairs = (generator, make_generator(px)), (discriminator, make_discriminator(px))
    for network, module in pairs:
        # Near their start, but with biases.
        shaken = [w + 0.05 * rng.standard_normal(w.shape) for w in network.get_weights()]
        network.set_weights(shaken)
        give(module, network.get_weights())
    x = rng.standard_normal((6, 192)).astype("float32")
    for network, module in pairs:
        with torch.no_grad():
            found = module(torch.from_numpy(x)).numpy()
        expected = ops.convert_to_numpy(network(np.moveaxis(x, 1, -1) if x.ndim > 2 else x))
        assert expected.std(axis=0).min() > 1e-3  # Each sample has its own.
        np.testing.assert_allclose(np.moveaxis(found, 1, -1), expected, rtol=1e-4, atol=1e-5)
        x = found

"""Every loss trains the default architecture, at 8 px, as long as it takes to see NaN."""

import keras
import numpy as np
import pytest

from ganzoo import architectures, backend, losses
from ganzoo.models.gan import GANModel
from ganzoo.schedule import Stage

pytestmark = [
    pytest.mark.backends("torch"),
    pytest.mark.skipif(backend.name != "torch", reason="Elsewhere each would be compiled."),
]

STEPS = 20


@pytest.mark.parametrize("name", list(losses.registry))
def test_both_networks_of_the_default_architecture_move_and_stay_finite(name):
    family = "autoencoder" if losses.get(name).autoencoder else "progressive-dcgan"
    networks = architectures.get(f"{family}:base=8,width=4,latent_size=8")
    generator, discriminator, _ = networks(Stage(8, 1))
    model = GANModel(generator, discriminator, name)
    model.compile(*(keras.optimizers.Adam(1e-3, beta_1=0.0) for _ in range(2)))
    images = np.random.default_rng(0).integers(0, 256, (STEPS * 8, 8, 8, 1), np.uint8)
    before = [network.get_weights() for network in (generator, discriminator)]
    figures = model.fit(images, batch_size=8, verbose=0).history
    assert all(np.isfinite(values).all() for values in figures.values())
    assert int(model.iteration.value) == STEPS
    for network, weights in zip((generator, discriminator), before, strict=True):
        after = network.get_weights()
        assert all(np.isfinite(weight).all() for weight in after)
        moved = [np.abs(a - b).max() for a, b in zip(after, weights, strict=True)]
        # Adam moves a weight by up to 0.001 a step; into the box of a clipped critic it is far.
        clipped = network is discriminator and model.loss.constraint is not None
        assert 0.002 < max(moved) < (1.0 if clipped else 0.1)

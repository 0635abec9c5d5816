"""What is asked of networks that Keras made."""

import numpy as np
from keras import ops

from ganzoo import architectures
from ganzoo.networks import Features
from ganzoo.schedule import Stage


def test_features_of_a_grown_network_are_what_its_score_is_made_of():
    architecture = architectures.get("progressive-dcgan:width=4,base=8,latent_size=4")
    architecture(Stage(8, kimg=1))  # The same layers, in a network of another size.
    _, discriminator, fade = architecture(Stage(16, kimg=1, fade=0.5))
    fade.advance(200)
    images = np.random.default_rng(0).uniform(-1, 1, (4, 16, 16, 1)).astype("float32")
    features = ops.convert_to_numpy(Features(discriminator)(images))
    kernel, bias = discriminator.get_layer("d_score").get_weights()
    scores = ops.convert_to_numpy(discriminator(images, training=True))
    np.testing.assert_allclose(features @ kernel + bias, scores, atol=1e-5)

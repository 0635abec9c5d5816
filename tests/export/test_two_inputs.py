"""A generator that can be asked for a class has two inputs in every format."""

import keras
import numpy as np
import pytest
from keras import layers

from ganzoo import export as formats
from ganzoo.conditions.layers import Embedding
from ganzoo.errors import RunError
from ganzoo.export.check import check

pytestmark = pytest.mark.backends("tensorflow")

CLASSES = 3


def conditional(scale=1.0):
    latents = keras.Input((2,), name="latents")
    labels = keras.Input((), dtype="int32", name="labels")
    vector = Embedding(CLASSES, 4, name="g_class")(labels)
    x = layers.Concatenate()([latents, layers.Rescaling(scale)(vector)])
    x = layers.Dense(16, activation="tanh", kernel_initializer="glorot_uniform")(x)
    return keras.Model([latents, labels], layers.Reshape((4, 4, 1))(x))


@pytest.mark.parametrize("name", ["g.onnx", "g.tflite", "saved", "g.keras"])
def test_every_format_plays_latents_and_labels(tmp_path, name):
    form = formats.find(tmp_path / name)
    if not form.playable or form.backend not in (None, keras.backend.backend()):
        pytest.skip(f"no {form.runtime} here")
    generator, path = conditional(), tmp_path / name
    form.write(generator, path, {"classes": ["a", "b", "c"]})
    assert check(form, path, generator) <= 1
    latents = np.zeros((2, 2), np.float32)
    images = form.play(path, {"latents": latents, "labels": np.array([0, 2], np.int32)})
    assert images.shape == (2, 4, 4, 1) and np.abs(images[0] - images[1]).max() > 1e-3
    # The same weights, with labels that do more: the check looks at them.
    other = conditional(scale=30.0)
    other.set_weights(generator.get_weights())
    with pytest.raises(RunError, match="other images than ganzoo"):
        check(form, path, other)

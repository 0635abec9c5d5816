"""The feature network: a few convolutions, 64 features, two heads.

    image -> stride-2 convolutions down to 4 x 4 -> Dense 64, the features
    features -> leaky ReLU -> logits of the classes and of "none of them"
    features -> linear thumbnail of the image

The first head makes features tell classes apart; the second keeps in them how each
image stands and is bent, without which all images of a class would fall together and
copies could not be told from likenesses. Sets without classes have the second alone.
"""

import keras
import numpy as np
from keras import layers

from ganzoo import seeds

FEATURES = 64
KERAS = {"data_format": "channels_last", "dtype": "float32"}  # Whatever keras.json says.
WIDTHS = (16, 32, 64)  # Of the first convolutions; later ones are as wide as the last.
SMALLEST = 4  # Convolutions stop at maps of this side or less.
THUMBNAIL = 16  # The thumbnail's side is the resolution halved until it is at most this.


def build(resolution: int, channels: int, classes: int) -> keras.Model:
    """The network for images float32 [N, resolution, resolution, channels] in 0 to 1.

    Args:
        resolution: Height and width of images, 4 or more.
        channels: 1 or 3.
        classes: Number of classes; 0 leaves the first head out.

    Returns:
        A model whose outputs are by name: `features` [N, 64], `thumbnail`
        [N, t, t, channels] and, with classes, `logits` [N, classes + 1], the last of
        them for "none of them". Float32 under any global policy; weights are drawn by
        NumPy, equal on every backend.
    """
    image = keras.Input((resolution, resolution, channels), name="image")
    x = image
    for index in range(_depth(resolution)):
        width = WIDTHS[min(index, len(WIDTHS) - 1)]
        size = 5 if index == 0 else 3
        convolution = layers.Conv2D(width, size, 2, "same", name=f"conv{index}", **KERAS)
        x = convolution(x)
        x = layers.LeakyReLU(0.2, name=f"active{index}", dtype="float32")(x)
    x = layers.Flatten(name="flat", **KERAS)(x)
    features = layers.Dense(FEATURES, name="features", dtype="float32")(x)
    outputs = {"features": features, "thumbnail": _thumbnail(features, resolution, channels)}
    if classes:
        active = layers.LeakyReLU(0.2, name="active", dtype="float32")(features)
        head = layers.Dense(classes + 1, name="logits", dtype="float32")
        outputs["logits"] = head(active)
    model = keras.Model(image, outputs, name="features")
    model.set_weights(_initial(model))
    return model


def _thumbnail(features, resolution: int, channels: int):
    side = thumbnail_side(resolution)
    flat = layers.Dense(side * side * channels, name="pixels", dtype="float32")(features)
    return layers.Reshape((side, side, channels), name="thumbnail", dtype="float32")(flat)


def thumbnail_side(resolution: int) -> int:
    """The resolution, halved while that is exact and it is larger than 16."""
    side = resolution
    while side > THUMBNAIL and side % 2 == 0:
        side //= 2
    return side


def _depth(resolution: int) -> int:
    depth = 0
    while resolution > SMALLEST:
        resolution = -(-resolution // 2)
        depth += 1
    return depth


def _initial(model: keras.Model) -> list[np.ndarray]:
    """He et al., arXiv:1502.01852, equation 10: normal with variance 2 / fan-in."""
    weights = []
    for index, variable in enumerate(model.weights):
        if len(variable.shape) == 1:
            weights.append(np.zeros(variable.shape, np.float32))
            continue
        normal = seeds.rng(0, "feature network", index).standard_normal(variable.shape)
        fan_in = np.prod(variable.shape[:-1])
        weights.append((normal * np.sqrt(2.0 / fan_in)).astype(np.float32))
    return weights

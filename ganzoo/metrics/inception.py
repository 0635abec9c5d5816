"""Features of photographs: Inception v3, learnt on ImageNet, by `keras.applications`."""

import hashlib
from functools import cached_property
from pathlib import Path

import keras
import numpy as np

from ganzoo.errors import InputError
from ganzoo.metrics.resize import network_batches

RESOLUTION = 299
AT_ONCE = 32  # Images in a call of the network.
FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"


class Inception:
    """The 2,048 pooled features of Inception v3 (Szegedy et al., arXiv:1512.00567).

    For sets that resemble photographs and have no classes to fit a network to. Keras's
    weights are not those of the network that published FIDs were made with, so that
    what comes of them is called a Frechet distance here as well. About 0.1 s an image
    on a CPU core.

    Args:
        weights: `"imagenet"`, downloaded once by Keras and checked, or the path of a
            file of the same weights.

    Raises:
        InputError: If the weights cannot be had.
    """

    kind = "inception"
    classes: tuple[str, ...] = ()
    resolution = RESOLUTION
    max_images = 5000  # Training images among which copies are looked for.

    def __init__(self, weights: str | Path = "imagenet"):
        self.weights = str(weights)
        try:
            self.model = keras.applications.InceptionV3(
                include_top=False,
                weights=self.weights,
                pooling="avg",
                input_shape=(RESOLUTION, RESOLUTION, 3),
            )
        except Exception as error:  # Keras raises plain ones where a download fails.
            raise InputError(
                f"The weights of Inception v3 ({self.weights}) cannot be had: "
                f"{' '.join(str(error).split())}. Put {FILE} into models/ of ~/.keras (or of "
                "KERAS_HOME), or leave --features out: a network is then fitted to the set."
            ) from error

    @cached_property
    def sha256(self) -> str:
        """Checksum of all weights in their order, in hexadecimal."""
        digest = hashlib.sha256()
        for array in self.model.get_weights():
            digest.update(f"{array.dtype.str} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    def of(self, images: np.ndarray) -> tuple[np.ndarray, None]:
        """Features of images; there are no probabilities of classes.

        Args:
            images: uint8 [N, S, S, C]; brought to 299 pixels and three channels.

        Returns:
            Features float64 [N, 2048], and `None`.

        Raises:
            InputError: If `images` are not such an array.
        """
        parts = []
        for piece, count in network_batches(images, RESOLUTION, 3, AT_ONCE):
            made = self.model.predict_on_batch(piece / np.float32(127.5) - 1)
            parts.append(np.asarray(made)[:count])
        return np.concatenate(parts).astype(float), None

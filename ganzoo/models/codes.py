"""From latents to an encoder's codes and back: choices that a prior makes, place by place."""

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from ganzoo.networks import node_of

EDGE = 1e-6  # Quantiles nearer to 0 or 1 have no normal number in float32.


@keras.saving.register_keras_serializable("ganzoo")
class Codes(keras.layers.Layer):
    """Latents [N, P] to vectors of a codebook [N, L]: a number is the quantile of a choice.

    Place by place the prior says how likely each code is, and the one at the quantile of a
    normal number is taken (inverse transform sampling). So normal latents give codes as likely
    as the prior has them, and codes are a function of their latent.

    Args:
        prior: The prior's network, whose first output is a codebook's.
    """

    def __init__(self, prior: keras.Model, **kwargs: Any):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.prior = prior
        book = node_of(prior.outputs[0])  # The networks of other stages share the layer.
        self.book = book.operation
        self.follow = keras.Model(book.outputs[1], prior.outputs[2])  # Vectors to logits.
        self.built = True

    @property
    def places(self) -> int:
        """Numbers of a latent."""
        return int(self.book.places)

    def call(self, latents: Any) -> Any:
        quantiles = ops.clip(0.5 * (1.0 + ops.erf(latents / math.sqrt(2.0))), EDGE, 1.0 - EDGE)
        last = self.book.entries - 1.0
        codes = ops.zeros((ops.shape(latents)[0], self.places, self.book.entries))
        for place in range(self.places):
            logits = self.follow(self.book.read(codes))[:, place]
            upper = ops.cumsum(ops.softmax(logits), axis=-1)
            below = ops.cast(upper < quantiles[:, place, None], "float32")
            choice = ops.cast(ops.minimum(ops.sum(below, axis=-1), last), "int32")
            here = np.eye(self.places, dtype="float32")[place, :, None]
            chosen = ops.one_hot(choice, self.book.entries, dtype="float32")
            codes = codes + chosen[:, None] * ops.convert_to_tensor(here)
        return self.book.read(codes)

    def compute_output_shape(self, shape: Any) -> Any:
        return (shape[0], self.prior.input_shape[1])

    def get_config(self) -> dict[str, Any]:
        prior = keras.saving.serialize_keras_object(self.prior)
        return super().get_config() | {"prior": prior}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Codes":
        prior: Any = keras.saving.deserialize_keras_object(config["prior"])
        return cls(**config | {"prior": prior})


@keras.saving.register_keras_serializable("ganzoo")
class Quantiles(keras.layers.Layer):
    """The way back: codes [N, P, K] and their logits to latents [N, P].

    A latent is in the middle of those that `Codes` makes this choice of. Choices of a chance
    below about one in a million are lost, since no float32 number stands for them.
    """

    def call(self, codes: Any, logits: Any) -> Any:
        chances = ops.softmax(ops.cast(logits, "float32"))
        own = ops.sum(chances * codes, axis=-1)
        upper = ops.sum(ops.cumsum(chances, axis=-1) * codes, axis=-1)
        quantiles = ops.clip(upper - 0.5 * own, EDGE, 1.0 - EDGE)
        return math.sqrt(2.0) * ops.erfinv(2.0 * quantiles - 1.0)

    def compute_output_shape(self, codes_shape: Any, logits_shape: Any) -> Any:
        return codes_shape[:-1]

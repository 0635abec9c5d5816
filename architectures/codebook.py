"""Layers of a prior over codes: a codebook for each place, and dense layers that look back."""

import keras
import numpy as np
from keras import layers, ops

HALF_LIFE = 1000.0  # Of an entry's share of choices, in images.
DEAD = 0.1  # The share of a fair one below which an entry begins again.


@keras.saving.register_keras_serializable("ganzoo")
class Codebook(layers.Layer):
    """The entries nearest to an encoder's output, place by place: [N, L] to three tensors.

    van den Oord et al., arXiv:1711.00937, equation 1. The L numbers are `places` vectors one
    after the other, and each place has `entries` vectors of its own to choose from.

    It gives the chosen vectors [N, L], with a gradient by the entries alone; the same without
    a gradient; and the codes, one-hot float32 [N, places, entries].

    Args:
        places: Vectors of an image.
        entries: Vectors to choose from at each place.
        initializer: Of the entries.

    Attributes:
        vectors: The entries, float32 [places, entries, L / places].
        usage: Share of the last images that chose each entry, float32 [places, entries].
    """

    def __init__(self, places, entries, initializer="random_normal", **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.places = places
        self.entries = entries
        self.initializer = keras.initializers.get(initializer)

    def build(self, shape):
        self.length = shape[-1] // self.places
        self.vectors = self.add_weight(
            shape=(self.places, self.entries, self.length),
            initializer=self.initializer,
            name="vectors",
        )
        self.usage = self.add_weight(
            shape=(self.places, self.entries),
            initializer=keras.initializers.Constant(1 / self.entries),
            trainable=False,
            name="usage",
        )

    def call(self, encodings):
        apart = ops.sum(ops.square(self._parts(encodings)[:, :, None] - self.vectors), axis=-1)
        codes = ops.one_hot(ops.argmin(apart, axis=-1), self.entries, dtype="float32")
        quantized = self.read(codes)
        return quantized, ops.stop_gradient(quantized), codes

    def read(self, codes):
        """The vectors [N, L] of codes [N, places, entries]."""
        vectors = ops.einsum("npk,pkd->npd", codes, self.vectors)
        return ops.reshape(vectors, (-1, self.places * self.length))

    def restart(self, encodings, codes, seed):
        """Put entries that hardly any image chooses where the encoder puts one.

        Dhariwal et al., arXiv:2005.00341, section 3.1. An entry's share of choices is averaged
        with a half-life of `HALF_LIFE` images.

        Args:
            encodings: The encoder's output of a batch, [N, L].
            codes: What was chosen for it, [N, places, entries].
            seed: Of the choice of an image for each entry.
        """
        n = ops.shape(encodings)[0]
        keep = ops.power(0.5, ops.cast(n, "float32") / HALF_LIFE)
        usage = keep * self.usage + (1.0 - keep) * ops.mean(codes, axis=0)
        dead = usage < DEAD / self.entries
        drawn = keras.random.uniform((self.places, self.entries), seed=seed)
        rows = ops.cast(ops.floor(drawn * ops.cast(n, "float32")), "int32")
        rows = ops.repeat(ops.minimum(rows, n - 1)[:, :, None], self.length, axis=2)
        parts = ops.transpose(self._parts(encodings), (1, 0, 2))
        found = ops.take_along_axis(parts, rows, axis=1)
        vectors = ops.convert_to_tensor(self.vectors)
        self.vectors.assign(ops.where(dead[:, :, None], found, vectors))
        self.usage.assign(ops.where(dead, 1 / self.entries, usage))

    def _parts(self, encodings):
        return ops.reshape(encodings, (-1, self.places, self.length))

    def compute_output_shape(self, shape):
        return shape, shape, (shape[0], self.places, self.entries)

    def get_config(self):
        return super().get_config() | {
            "places": self.places,
            "entries": self.entries,
            "initializer": keras.initializers.serialize(self.initializer),
        }


@keras.saving.register_keras_serializable("ganzoo")
class CausalDense(layers.Dense):
    """A dense layer in which a place sees itself and those before it, or only the latter.

    Germain et al., arXiv:1502.03509. Each place has as many numbers as the others.

    Args:
        units: Numbers that it gives, a multiple of `places`.
        places: Places, one after the other.
        itself: Whether a place sees itself.
    """

    def __init__(self, units, places, itself=True, **kwargs):
        super().__init__(units, **kwargs)
        self.places = places
        self.itself = itself

    def call(self, inputs):
        before = np.triu(
            np.ones((self.places, self.places), "float32"), 0 if self.itself else 1
        )
        taken, given = (n // self.places for n in self.kernel.shape)
        mask = ops.cast(np.kron(before, np.ones((taken, given))), self.compute_dtype)
        found = ops.matmul(inputs, self.kernel * mask) + self.bias
        return found if self.activation is None else self.activation(found)

    def get_config(self):
        return super().get_config() | {"places": self.places, "itself": self.itself}

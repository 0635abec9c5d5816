"""A noise level as features for a network."""

import math

import keras
from keras import ops

LONGEST, SHORTEST = 8.0, 1 / 16  # Periods. Levels are about -2 to 2.


@keras.saving.register_keras_serializable("ganzoo")
class LevelFeatures(keras.layers.Layer):
    """Sines and cosines of a noise level: [N] to [N, 2 F].

    Vaswani et al., arXiv:1706.03762, section 3.5, with periods that suit levels of about 1.

    Args:
        frequencies: How many, F.
    """

    def __init__(self, frequencies, **kwargs):
        # Levels are not rounded to bfloat16, which has 3 digits.
        super().__init__(**{"autocast": False, **kwargs})
        self.frequencies = frequencies

    def call(self, level):
        share = ops.arange(self.frequencies, dtype="float32") / max(1, self.frequencies - 1)
        rates = 2 * math.pi / LONGEST * ops.power(LONGEST / SHORTEST, share)
        angles = ops.expand_dims(level, -1) * rates
        features = ops.concatenate([ops.cos(angles), ops.sin(angles)], axis=-1)
        return ops.cast(features, self.compute_dtype)

    def compute_output_shape(self, shape):
        return (shape[0], 2 * self.frequencies)

    def get_config(self):
        return super().get_config() | {"frequencies": self.frequencies}

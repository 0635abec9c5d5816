"""The box that the weights of a clipped critic stay in."""

import keras
from keras import ops

from ganzoo.variant import check_positive


@keras.saving.register_keras_serializable("ganzoo")
class WeightClip(keras.constraints.Constraint):
    """Clip every weight to [-limit, limit].

    Raises:
        InputError: If `limit` is not above 0.
    """

    def __init__(self, limit):
        check_positive(limit=limit)
        self.limit = limit

    def __call__(self, w):
        return ops.clip(w, -self.limit, self.limit)

    def get_config(self):
        return {"limit": self.limit}

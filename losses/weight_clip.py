"""The box that the weights of a clipped critic stay in."""

import keras
from keras import ops


@keras.saving.register_keras_serializable("ganzoo")
class WeightClip(keras.constraints.Constraint):
    """Clip every weight to [-limit, limit]."""

    def __init__(self, limit):
        if limit <= 0:
            raise ValueError(f"The clipping limit must be positive. Received: {limit}")
        self.limit = limit

    def __call__(self, w):
        return ops.clip(w, -self.limit, self.limit)

    def get_config(self):
        return {"limit": self.limit}

"""How new layers blend in when networks grow."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("ganzoo")
class Fade(keras.layers.Layer):
    """Blends an old path into a new one while images are shown.

    Karras et al., arXiv:1710.10196, figure 2. One instance serves both networks
    and the real images, so that all three always agree on alpha.

    Args:
        span: Real images shown until only the new path is left, at least 1.

    Example:
        >>> fade = Fade(span=1000)
        >>> fade.advance(250)
        >>> float(fade(ops.zeros(1), ops.ones(1))[0])
        0.25
    """

    joint_batch = True

    def __init__(self, span: float, **kwargs: Any):
        super().__init__(**kwargs)
        self.span = span
        self.seen = self.add_weight(
            shape=(), initializer="zeros", dtype="float32", trainable=False, name="seen"
        )
        self.built = True

    @property
    def alpha(self) -> Any:
        """The share of the new path, float32 scalar in [0, 1]."""
        return ops.minimum(self.seen / self.span, 1.0)

    def call(self, old: Any, new: Any) -> Any:
        # In this form both ends are exact: one path, times 1, plus 0.
        alpha = ops.cast(self.alpha, self.compute_dtype)
        return (1 - alpha) * old + alpha * new

    def compute_output_shape(self, old_shape: Any, new_shape: Any = None) -> Any:
        return old_shape

    def advance(self, images: Any) -> None:
        """Count `images` more real images."""
        self.seen.assign_add(ops.cast(images, "float32"))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"span": self.span}

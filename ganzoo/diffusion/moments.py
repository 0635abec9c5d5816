"""The mean and the deviation of training images, measured while they are shown."""

from typing import Any

import keras
from keras import ops

ENOUGH = 10_000.0  # Images after which nothing is measured any more.


@keras.saving.register_keras_serializable("ganzoo")
class Moments(keras.layers.Layer):
    """Mean and standard deviation of the pixels of the first 10 000 images.

    Before the first of them they are 0 and 0.5, sigma_data in arXiv:2206.00364.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.count = self._number("count", 0.0)
        self.mean = self._number("mean", 0.0)
        self.square = self._number("square", 0.25)
        self.built = True

    def _number(self, name: str, first: float) -> Any:
        make = keras.initializers.Constant(first)
        return self.add_weight(shape=(), initializer=make, trainable=False, name=name)

    @property
    def deviation(self) -> Any:
        """The standard deviation, at least 0.001."""
        return ops.sqrt(ops.maximum(self.square - ops.square(self.mean), 1e-6))

    def update(self, images: Any) -> None:
        """Take a batch into account, float32 [N, H, W, C]."""
        n = ops.cast(ops.shape(images)[0], "float32")
        count = ops.convert_to_tensor(self.count)
        share = ops.where(count < ENOUGH, n / (count + n), 0.0)
        self.mean.assign_add(share * (ops.mean(images) - self.mean))
        self.square.assign_add(share * (ops.mean(ops.square(images)) - self.square))
        self.count.assign_add(ops.where(count < ENOUGH, n, 0.0))
